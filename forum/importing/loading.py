"""Taking lines in, some hundred to a transaction, each of them kept or refused on its own."""

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from sqlalchemy.exc import DataError, IntegrityError

from forum.core import db, optional_slices
from forum.core.db import savepoint, transaction
from forum.core.errors import Refusal
from forum.groups.membership import memberships
from forum.importing.record_types import IMPORTERS
from forum.importing.records import Record, Refused, parse
from forum.importing.references import References

BATCH = 200
Item = TypeVar("Item")
WRITE_FOR_S = 0.1


@dataclass
class Report:
    """How many lines of each kind were added, were there already, and were refused.

    `refused_with` has, by the line because of which they were, how many of each kind; `renamed` who
    got another handle.
    """

    added: Counter[str] = field(default_factory=Counter)
    already: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    refused_with: dict[int, Counter[str]] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


def load_lines(lines: Iterable[tuple[int, bytes]], refused: Callable[[int, str], None]) -> Report:
    """Take in the lines of a file, each with its number, and report what became of them.

    `refused` is called with the number and the reason of each refused line, but for those that fell
    with a line before them, which the report counts.
    """
    return _load(((number, _parsed(line)) for number, line in lines), refused)


def load_records(records: Iterable[Record], refused: Callable[[int, str], None]) -> Report:
    """Take in records, counted from 1, and report as `load_lines` does."""
    return _load(enumerate(records, 1), refused)


def _load(
    items: Iterable[tuple[int, Record | Refused]], refused: Callable[[int, str], None]
) -> Report:
    known = References()
    report = Report(renamed=known.renamed)
    for batch in _batches(items):
        for _, item in batch:
            if isinstance(item, Record):
                known.hash_password(item)
        waiting = deque(batch)
        while waiting:
            with transaction():
                _import_batch(known, report, waiting, refused)
            db.give_way()
    for some in _batches(known.memberships):
        memberships.count_as_known(some)
        db.give_way()
    if past := optional_slices.optional("forum.research.recording.backfill"):
        past.record_missing()  # once everybody's consent is known, whatever the order of the lines
    return report


def _import_batch(
    known: References,
    report: Report,
    waiting: deque[tuple[int, Record | Refused]],
    refused: Callable[[int, str], None],
) -> None:
    """Take in what is waiting; beside an open forum, only what can be done while members wait."""
    known.look_ahead(item for _, item in waiting if isinstance(item, Record))
    until = time.monotonic() + WRITE_FOR_S if db.is_shared() else math.inf
    while waiting and time.monotonic() < until:
        number, item = waiting.popleft()
        refusal = item if isinstance(item, Refused) else _import_record(known, report, number, item)
        if refusal is None:
            continue
        report.refused += 1
        cause = known.refused_with(refusal) if isinstance(refusal, Refused) else None
        if isinstance(item, Record):
            known.mark_refused(item, cause or number)
        if cause and isinstance(item, Record):
            report.refused_with.setdefault(cause, Counter())[item.kind] += 1
        else:
            refused(number, refusal.words)


def _import_record(
    known: References, report: Report, number: int, record: Record
) -> Refusal | None:
    """Take in one line; return why not, or nothing."""
    try:
        with savepoint():
            added = IMPORTERS[record.kind](known, record, number)
    except Refusal as refusal:
        return refusal
    except (DataError, IntegrityError):
        return Refused("The database cannot keep this.")
    (report.added if added else report.already)[record.kind] += 1
    return None


def _parsed(line: bytes) -> Record | Refused:
    try:
        return parse(line)
    except Refused as refusal:
        return refusal


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield batch
