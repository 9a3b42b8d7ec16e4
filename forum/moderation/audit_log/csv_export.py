"""The log as a file for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from forum.accounts.identity import public_ids
from forum.accounts.policy import Viewer
from forum.core.cooperative_yielding import in_turns
from forum.core.text.csv_cells import safe_cell
from forum.core.web import private_ids
from forum.groups.membership import hidden_content_access
from forum.moderation.actions import log_entries
from forum.moderation.actions.targets import PERSON
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter

ROWS_MAX, ROWS_AT_ONCE = 10_000, 200
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it, spreadsheets take UTF-8 for another encoding
COLUMNS = (
    "id",
    "at",
    "action",
    "by",
    "approver",
    "group",
    "target_kind",
    "target_id",
    "person",
    "reason",
    "message",
    "undone",
)


def as_csv(viewer: Viewer, wanted: LogFilter) -> Iterator[bytes]:
    """Yield what is wanted, piece by piece, as CSV in which no cell can be taken for a formula.

    It begins with the mark of UTF-8 that spreadsheets look for; programs read it as "utf-8-sig".
    Others go on in between. Raises LoginNeeded or Forbidden.
    """
    yield MARK.encode() + _lines([COLUMNS])
    for rows in in_turns(_found(viewer, wanted)):
        yield _lines([_cells(row) for row in rows])


def _found(viewer: Viewer, wanted: LogFilter) -> Iterator[list[Any]]:
    behind = None
    for _ in range(ROWS_MAX // ROWS_AT_ONCE):
        rows = log.find(viewer, wanted, behind=behind, most=ROWS_AT_ONCE)
        yield rows[:ROWS_AT_ONCE]
        if len(rows) <= ROWS_AT_ONCE:
            return
        behind = log.position_of(rows[ROWS_AT_ONCE - 1])


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()


def _cells(row: Any) -> list[str]:
    facts = row._asdict()
    facts["reason"] = log_entries.reason_in_words(row.reason)
    if row.target_kind == PERSON:
        facts["target_id"] = public_ids.of(row.target_id)
    elif row.target_kind == hidden_content_access.IN_PRIVATE:
        facts["target_id"] = private_ids.of(row.target_id)
    return [_cell(facts[name]) for name in COLUMNS]


def _cell(value: Any) -> str:
    words = (
        value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
    )
    return safe_cell(words)
