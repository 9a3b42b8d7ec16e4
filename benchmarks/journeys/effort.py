"""What a way through pages costs a person, by a model of keystrokes and not by a clock.

Card, Moran and Newell ("The Psychology of Human-Computer Interaction", 1983) give times for
pointing, pressing and making up one's mind. A machine that is busy changes none of them, so two
versions of a page can be compared anywhere.
"""

from dataclasses import dataclass

POINT_S, PRESS_S, KEY_S, THINK_S = 1.1, 0.2, 0.28, 1.35
SCREEN_S, LOAD_S = 2.0, 1.0


@dataclass
class Effort:
    """Counts since a journey began. Words that somebody writes cost nothing: they are their own.

    `points` are clicks and touches, `keys` are presses other than words, `decisions` are what one
    thinks about before, `screens` are scrolled through and skimmed, and `loads` are waited for.
    """

    points: int = 0
    keys: int = 0
    decisions: int = 0
    screens: int = 0
    loads: int = 0

    @property
    def taps(self) -> int:
        """Return how often somebody does something: points, presses, or scrolls."""
        return self.points + self.keys + self.screens

    @property
    def seconds(self) -> float:
        """Return how long a practised person takes."""
        return (
            self.points * (POINT_S + PRESS_S)
            + self.keys * KEY_S
            + self.decisions * THINK_S
            + self.screens * SCREEN_S
            + self.loads * LOAD_S
        )
