"""Spotting what seems to speak of wanting to die in a meeting's room.

There is no mark as on a post: what is said in a room vanishes, and nothing of it may stay that its
author did not mean to leave. A queue item is made, for moderators.
"""

import structlog

from forum.core.db import savepoint, transaction
from forum.core.events import announce
from forum.meetings.room.events import PrivateNoteSent, RoomMessageSent
from forum.safety import detector, queries
from forum.safety.events import PrivateNoteCrisisDetected, RoomMessageCrisisDetected
from forum.safety.models import SELF_HARM

log = structlog.get_logger()


def check_message(event: RoomMessageSent | PrivateNoteSent) -> None:
    """Look at what was said, in its own transaction and without ever failing it.

    On the private line, only what the person says whose line it is.
    """
    try:
        if detector.detects_crisis(_said(event)):
            with transaction(), savepoint():
                announce(_spotted(event))
    except Exception:
        log.exception("crisis_check_failed", event_kind=type(event).__name__)


def _said(event: RoomMessageSent | PrivateNoteSent) -> str:
    if isinstance(event, RoomMessageSent):
        return queries.room_message_body(event.message_id)
    return queries.private_note_body(event.note_id) if event.author_id == event.about_id else ""


def _spotted(
    event: RoomMessageSent | PrivateNoteSent,
) -> RoomMessageCrisisDetected | PrivateNoteCrisisDetected:
    where = event.meeting_id, event.group_id, event.author_id, SELF_HARM, event.at
    if isinstance(event, RoomMessageSent):
        return RoomMessageCrisisDetected(event.message_id, *where)
    return PrivateNoteCrisisDetected(event.note_id, *where)
