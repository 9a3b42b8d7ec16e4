"""What every measurement is given."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.community.corpus import Corpus
from benchmarks.community.visitors import Visitors


@dataclass(frozen=True)
class Bench:
    """A community in one kind of database, who is logged in there, and how long to measure.

    `warm_s` and `round_s` are seconds; `rounds` is how often forum and baseline take turns.
    """

    kind: str
    folder: Path
    corpus: Corpus
    visitors: Visitors
    quick: bool = False
    events: int = 10_000_000

    @property
    def warm_s(self) -> float:
        """How long to visit before anything counts, to fill caches as on a busy day."""
        return 2.0 if self.quick else 5.0

    @property
    def round_s(self) -> float:
        """How long one round lasts."""
        return 1.0 if self.quick else 2.0

    @property
    def rounds(self) -> int:
        """How many rounds there are; the one in the middle is reported."""
        return 3 if self.quick else 5
