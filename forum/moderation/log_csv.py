"""The log as a file for spreadsheets."""

import csv
import io
import re
from datetime import datetime
from typing import Any

from forum.accounts.policy import Viewer
from forum.core import text
from forum.moderation import log
from forum.moderation.log import Sought

EXPORT_MOST = 10_000
COLUMNS = ("id", "at", "act", "by", "second", "group", "subject_kind", "subject_id", "person",
           "reason", "message", "undone")  # fmt: skip


def as_csv(viewer: Viewer, sought: Sought) -> str:
    """Return what is sought as CSV in which no cell can be taken for a formula."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for row in log.found(viewer, sought, most=EXPORT_MOST)[:EXPORT_MOST]:
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS])
    return made.getvalue()


def _cell(value: Any) -> str:
    words = (
        value.isoformat() if isinstance(value, datetime) else str("" if value is None else value)
    )
    return f"'{words}" if re.match(text.FORMULA, words) else words
