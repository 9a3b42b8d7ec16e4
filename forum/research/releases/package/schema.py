"""What a release consists of, before it is files: tables with a definition for each column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from forum.activity.measures.measure import PersonMeasure
from forum.research.releases.disclosure.attacks.reidentification import AttackResult
from forum.research.releases.ledger.released_profiles import (
    HIDDEN,
    VISIBLE,
    LinkedClass,
    ReleasedProfiles,
)


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


def measure_field(measure: PersonMeasure, how: str, levels: Sequence[str]) -> Field:
    """Return a column of a measure; `how` says how finely it is released."""
    definition = f"{measure.definition} {how}"
    return Field(
        measure.name, "string", definition, measure.version, measure.source, levels=tuple(levels)
    )


@dataclass(frozen=True)
class Table:
    """One table, which becomes NAME.csv and NAME.parquet.

    `batches` gives all rows in order, each time it is called, so none need be in memory.
    """

    name: str
    about: str
    fields: tuple[Field, ...]
    batches: Callable[[], Iterable[pa.RecordBatch]]


@dataclass(frozen=True)
class Release:
    """A release in memory: its tables, its attacks, and what the disclosure report says.

    `profiles` is what an attacker would link later releases with, and `variable_names` what their
    intervals are of; `participants` is who is in it. None of these is in the release's files.
    `epsilon` is what the noise in it promises. `linked_classes` are the people who keep their ids
    for later releases, `linked_before` the people who had kept theirs when it was built.
    """

    tier: str
    tables: Sequence[Table]
    attacks: Sequence[AttackResult]
    findings: Mapping[str, object]
    participants: frozenset[int]
    consent_versions: tuple[int, ...]
    profiles: ReleasedProfiles = field(default_factory=dict)
    variable_names: tuple[Sequence[str], Sequence[str]] = (VISIBLE, HIDDEN)
    epsilon: float | None = None
    linked_classes: Sequence[LinkedClass] = ()
    linked_before: Sequence[LinkedClass] = ()


@dataclass(frozen=True)
class ReleaseMetadata:
    """What the documents of a release say of it; `recipient` is needed for tier C, and
    days are those of `zone`."""

    study: str
    title: str
    purpose: str
    at: datetime
    recipient: str = ""
    zone: str = "UTC"
