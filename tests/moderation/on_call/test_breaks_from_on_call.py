"""A break is a break: who rests is not called while there is anybody else."""

import pytest
from flask import Flask

from forum.core import clock
from forum.core.realtime.socket_events import socketio
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import triggers as queue_triggers
from forum.notifications import broadcasts as live
from forum.notifications.types.crisis_alert import CRISIS_ALERT
from tests.support import factories as make
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    return QueueWorld()


def test_who_rests_is_left_in_peace_while_nobody_is_on_call(room: QueueWorld) -> None:
    rota.take_break(room["moderator"])
    queue_triggers.add_crisis_alert(room.risk())
    assert room.alerted() == {"second", "administrator"}


def test_who_rests_is_called_when_there_is_nobody_else(room: QueueWorld) -> None:
    for name in ("moderator", "second", "administrator"):
        rota.take_break(room[name])
    queue_triggers.add_crisis_alert(room.risk())
    assert room.alerted() == {"moderator", "second", "administrator"}


def test_a_break_ends_after_some_hours_or_with_hours_on_the_rota(
    room: QueueWorld, moment: Clock
) -> None:
    rota.take_break(room["moderator"])
    rota.take_shift(room["moderator"], room.group, clock.now(), 2)
    queue_triggers.add_crisis_alert(room.risk())
    assert room.alerted() == {"moderator"}
    moment.forward(hours=9)
    room.report(reason="harm_self")
    assert "moderator" in room.alerted()


def test_the_badge_goes_to_the_alerted_despite_a_shift_change(app: Flask, room: QueueWorld) -> None:
    rota.take_shift(room["second"], room.group, clock.now(), 2)
    queue_triggers.add_crisis_alert(room.risk())
    item = next(
        one for one in queue_queries.open_items(room["second"]) if one.kind == "crisis_alert"
    )
    sockets = {}
    for name in ("moderator", "second"):
        client = app.test_client()
        make.log_in(client, room[name])
        sockets[name] = socketio.test_client(app, flask_test_client=client)
        sockets[name].get_received()
    rota.take_shift(room["moderator"], room.group, clock.now(), 1)
    live.show_about(CRISIS_ALERT.name, item.id)
    heard = {
        name
        for name, socket in sockets.items()
        if any(one["name"] == "notification" for one in socket.get_received())
    }
    assert heard == {"second"}
