"""Spotting what seems to speak of wanting to die in a meeting's room.

There is no mark as on a post: what is said in a room vanishes, and nothing of it may stay that its
author did not mean to leave. The queue is told, for moderators.
"""

import structlog

from forum.core.db import savepoint, transaction
from forum.core.events import announce
from forum.meetings.room_events import RoomMessageSaid
from forum.safety import detector, queries
from forum.safety.events import RoomRiskSpotted
from forum.safety.models import SELF_HARM

log = structlog.get_logger()


def look_at(event: RoomMessageSaid) -> None:
    """Look at what was said, in its own transaction and without ever failing it."""
    try:
        if detector.speaks_of_dying(queries.said_in_room(event.message_id)):
            with transaction(), savepoint():
                announce(
                    RoomRiskSpotted(
                        event.message_id, event.meeting_id, event.group_id, event.author_id,
                        SELF_HARM, event.at,
                    )
                )  # fmt: skip
    except Exception:
        log.exception("look_failed", event_kind=type(event).__name__)
