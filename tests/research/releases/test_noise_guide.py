"""The researchers' guide says of each dose and measure what noise does to it."""

from collections.abc import Iterable
from pathlib import Path

from forum.activity.measures import ORDER
from forum.activity.measures.dose import DOSES
from forum.research.releases.disclosure.differential_privacy.noise import BOUNDS, VARIABLES, Noise

GUIDE = Path(__file__).parents[3] / "docs" / "research.md"
EPSILONS = (1.0, 0.5, 0.1)


def rows() -> list[str]:
    """Return the table's rows: within what of the truth numbers are in 95 of 100 cases."""
    people = " / ".join(f"{Noise(each).margin(1):,}" for each in EPSILONS)
    found = [f"| people by band of {_names(sorted(VARIABLES))} | {people} |"]
    for name, bound in BOUNDS.items():
        margins = " / ".join(f"{Noise(each).margin(bound):,}" for each in EPSILONS)
        found.append(f"| sum of `{name}` in four weeks, up to {bound} a member | {margins} |")
    silent = [name for name in DOSES if name not in {*VARIABLES, *BOUNDS}]
    return [*found, f"| {_names(silent)} | not told |", f"| {_names(ORDER)} | not told |"]


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_the_guide_says_of_every_measure_what_an_epsilon_does() -> None:
    text = GUIDE.read_text()
    for row in rows():
        assert row in text, row
