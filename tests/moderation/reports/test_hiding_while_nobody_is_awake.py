"""Reports hide a post only while nobody of the team is awake to look at it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Account
from forum.core import db
from forum.core.db import transaction
from forum.moderation.on_call import rota
from forum.moderation.queue import reported_posts
from forum.moderation.queue import service as queue
from forum.moderation.queue_items import policy
from forum.notifications import queries as notifications
from forum.threads import queries as thread_queries
from forum.threads.posts.post_states import PostState
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
REPORTERS = ("reporter", "other", "third")


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    """Return a group of which all members have been here for a month."""
    made = QueueWorld()
    made.people["third"] = make.join(make.person("thirdone"), made.group)
    with transaction() as session:
        month_ago = moment.now() - timedelta(days=30)
        session.execute(update(Account).values(created_at=month_ago))
    return made


def on_call(room: QueueWorld, moment: Clock, name: str = "second", hours: int = 8) -> None:
    rota.take_shift(room[name], room.group, moment.now(), hours)


def report_all(room: QueueWorld, post: int = 0) -> None:
    for name in REPORTERS:
        room.report(name, post=post)
    db.release_session()


def pass_minutes(moment: Clock, minutes: int) -> None:
    for _ in range(minutes):
        moment.forward(minutes=1)
        reported_posts.hide_unanswered()


def is_hidden(room: QueueWorld, post: int = 0) -> bool:
    db.release_session()
    found = thread_queries.post_for(room["moderator"], post or room.post)
    return found.state == PostState.HIDDEN


def test_while_somebody_is_on_call_they_are_told_at_once_and_nothing_is_hidden(
    room: QueueWorld, moment: Clock
) -> None:
    on_call(room, moment)
    report_all(room)
    assert not is_hidden(room)
    assert room.reported().urgency == policy.SOON
    assert "urgent_report" in {line.type for line in notifications.lines(room["second"])}
    pass_minutes(moment, 14)
    assert not is_hidden(room)


def test_who_is_on_call_and_does_not_come_is_not_awake(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment)
    report_all(room)
    pass_minutes(moment, 15)
    assert is_hidden(room)
    assert room.reported().is_open


def test_who_claims_it_in_time_decides(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment)
    report_all(room)
    moment.forward(minutes=3)
    queue.claim(room["moderator"], room.reported().id)
    pass_minutes(moment, 120)
    assert not is_hidden(room)


def test_a_shift_that_ends_leaves_nobody_awake(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment, hours=1)
    moment.forward(minutes=58)
    report_all(room)
    pass_minutes(moment, 1)
    assert not is_hidden(room)
    pass_minutes(moment, 1)
    assert is_hidden(room)


def test_the_quarter_of_an_hour_begins_with_the_third_report(
    room: QueueWorld, moment: Clock
) -> None:
    on_call(room, moment)
    for name in REPORTERS[:2]:
        room.report(name)
    pass_minutes(moment, 60)
    room.report("third")
    pass_minutes(moment, 14)
    assert not is_hidden(room)
    pass_minutes(moment, 1)
    assert is_hidden(room)


def test_an_author_on_call_guards_no_words_of_their_own(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment, "second")
    post = make.post(room["second"], room.thread).id
    report_all(room, post)
    assert is_hidden(room, post)


def test_a_suspended_person_on_call_is_not_awake(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment)
    with transaction() as session:
        until = moment.now() + timedelta(days=3)
        theirs = update(Account).where(Account.id == room["second"].id)
        session.execute(theirs.values(suspended_until=until))
    report_all(room)
    assert is_hidden(room)


def test_what_a_moderator_has_looked_at_stays_though_it_was_opened_again(
    room: QueueWorld, moment: Clock
) -> None:
    for name in REPORTERS[:2]:
        room.report(name)
    item = room.reported().id
    queue.resolve(room["moderator"], item, outcome="nothing")
    moment.forward(minutes=1)
    queue.reopen(room["moderator"], item)
    queue.hand_over(room["moderator"], item, note="Please look, too")
    room.report("third")
    assert not is_hidden(room)
    pass_minutes(moment, 30)
    assert not is_hidden(room)


def test_a_cry_for_help_stays_however_long_nobody_comes(room: QueueWorld, moment: Clock) -> None:
    post = make.post(room["author"], room.thread, body="I don't want to live any more.").id
    on_call(room, moment)
    report_all(room, post)
    pass_minutes(moment, 30)
    assert not is_hidden(room, post)


def test_reporters_who_left_meanwhile_do_not_count(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment)
    report_all(room)
    with transaction() as session:
        until = moment.now() + timedelta(days=3)
        theirs = update(Account).where(Account.id == room["other"].id)
        session.execute(theirs.values(suspended_until=until))
    pass_minutes(moment, 30)
    assert not is_hidden(room)


def test_two_processes_hide_it_once(room: QueueWorld, moment: Clock) -> None:
    on_call(room, moment)
    report_all(room)
    moment.forward(minutes=16)
    run_at_once(reported_posts.hide_unanswered, reported_posts.hide_unanswered)
    assert is_hidden(room)
    lines = [line.type for line in notifications.lines(room["author"])]
    assert lines.count("hidden_by_reports") == 1
