"""How well the detectors do on labelled examples: counts, precision, recall, and what they miss."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from forum.safety import detector

TUNED, HELD_OUT = "tuned", "held_out"


@dataclass(frozen=True)
class Measured:
    """One detector on one set of examples."""

    kind: str
    examples: str
    found: int
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]
    left_alone: int

    @property
    def total(self) -> int:
        """How many examples there were."""
        return self.found + len(self.missed) + len(self.false_alarms) + self.left_alone

    @property
    def precision(self) -> float:
        """Of what it noticed, the share that it should have; 0 when it noticed nothing."""
        noticed = self.found + len(self.false_alarms)
        return self.found / noticed if noticed else 0.0

    @property
    def recall(self) -> float:
        """Of what it should have noticed, the share that it did; 0 when there was nothing."""
        wanted = self.found + len(self.missed)
        return self.found / wanted if wanted else 0.0


@cache
def measured(known_numbers: frozenset[str] = frozenset()) -> tuple[Measured, ...]:
    """Return every detector on the examples that it was tuned on, and on those held out."""
    return tuple(
        _measure(kind, examples, known_numbers)
        for kind in (detector.SELF_HARM, *detector.PERSONAL_DETAILS)
        for examples in (TUNED, HELD_OUT)
    )


def _measure(kind: str, examples: str, known_numbers: frozenset[str]) -> Measured:
    file = detector.DATA / "evaluation" / f"{examples}.toml"
    labelled = tomllib.loads(file.read_text(encoding="utf-8"))[kind]
    notices = _notices(kind, known_numbers)
    missed = tuple(text for text in labelled["yes"] if not notices(text))
    false_alarms = tuple(text for text in labelled["no"] if notices(text))
    return Measured(
        kind,
        examples,
        found=len(labelled["yes"]) - len(missed),
        missed=missed,
        false_alarms=false_alarms,
        left_alone=len(labelled["no"]) - len(false_alarms),
    )


def _notices(kind: str, known_numbers: frozenset[str]) -> Callable[[str], bool]:
    if kind == detector.SELF_HARM:
        return detector.detects_crisis
    return lambda text: kind in detector.find_personal_details(text, known_numbers)
