"""Calls go on while nobody is there, and stop at once when somebody is who can still help."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from forum.accounts.models import Account
from forum.core.db import transaction
from forum.groups.models import MEMBER, Membership
from forum.moderation.crisis_calls import service as calls
from forum.moderation.crisis_calls import timing
from forum.moderation.on_call import rota
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers
from forum.notifications.channels.channel import Retry, Sent
from forum.notifications.outbox.models import DROPPED
from forum.notifications.outbox.sender import Sender
from tests.support.worlds.crisis_world import (
    alert,
    crisis,
    logged,
    pass_minutes,
    read_all,
    unread,
)
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.outbox_world import PostBox, deliveries
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
EVERYBODY = {"second", "moderator", "administrator"}


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    """Return a group in which `second` is on duty, and nobody has rung yet."""
    made = QueueWorld()
    rota.take_shift(made["second"], made.group, moment.now(), 24)
    return made


def change(room: QueueWorld, name: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.id == room[name].id).values(**values))


# After the last step


def test_after_the_last_step_everybody_is_called_again_every_half_hour(
    room: QueueWorld, moment: Clock
) -> None:
    alert(room)
    pass_minutes(moment, 15)
    for _ in range(3):
        read_all(room)
        pass_minutes(moment, 29)
        assert unread(room) == set()
        pass_minutes(moment, 1)
        assert unread(room) == EVERYBODY
    assert logged(room)[4:] == ["call_repeated"] * 3


def test_it_ends_when_somebody_is_there_or_after_twelve_hours(
    room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    pass_minutes(moment, 46)
    calls.acknowledge(room["moderator"], item.id)
    read_all(room)
    pass_minutes(moment, 120)
    assert unread(room) == set()
    queue.hand_over(room["moderator"], item.id, note="I have to go")
    pass_minutes(moment, 12 * 60)
    before = len(logged(room))
    pass_minutes(moment, 12 * 60)
    assert len(logged(room)) == before
    assert logged(room).count("call_repeated") == 1 + 23


def test_the_operator_can_turn_repeated_calls_off(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "_repeat", timedelta())
    alert(room)
    pass_minutes(moment, 120)
    assert logged(room) == ["call", "call_again", "call_moderators", "call_everybody"]


def test_a_server_that_stood_still_calls_once_and_not_for_each_half_hour(
    room: QueueWorld, moment: Clock
) -> None:
    alert(room)
    pass_minutes(moment, 16)
    moment.forward(hours=5)
    for _ in range(3):
        calls.make_due_calls()
    assert logged(room).count("call_repeated") == 1


# What still waits to be sent


def test_nobody_else_is_sent_anything_once_somebody_is_there(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox(lambda _account_id: Retry("busy")).use(monkeypatch)
    item = alert(room)
    pass_minutes(moment, 16)
    Sender().send_due()
    calls.acknowledge(room["moderator"], item.id)
    assert {one.state for one in deliveries()} == {DROPPED}
    box.answer = lambda _account_id: Sent()
    pass_minutes(moment, 60)
    Sender().send_due()
    assert box.taken == []


def test_who_is_there_while_a_mail_is_being_sent_spares_the_others(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = alert(room)

    def acknowledge(_account_id: int) -> Sent:
        calls.acknowledge(room["second"], item.id)
        return Sent()

    box = PostBox(acknowledge).use(monkeypatch)
    pass_minutes(moment, 15)
    Sender().send_due()
    assert len(box.taken) == 1, "the worker had claimed all of them"


def test_a_claim_spares_the_others_too(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    item = alert(room)
    moment.forward(seconds=5)
    queue.claim(room["moderator"], item.id)
    Sender().send_due()
    assert box.taken == []


def test_a_colleagues_call_for_help_is_sent_although_somebody_is_there(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    item = alert(room)
    calls.acknowledge(room["moderator"], item.id)
    queue.call(room["moderator"], item.id)
    Sender().send_due()
    assert [account_id for account_id, *_ in box.taken] == [room["second"].id]


def test_when_it_is_passed_on_others_are_sent_it_again(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    item = alert(room)
    calls.acknowledge(room["moderator"], item.id)
    queue.hand_over(room["moderator"], item.id, note="Please go on")
    Sender().send_due()
    assert [account_id for account_id, *_ in box.taken] == [room["second"].id]


# People who are there no longer


def suspended(room: QueueWorld, moment: Clock) -> None:
    change(room, "moderator", suspended_until=moment.now() + timedelta(days=3))


def no_moderator(room: QueueWorld, _moment: Clock) -> None:
    with transaction() as session:
        session.get_one(Membership, (room["moderator"].id, room.group)).role = MEMBER


def erased(room: QueueWorld, _moment: Clock) -> None:
    with transaction() as session:
        session.execute(delete(Account).where(Account.id == room["moderator"].id))


@pytest.mark.parametrize("act", [calls.acknowledge, queue.claim])
@pytest.mark.parametrize("gone", [suspended, no_moderator, erased])
def test_who_can_no_longer_help_leaves_nobody_alone(
    room: QueueWorld, moment: Clock, act: object, gone: object
) -> None:
    item = alert(room)
    moment.forward(minutes=1)
    act(room["moderator"], item.id)  # type: ignore[operator]
    read_all(room)
    pass_minutes(moment, 30)
    assert unread(room) == set()
    gone(room, moment)  # type: ignore[operator]
    pass_minutes(moment, 1)
    assert unread(room) == {"second"}
    assert crisis(room, "second").there == ()
    assert crisis(room, "second").claimed_by_id is None
    pass_minutes(moment, 20)
    assert unread(room) == EVERYBODY - {"moderator"}


def test_of_two_who_are_there_one_is_enough(room: QueueWorld, moment: Clock) -> None:
    item = alert(room)
    for name in ("moderator", "second"):
        calls.acknowledge(room[name], item.id)
    suspended(room, moment)
    read_all(room)
    pass_minutes(moment, 60)
    assert unread(room) == set()
    assert [one.handle for one in crisis(room, "second").there] == [room["second"].handle]


def test_a_suspended_person_on_call_is_not_called_and_covers_nothing(
    room: QueueWorld, moment: Clock
) -> None:
    change(room, "second", suspended_until=moment.now() + timedelta(days=3))
    alert(room)
    assert unread(room) == {"moderator", "administrator"}
    assert not crisis(room).on_call_now


def test_without_administrators_the_last_step_still_calls_everybody_else(
    room: QueueWorld, moment: Clock
) -> None:
    change(room, "administrator", role="member")
    alert(room)
    pass_minutes(moment, 50)
    assert unread(room) == {"second", "moderator"}
    assert logged(room)[-2:] == ["call_everybody", "call_repeated"]


def test_a_group_without_anybody_else_goes_on_calling_without_failing(
    room: QueueWorld, moment: Clock
) -> None:
    for name in ("second", "moderator", "facilitator", "administrator"):
        change(room, name, suspended_until=moment.now() + timedelta(days=3))
    triggers.add_crisis_alert(room.risk())
    pass_minutes(moment, 50)
    assert unread(room) == set()
    change(room, "second", suspended_until=None)
    pass_minutes(moment, 30)
    assert unread(room) == {"second"}


def test_who_was_there_before_it_was_reopened_is_not_there_now(
    room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    calls.acknowledge(room["second"], item.id)
    queue.resolve(room["second"], item.id, outcome="spoken")
    moment.forward(hours=20)
    queue.reopen(room["moderator"], item.id)
    assert crisis(room).there == ()
    queue.hand_over(room["moderator"], item.id, note="Please look again")
    assert "second" in unread(room)


# Clocks


def test_a_repeated_call_that_a_wrong_clock_put_off_comes_soon(
    room: QueueWorld, moment: Clock
) -> None:
    alert(room)
    moment.forward(hours=3)
    calls.make_due_calls()
    moment.forward(hours=-3)
    read_all(room)
    pass_minutes(moment, 1)
    assert unread(room) == EVERYBODY


def test_a_break_lasts_no_longer_because_a_clock_was_ahead(room: QueueWorld, moment: Clock) -> None:
    rota.take_break(room["second"])
    moment.forward(days=-5)
    rota.take_shift(room["moderator"], room.group, moment.now() + timedelta(days=1), 2)
    alert(room)
    assert "second" in unread(room)
