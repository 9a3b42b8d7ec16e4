"""Calls in the audit log, about the post, the message or the person whom the item is about."""

from datetime import datetime

from sqlalchemy.orm import Session

from forum.moderation.actions import log_entries
from forum.moderation.actions.action import Change, Given
from forum.moderation.actions.targets import PERSON, POST, Target
from forum.moderation.crisis_calls.models import (
    ADMINISTRATORS,
    AGAIN,
    MODERATORS,
    ON_CALL,
    REPEATED,
)
from forum.moderation.queue_items import models as items
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.models import ROOM_MESSAGE, QueueItem

_STEPS = {
    ON_CALL: (log_entries.CALLED_ON_CALL, items.CALLED),
    AGAIN: (log_entries.CALLED_AGAIN, items.CALLED_AGAIN),
    MODERATORS: (log_entries.CALLED_MODERATORS, items.CALLED_TEAM),
    ADMINISTRATORS: (log_entries.CALLED_EVERYBODY, items.CALLED_ALL),
    REPEATED: (log_entries.CALLED_REPEATEDLY, items.CALLED_MORE),
}


def log_call(session: Session, item: QueueItem, step: int, at: datetime) -> None:
    """Log that a step was made by the forum itself: in the audit log and with the item."""
    name, transition = _STEPS[step]
    transitions.change_item(session, item, transition, None, at)
    _log(session, item, name, None)


def log_acknowledgement(session: Session, item: QueueItem, by_id: int, at: datetime) -> None:
    """Log that somebody has said that they are there."""
    transitions.change_item(session, item, items.HERE, by_id, at)
    _log(session, item, log_entries.IS_HERE, by_id)


def _log(session: Session, item: QueueItem, name: str, by_id: int | None) -> None:
    if item.target_kind in {POST, ROOM_MESSAGE}:
        target = Target(item.target_kind, item.target_id, item.group_id, item.about_id)
    elif item.about_id is not None:
        target = Target(PERSON, item.about_id, item.group_id, item.about_id)
    else:
        return  # its author is gone for good; the item's own history goes on
    log_entries.add_entry(session, name, target, Given("", "", ""), Change({}, {}), by_id=by_id)
