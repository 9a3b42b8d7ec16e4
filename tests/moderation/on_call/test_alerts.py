"""Who is alerted that somebody may be in danger, and who must not be."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.core import clock
from forum.core.realtime.socket_events import socketio
from forum.home import queries as home
from forum.moderation.on_call import rota
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from forum.notifications import queries
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def test_while_nobody_is_on_call_all_who_may_act_are_notified(room: QueueWorld) -> None:
    queue_triggers.add_crisis_alert(room.risk())
    assert room.alerted() == {"moderator", "second", "administrator"}


def test_a_report_of_danger_reaches_facilitators_too_and_not_those_it_concerns(
    room: QueueWorld,
) -> None:
    room.report(by="other", reason="unkind")
    assert room.alerted() == set()
    room.report(reason="harm_self", words="Please look quickly")
    assert room.alerted() == {"facilitator", "moderator", "second", "administrator"}
    line = next(one for one in queries.lines(room["moderator"]) if "danger" in one.about)
    assert "look quickly" not in line.about
    assert "Sharp words" not in line.about


def test_a_crisis_alert_comes_first_on_the_first_page(room: QueueWorld) -> None:
    guide = room["moderator"]
    queue_triggers.add_crisis_alert(room.risk())
    make.post(room["other"], make.thread(guide, room.group).thread_id)
    assert "danger" not in queries.lines(guide)[0].about
    first = home.member_home(guide).replies[0]
    assert "danger" in first.about


def test_a_crisis_alert_notifies_moderators_on_call_only(room: QueueWorld) -> None:
    rota.take_shift(room["second"], room.group, clock.now(), 2)
    rota.take_shift(room["moderator"], room.group, clock.now() + timedelta(hours=3), 2)
    queue_triggers.add_crisis_alert(room.risk())
    assert room.alerted() == {"second"}


def test_who_takes_a_break_is_not_called_while_others_are_on_call(room: QueueWorld) -> None:
    for name in ("moderator", "second"):
        rota.take_shift(room[name], room.group, clock.now(), 2)
    rota.take_break(room["second"])
    queue_triggers.add_crisis_alert(room.risk())
    assert room.alerted() == {"moderator"}


def test_an_alert_about_a_moderator_goes_to_the_others(room: QueueWorld) -> None:
    post = make.post(room["moderator"], room.thread, body="I cannot go on").id
    rota.take_shift(room["moderator"], room.group, clock.now(), 2)
    room.report(reason="harm_self", post=post)
    assert room.alerted() == {"facilitator", "second", "administrator"}


def test_a_crisis_alert_is_notified_once_and_ends_when_handled(room: QueueWorld) -> None:
    room.report(reason="harm_self")
    room.report(by="other", reason="harm_self")
    lines = [line for line in queries.lines(room["moderator"]) if line.type == "crisis"]
    assert len(lines) == 1
    item = room.reported()
    queue.claim(room["second"], item.id)
    assert "moderator" in room.alerted()
    queue.resolve(room["second"], item.id, outcome="spoken")
    assert room.alerted() == set()


def test_open_pages_of_alerted_moderators_show_it_at_once(app: Flask, room: QueueWorld) -> None:
    sockets = {}
    for name in ("moderator", "author", "elsewhere"):
        client = app.test_client()
        make.log_in(client, room[name])
        sockets[name] = socketio.test_client(app, flask_test_client=client)
        sockets[name].get_received()
    queue_triggers.add_crisis_alert(room.risk())
    heard = {
        name
        for name, socket in sockets.items()
        if any(one["name"] == "notification" for one in socket.get_received())
    }
    assert heard == {"moderator"}


def test_the_notification_leads_to_the_item_and_the_item_to_the_steps(
    app: Flask, room: QueueWorld
) -> None:
    queue_triggers.add_crisis_alert(room.risk())
    client = app.test_client()
    make.log_in(client, room["moderator"])
    page = client.get("/notifications").text
    line = next(one for one in queries.lines(room["moderator"]) if "danger" in one.about)
    assert line.about in page
    item = next(
        one
        for one in client.get("/moderation", headers={"Accept": "application/json"}).get_json()[
            "items"
        ]
        if one["kind"] == "crisis_alert"
    )
    assert f"/safety/crisis?post={room.post}" in client.get(f"/moderation/queue/{item['id']}").text
