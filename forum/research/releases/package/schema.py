"""What a release consists of, before it is files: tables with a definition for each column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from forum.research.releases.disclosure.attacks.reidentification import Outcome
from forum.research.releases.ledger.released_profiles import HIDDEN, VISIBLE, Followed, Rows


@dataclass(frozen=True)
class Field:
    """One column: its name, Frictionless type, definition, and the measure's version and source.

    `levels` are all values of an ordered factor, the least first.
    """

    name: str
    type: str
    definition: str
    version: int = 1
    source: str = "Common Thread"
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table, which becomes NAME.csv and NAME.parquet.

    `batches` gives all rows in order, each time it is called, so that none need be in memory.
    """

    name: str
    about: str
    fields: tuple[Field, ...]
    batches: Callable[[], Iterable[pa.RecordBatch]]


@dataclass(frozen=True)
class Release:
    """A release in memory: its tables, its attacks, and what the disclosure report says.

    `kept` is what an attacker would join later releases with, `kept_names` what its intervals are
    of, and `participants` who is in it; none of them is written into the release's files. `epsilon`
    is what the noise in it promises. `followed` are those who keep their ids for later releases,
    `followed_before` those who had kept theirs when it was built.
    """

    tier: str
    tables: Sequence[Table]
    attacks: Sequence[Outcome]
    findings: Mapping[str, object]
    participants: frozenset[int]
    consent_versions: tuple[int, ...]
    kept: Rows = field(default_factory=dict)
    kept_names: tuple[Sequence[str], Sequence[str]] = (VISIBLE, HIDDEN)
    epsilon: float | None = None
    followed: Sequence[Followed] = ()
    followed_before: Sequence[Followed] = ()
