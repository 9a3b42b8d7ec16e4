"""A group in which somebody is on duty, and what a crisis does in it."""

import pytest
from flask import Flask

from forum.core import db
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.crisis_calls import service as calls
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import triggers
from forum.moderation.queue.item_view import ItemView
from forum.notifications import queries as notifications
from forum.notifications import service as notification_service
from tests.support.worlds.meeting_room import Clock
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    """Return a group in which `second` is on duty, and nobody has rung yet."""
    made = QueueWorld()
    rota.take_shift(made["second"], made.group, moment.now(), 8)
    return made


def alert(room: QueueWorld) -> ItemView:
    """Raise a crisis alert, and return its item as a moderator sees it."""
    triggers.add_crisis_alert(room.risk())
    return crisis(room)


def crisis(room: QueueWorld, who: str = "moderator") -> ItemView:
    db.release_session()
    return next(one for one in queue_queries.open_items(room[who]) if one.is_crisis)


def pass_minutes(moment: Clock, minutes: int) -> None:
    """Let time go by as it does in the server, which looks every few seconds."""
    for _ in range(minutes):
        moment.forward(minutes=1)
        calls.make_due_calls()
    db.release_session()


def unread(room: QueueWorld) -> set[str]:
    """Return who has an unread line that says that somebody may be in danger."""
    return {
        name
        for name, viewer in room.people.items()
        if any(line.type == "crisis" and not line.read for line in notifications.lines(viewer))
    }


def read_all(room: QueueWorld) -> None:
    for name in room.alerted():
        notification_service.read(room[name])


def logged(room: QueueWorld, who: str = "moderator") -> list[str]:
    """Return what the log says of calls, oldest first."""
    rows = log.find(room[who], LogFilter())
    return [row.action for row in reversed(rows) if row.action.startswith(("call", "here"))]
