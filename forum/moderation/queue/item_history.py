"""What happened with an item and with what it is about, in one list, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import AnyRow, current_session
from forum.core.translation import _, lazy, lazy_pgettext
from forum.moderation.actions import log_entries
from forum.moderation.actions.targets import PERSON, TARGETS
from forum.moderation.audit_log import queries as log
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items.models import (
    CALLED,
    CALLED_AGAIN,
    CALLED_ALL,
    CALLED_MORE,
    CALLED_TEAM,
    CLAIMED,
    HANDED_OVER,
    HERE,
    MEMBER,
    OPENED,
    PROFILE,
    REOPENED,
    RESOLVED,
    QueueTransition,
)

STEPS = {
    OPENED: lazy("Came to the queue"),
    CLAIMED: lazy("Claimed"),
    HANDED_OVER: lazy("Handed over"),
    RESOLVED: lazy_pgettext("moderation queue", "Resolved"),
    REOPENED: lazy("Reopened"),
    CALLED: lazy("The people on call were alerted"),
    CALLED_AGAIN: log_entries.CALLS[log_entries.CALLED_AGAIN],
    CALLED_TEAM: log_entries.CALLS[log_entries.CALLED_MODERATORS],
    CALLED_ALL: log_entries.CALLS[log_entries.CALLED_EVERYBODY],
    CALLED_MORE: log_entries.CALLS[log_entries.CALLED_REPEATEDLY],
    HERE: lazy("Someone is there"),
}
SAME_TARGET = {MEMBER: PERSON, PROFILE: PERSON}


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened; `entry_id` is its row in the log of moderation, if it has one."""

    at: datetime
    words: str
    by: str
    note: str = ""
    entry_id: int | None = None
    undone: bool = False


def history_of(viewer: Viewer, item: ItemView) -> list[HistoryLine]:
    """Return the steps of an item, and what the viewer may know was done to its target."""
    steps = [
        HistoryLine(step.at, STEPS[step.transition], step.handle or "", step.note)
        for step in transitions_of(item.id)
    ]
    target_kind = SAME_TARGET.get(item.target_kind, item.target_kind)
    done = (
        log.entries_about(viewer, target_kind, item.target_id, item.group_id)
        if target_kind in TARGETS
        else []
    )
    lines = [
        HistoryLine(
            row.at,
            log_entries.LABELS[row.action],
            row.by or _("a former member"),
            row.reason,
            row.id,
            row.undone,
        )
        for row in done
        if row.action not in log_entries.CRISES  # these are steps of the item, too
    ]
    return sorted(steps + lines, key=lambda line: line.at)


def transitions_of(item_id: int) -> Sequence[AnyRow]:
    """Return what was done with an item, oldest first."""
    step = QueueTransition
    found = (
        select(step.transition, step.note, step.at, Account.handle)
        .outerjoin(Account, Account.id == step.by_id)
        .where(step.item_id == item_id)
        .order_by(step.id)
    )
    return current_session().execute(found).all()
