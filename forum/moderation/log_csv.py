"""The log as a file for spreadsheets."""

import csv
import io
from datetime import datetime
from typing import Any

from forum.accounts import public_ids
from forum.accounts.policy import Viewer
from forum.core.cooperation import give_way
from forum.core.spreadsheets import safe_cell
from forum.moderation import log
from forum.moderation.acts import PERSON
from forum.moderation.log import Sought

EXPORT_MOST, ROWS_A_TURN = 10_000, 100
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it, spreadsheets take UTF-8 for another encoding
COLUMNS = ("id", "at", "act", "by", "second", "group", "subject_kind", "subject_id", "person",
           "reason", "message", "undone")  # fmt: skip


def as_csv(viewer: Viewer, sought: Sought) -> str:
    """Return what is sought as CSV in which no cell can be taken for a formula.

    It begins with the mark of UTF-8 that spreadsheets look for; programs read it as "utf-8-sig".
    """
    made = io.StringIO()
    made.write(MARK)
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for number, row in enumerate(log.found(viewer, sought, most=EXPORT_MOST)[:EXPORT_MOST]):
        if number % ROWS_A_TURN == 0:
            give_way()
        facts = row._asdict()
        if row.subject_kind == PERSON:
            facts["subject_id"] = public_ids.of(row.subject_id)
        writer.writerow([_cell(facts[name]) for name in COLUMNS])
    return made.getvalue()


def _cell(value: Any) -> str:
    words = (
        value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
    )
    return safe_cell(words)
