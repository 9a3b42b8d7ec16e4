"""A crisis calls people step by step until a person says that they are there."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.core import db
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, NotFound
from forum.moderation.crisis_calls import service as calls
from forum.moderation.crisis_calls.models import CrisisCall
from forum.moderation.on_call import rota
from forum.moderation.queue import item_history, triggers
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.notifications import queries as notifications
from tests.support import factories as make
from tests.support.worlds.crisis_world import (
    alert,
    crisis,
    logged,
    pass_minutes,
    read_all,
    room,
    unread,
)
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment", "room"]


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
        (29, set()),
        (1, {"second", "moderator", "administrator"}),
    ):
        read_all(room)
        pass_minutes(moment, minutes)
        assert unread(room) == called
    assert logged(room) == [
        "call",
        "call_again",
        "call_moderators",
        "call_everybody",
        "call_repeated",
    ]
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
