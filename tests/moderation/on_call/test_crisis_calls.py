"""A crisis calls people step by step until a person says that they are there."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import db
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, NotFound
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.crisis_calls import service as calls
from forum.moderation.crisis_calls.models import CrisisCall
from forum.moderation.on_call import rota
from forum.moderation.queue import item_history, triggers
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue.item_view import ItemView
from forum.notifications import queries as notifications
from forum.notifications import service as notification_service
from forum.notifications.channels.channel import Retry, Sent
from forum.notifications.outbox.sender import Sender
from tests.support import factories as make
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.outbox_world import PostBox
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]


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


def test_each_step_calls_more_people_and_makes_the_line_unread_again(
    room: QueueWorld, moment: Clock
) -> None:
    alert(room)
    assert unread(room) == {"second"}
    for minutes, called in (
        (4, set()),
        (1, {"second"}),
        (4, set()),
        (1, {"second", "moderator"}),
        (5, {"second", "moderator", "administrator"}),
        (60, set()),
    ):
        read_all(room)
        pass_minutes(moment, minutes)
        assert unread(room) == called
    assert logged(room) == ["call", "call_again", "call_moderators", "call_everybody"]
    assert logged(room, "facilitator") == []
    lines = [line for line in notifications.lines(room["second"]) if line.type == "crisis"]
    assert len(lines) == 1


def test_each_step_is_in_the_items_history(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    pass_minutes(moment, 20)
    calls.acknowledge(room["moderator"], item.id)
    steps = [str(line.words) for line in item_history.history_of(room["moderator"], crisis(room))]
    assert steps == [
        "Came to the queue",
        "The people on call were alerted",
        "Nobody answered, so people on call were alerted again",
        "Nobody answered, so all moderators were alerted",
        "Nobody answered, so administrators were alerted too",
        "Someone is there",
    ]


def test_who_says_that_they_are_there_ends_the_calls(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    pass_minutes(moment, 6)
    calls.acknowledge(room["second"], item.id)
    calls.acknowledge(room["second"], item.id)
    read_all(room)
    pass_minutes(moment, 60)
    assert unread(room) == set()
    assert logged(room) == ["call", "call_again", "here"]
    [there] = crisis(room).there
    assert (there.handle, there.at) == (
        room["second"].handle,
        moment.now() - timedelta(minutes=60),
    )
    assert crisis(room, "second").viewer_is_there


@pytest.mark.parametrize("act", ["claim", "resolve"])
def test_who_has_taken_or_resolved_it_has_answered(
    room: QueueWorld, moment: Clock, act: str
) -> None:
    item = alert(room)
    moment.forward(minutes=1)
    if act == "claim":
        queue.claim(room["moderator"], item.id)
    else:
        queue.resolve(room["moderator"], item.id, outcome="spoken")
    read_all(room)
    pass_minutes(moment, 30)
    assert unread(room) == set()


def test_an_open_page_or_a_read_line_is_no_answer(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    queue_queries.item_for(room["second"], item.id)
    read_all(room)
    pass_minutes(moment, 5)
    assert unread(room) == {"second"}


def test_only_who_handles_a_crisis_can_say_that_they_are_there(
    room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    for name in ("author", "reporter", "facilitator", "elsewhere", "outsider"):
        with pytest.raises(NotFound):
            calls.acknowledge(room[name], item.id)
    room.report(reason="unkind")
    with pytest.raises(Conflict):
        calls.acknowledge(room["moderator"], room.reported().id)
    queue.resolve(room["moderator"], item.id, outcome="spoken")
    with pytest.raises(Conflict):
        calls.acknowledge(room["second"], item.id)


def test_who_passes_a_crisis_on_leaves_nobody_alone(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    calls.acknowledge(room["second"], item.id)
    moment.forward(minutes=10)
    queue.hand_over(room["second"], item.id, note="My shift ends")
    assert unread(room) == {"second"}
    pass_minutes(moment, 10)
    assert "moderator" in unread(room)
    queue.hand_over(room["moderator"], item.id, note="For you", to=str(room["second"].handle))
    read_all(room)
    pass_minutes(moment, 5)
    assert unread(room) == {"second"}, "who was handed it may be asleep"
    calls.acknowledge(room["second"], item.id)
    read_all(room)
    pass_minutes(moment, 30)
    assert unread(room) == set()


def test_who_takes_a_break_is_there_no_longer(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    calls.acknowledge(room["second"], item.id)
    moment.forward(minutes=10)
    rota.take_break(room["second"])
    assert unread(room) == {"second", "moderator", "administrator"}
    assert crisis(room).there == ()
    read_all(room)
    pass_minutes(moment, 10)
    assert unread(room) == {"moderator", "administrator"}
    pass_minutes(moment, 5)
    assert "second" in unread(room), "the last step leaves nobody out"


def test_a_step_is_made_once_however_many_try(room: QueueWorld, moment: Clock) -> None:
    alert(room)
    moment.forward(minutes=5)
    for _ in range(3):
        calls.make_due_calls()
    assert Counter(logged(room)) == {"call": 1, "call_again": 1}


def test_a_stopped_server_makes_up_for_every_step(room: QueueWorld, moment: Clock) -> None:
    alert(room)
    moment.forward(hours=3)
    calls.make_due_calls()
    assert logged(room) == ["call", "call_again", "call_moderators", "call_everybody"]
    assert unread(room) == {"second", "moderator", "administrator"}


def test_a_clock_that_is_set_back_skips_no_step(room: QueueWorld, moment: Clock) -> None:
    alert(room)
    moment.forward(days=-400)
    calls.make_due_calls()
    assert logged(room) == ["call_again", "call"], "the log has the clock's times"
    pass_minutes(moment, 10)
    assert Counter(logged(room)) == Counter(
        ["call", "call_again", "call_moderators", "call_everybody"]
    )


def test_a_colleagues_call_rings_others_again(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    calls.acknowledge(room["moderator"], item.id)
    read_all(room)
    moment.forward(minutes=1)
    queue.call(room["moderator"], item.id)
    assert unread(room) == {"second"}
    read_all(room)
    pass_minutes(moment, 30)
    assert unread(room) == set(), "somebody is there, so it rings once"


def test_a_report_that_makes_an_item_a_crisis_calls_too(room: QueueWorld, moment: Clock) -> None:
    room.report(by="other", reason="unkind")
    queue.claim(room["moderator"], room.reported().id)
    moment.forward(minutes=1)
    room.report(reason="harm_self")
    pass_minutes(moment, 5)
    assert Counter(logged(room)) == {"call": 1, "call_again": 1}
    assert queue_queries.last_version(room["moderator"]) == crisis(room).version


def test_the_page_with_one_button_changes_nothing_until_it_is_pressed(
    app: Flask, room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    client = app.test_client()
    make.log_in(client, room["moderator"])
    address = f"/moderation/queue/{item.id}/here"
    page = client.get(address).text
    assert "I&#39;m here" in page
    assert "Sharp words" not in page
    assert room["author"].handle not in page
    assert crisis(room).there == ()
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        address, data={"csrf_token": token}, headers={"Accept": "application/json"}
    )
    assert [one["handle"] for one in answer.get_json()["here"]] == [room["moderator"].handle]
    assert "been here since" in client.get(address).text
    assert "been here since" in client.get(f"/moderation/queue/{item.id}").text


def test_the_lists_have_the_button_of_who_is_called(
    app: Flask, room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    client = app.test_client()
    make.log_in(client, room["second"])
    address = f"/moderation/queue/{item.id}/here"
    for page in ("/notifications", "/moderation", f"/moderation/queue/{item.id}"):
        assert address in client.get(page).text
    calls.acknowledge(room["second"], item.id)
    assert address not in client.get("/moderation").text
    assert "You&#39;re here" in client.get("/moderation").text


def test_whether_somebody_was_on_call_is_kept(room: QueueWorld, moment: Clock) -> None:
    alert(room)
    assert current_session().scalars(select(CrisisCall.staffed)).all() == [True] * 4
    with transaction():
        moment.forward(hours=9)
    other = make.group()
    post = make.post(room["author"], make.thread(make.join(room["author"], other), other).thread_id)
    room.post, room.group = post.id, other
    triggers.add_crisis_alert(room.risk())
    db.release_session()
    assert set(current_session().scalars(select(CrisisCall.staffed))) == {True, False}


def test_each_call_is_sent_outside_anew_and_leads_to_the_page_with_one_button(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    item = alert(room)
    for _ in range(3):
        Sender().send_due()
        read_all(room)
        pass_minutes(moment, 5)
    Sender().send_due()
    assert Counter(account_id for account_id, _key, _message in box.taken) == Counter(
        {room["second"].id: 4, room["moderator"].id: 2, room["administrator"].id: 1}
    )
    assert {message.address for *_whom, message in box.taken} == {
        f"/moderation/queue/{item.id}/here"
    }
    assert len({key for _account_id, key, _message in box.taken}) == 7


def test_who_is_there_is_not_sent_what_still_waited(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox(lambda _account_id: Retry("busy")).use(monkeypatch)
    item = alert(room)
    Sender().send_due()
    queue.resolve(room["second"], item.id, outcome="spoken")
    box.answer = lambda _account_id: Sent()
    moment.forward(minutes=2)
    Sender().send_due()
    assert box.taken == []
