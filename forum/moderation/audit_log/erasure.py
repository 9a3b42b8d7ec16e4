"""What remains of an erased member in the log: that actions were done, to or by nobody.

The words about somebody go with them. What they did to others stays explained, without their name,
which the columns' foreign keys take out. Where words of others name them, the log lets go of those
words as a whole, since its rows cannot be changed, and the rest names "a former member".
"""

from collections.abc import Set
from typing import Any, cast

from sqlalchemy import Row, String, Table, select, update
from sqlalchemy.orm import Session

from forum.accounts import queries
from forum.core import text
from forum.core.background.jobs import rows
from forum.core.background.jobs.job_types import StepDone, Steps
from forum.moderation.models import Appeal, AuditLogEntry, PendingAction

TEXT_COLUMNS = (
    PendingAction.value,
    PendingAction.reason,
    PendingAction.message,
    Appeal.statement,
    Appeal.answer,
)
BATCH = 100
_EMPTY: dict[str, Any] = {"reason": "", "message": "", "before": {}, "after": {}}
_OVER = (-1,)


def erase_texts_about(session: Session, account_id: int, after: tuple[int, ...]) -> Steps:
    """Take the words about somebody, and said to them, out of the log."""
    last = after[0] if after else 0
    about = (
        select(AuditLogEntry.id)
        .where(AuditLogEntry.person_id == account_id)
        .order_by(AuditLogEntry.id)
    )
    while ids := session.scalars(about.where(AuditLogEntry.id > last).limit(BATCH)).all():
        _empty(session, list(ids))
        last = ids[-1]
        yield StepDone(len(ids), (last,))


def erase_name(session: Session, name: str, after: tuple[int, ...]) -> Steps:
    """Let go of words of the log that name somebody (folded) with @."""
    if after == _OVER:
        return
    table = cast("Table", AuditLogEntry.__table__)
    others = queries.longer_handles(session, name)
    kept = [table.c[column].cast(String).label(column) for column in _EMPTY]
    for last, found in rows.naming(session, table, after, *kept):
        _empty(session, [row.id for row in found if _names(row, name, others)])
        yield StepDone(1, last or _OVER)


def _names(row: Row[Any], name: str, others: Set[str]) -> bool:
    kept = [getattr(row, column) for column in _EMPTY]
    return any(text.renamed(words, name, "", others) != words for words in kept)


def _empty(session: Session, ids: list[int]) -> None:
    if ids:
        rows_of = update(AuditLogEntry).where(AuditLogEntry.id.in_(ids)).values(_EMPTY)
        session.execute(rows_of.execution_options(synchronize_session=False))
