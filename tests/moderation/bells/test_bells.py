"""Bells ring for who moderates a group: each after its time, once, and only while an item waits."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts import service as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import transaction
from forum.groups.models import MEMBER, MODERATOR, Membership
from forum.moderation.bells import service as bells
from forum.moderation.on_call import recipients as on_call_recipients
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.models import JOIN_REQUEST, PENDING_POST, POST
from forum.moderation.queue_items.models import MEMBER as A_MEMBER
from forum.moderation.queue_items.transitions import NewItem
from forum.notifications import queries as notifications
from forum.notifications import service as notification_service
from forum.notifications.outbox.sender import Sender
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once
from tests.support.worlds import copied_worlds
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.outbox_world import PostBox, Readers
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment"]
QUIET_AFTER = timedelta(hours=48)
TEAM = {"facilitator", "moderator", "second"}
TYPES = {
    "unanswered_post",
    "unanswered_again",
    "pending_post",
    "join_request",
    "open_report",
    "urgent_report",
}


@pytest.fixture
def room(app: Flask, moment: Clock) -> QueueWorld:
    """Return a group in which nothing waits yet, but for a thread of a moderator's."""
    began = moment.at
    made = copied_worlds.world("quietqueue", lambda: quiet_queue(moment))
    moment.at = began + QUIET_AFTER
    return made


def quiet_queue(moment: Clock) -> QueueWorld:
    """Let all bells of a group's first thread ring, and leave nothing waiting or unread."""
    made = QueueWorld()
    bring(made, "unanswered")
    pass_hours(moment, QUIET_AFTER / timedelta(hours=1))
    for viewer in made.people.values():
        notification_service.read(viewer)
    queue.resolve(made["moderator"], waiting(made, "unanswered").id, outcome="nothing")
    return made


def bring(room: QueueWorld, kind: str) -> None:
    """Let something wait, by or about `author`."""
    author = room["author"].id or 0
    if kind == "unanswered":
        make.thread(room["author"], room.group)
    elif kind == "pending_post":
        add(NewItem(PENDING_POST, POST, room.post, room.group, author, policy.TODAY))
    elif kind == "join_request":
        add(NewItem(JOIN_REQUEST, A_MEMBER, author, room.group, author, policy.LOW))
    else:
        room.report(reason=kind)


def add(new: NewItem) -> None:
    with transaction() as session:
        transitions.add_item(session, new, clock.now())


def waiting(room: QueueWorld, kind: str) -> ItemView:
    """Return the newest item of a kind that waits, as an administrator sees it."""
    db.release_session()
    kind = kind if kind in {"unanswered", "pending_post", "join_request"} else "report"
    found = queue_queries.open_items(room["administrator"])
    return max((one for one in found if one.kind == kind), key=lambda one: one.id)


def pass_hours(moment: Clock, hours: float) -> None:
    """Let time go by as in a server; it looks each minute, here each quarter of an hour."""
    for _ in range(int(hours * 4)):
        moment.forward(minutes=15)
        bells.ring_due()
    db.release_session()


def lines(room: QueueWorld) -> dict[str, list[str]]:
    """Return what shows in the lists of which people, by type."""
    found: dict[str, list[str]] = {}
    for name, viewer in room.people.items():
        for line in notifications.lines(viewer):
            if line.type in TYPES and not line.read:
                found.setdefault(line.type, []).append(name)
    return found


def told(room: QueueWorld) -> set[str]:
    """Return who has an unread line of any bell."""
    return {name for names in lines(room).values() for name in names}


RINGS = [
    ("unanswered", 4, "unanswered_post"),
    ("pending_post", 2, "pending_post"),
    ("join_request", 12, "join_request"),
    ("spam", 24, "open_report"),
    ("unkind", 4, "open_report"),
    ("abuse", 0, "urgent_report"),
]


@pytest.mark.parametrize(("kind", "hours", "type_"), RINGS)
def test_each_rings_after_its_time_for_all_who_moderate_the_group(
    room: QueueWorld, moment: Clock, kind: str, hours: float, type_: str
) -> None:
    bring(room, kind)
    if hours:
        pass_hours(moment, hours - 0.25)
        assert told(room) == set()
        pass_hours(moment, 0.25)
    assert {name: set(who) for name, who in lines(room).items()} == {type_: TEAM}
    pass_hours(moment, 1)
    assert Counter(name for who in lines(room).values() for name in who) == Counter(TEAM)


def test_a_new_member_without_a_reply_rings_once_more_in_place_of_the_first(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    bring(room, "unanswered")
    for _ in range(48):
        pass_hours(moment, 1)
        Sender().send_due()
    sent = Counter(account_id for account_id, *_ in box.taken)
    assert sent == {room[name].id: 2 for name in TEAM}
    said = {message.paragraphs[0] for *_whom, message in box.taken}
    assert said == {
        "Nobody has replied to a new member yet. A few kind words are enough.",
        "A new member is still waiting for a first reply. A few kind words are enough.",
    }
    assert {message.subject for *_whom, message in box.taken} == {"Something new in Common Thread"}


def test_a_server_that_stood_still_rings_the_last_step_alone(
    room: QueueWorld, moment: Clock
) -> None:
    bring(room, "unanswered")
    moment.forward(days=2)
    bells.ring_due()
    assert set(lines(room)) == {"unanswered_again"}


def test_it_rings_once_however_many_try(room: QueueWorld, moment: Clock) -> None:
    bring(room, "pending_post")
    moment.forward(hours=3)
    run_at_once(bells.ring_due, bells.ring_due, bells.ring_due)
    db.release_session()
    assert lines(room) == {"pending_post": ["facilitator", "moderator", "second"]}


def test_one_that_was_killed_as_it_rang_has_rung_nothing(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    bring(room, "pending_post")
    moment.forward(hours=3)
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(on_call_recipients, "handlers", lambda *_: 1 / 0)
        bells.ring_due()
    bells.ring_due()
    Sender().send_due()
    assert Counter(one for one, *_ in box.taken) == {room[name].id: 1 for name in TEAM}


# It rings no longer


def claimed(room: QueueWorld, kind: str) -> None:
    queue.claim(room["second"], waiting(room, kind).id)


def resolved(room: QueueWorld, kind: str) -> None:
    with transaction() as session:
        item = transitions.visible_item(session, room["moderator"], waiting(room, kind).id)
        transitions.resolve_by_facts(session, item, "settled", item.opened_at)


@pytest.mark.parametrize("act", [claimed, resolved])
@pytest.mark.parametrize(("kind", "hours", "type_"), RINGS)
def test_what_is_claimed_or_resolved_rings_for_nobody_also_at_the_last_moment(
    room: QueueWorld,
    moment: Clock,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    hours: float,
    type_: str,
    act: Callable[[QueueWorld, str], None],
) -> None:
    box = PostBox().use(monkeypatch)
    bring(room, kind)
    pass_hours(moment, hours)
    assert set(lines(room)) == {type_}
    act(room, kind)
    Sender().send_due()
    assert box.taken == []
    assert told(room) == set()


def test_a_claim_that_has_lapsed_rings(room: QueueWorld, moment: Clock) -> None:
    bring(room, "pending_post")
    moment.forward(hours=1.5)
    claimed(room, "pending_post")
    pass_hours(moment, 0.75)
    assert told(room) == set()
    pass_hours(moment, 0.5)
    assert told(room) == TEAM


def test_an_answer_that_the_queue_has_not_noticed_yet_is_an_answer(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    thread = make.thread(room["author"], room.group).thread_id
    pass_hours(moment, 4)
    assert told(room) == TEAM
    with monkeypatch.context() as away:
        away.setattr("forum.core.background.periodic.soon", lambda *_: None)
        make.post(room["other"], thread)
    Sender().send_due()
    assert [one for one in box.taken if "new member" in one[2].paragraphs[0]] == []
    pass_hours(moment, 20)
    assert told(room) == set()


# Who is told


def suspended(room: QueueWorld, who: Viewer, moment: Clock) -> None:
    change(who, suspended_until=moment.now() + timedelta(days=9))


def demoted(room: QueueWorld, who: Viewer, _moment: Clock) -> None:
    with transaction() as session:
        session.get_one(Membership, (who.id, room.group)).role = MEMBER


def resting(_room: QueueWorld, who: Viewer, _moment: Clock) -> None:
    rota.take_break(who)


def blocking(room: QueueWorld, who: Viewer, _moment: Clock) -> None:
    accounts.block(who, room["author"].id or 0)


def passing_on(room: QueueWorld, who: Viewer, _moment: Clock) -> None:
    queue.hand_over(who, waiting(room, "abuse").id, note="I know them")


def change(who: Viewer, **values: object) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.id == who.id).values(**values))


@pytest.mark.parametrize("away", [suspended, demoted, resting, blocking])
def test_who_is_away_or_does_not_meet_the_person_is_not_told(
    room: QueueWorld,
    moment: Clock,
    monkeypatch: pytest.MonkeyPatch,
    away: Callable[[QueueWorld, Viewer, Clock], None],
) -> None:
    away(room, room["second"], moment)
    bring(room, "abuse")
    assert told(room) == TEAM - {"second"}


@pytest.mark.parametrize("away", [suspended, demoted, resting, blocking, passing_on])
def test_who_is_away_by_the_time_it_is_sent_is_not_told_either(
    room: QueueWorld,
    moment: Clock,
    monkeypatch: pytest.MonkeyPatch,
    away: Callable[[QueueWorld, Viewer, Clock], None],
) -> None:
    box = PostBox().use(monkeypatch)
    bring(room, "abuse")
    away(room, room["second"], moment)
    Sender().send_due()
    assert {account_id for account_id, *_ in box.taken} == {
        room[name].id for name in TEAM - {"second"}
    }


def test_neither_the_person_reported_nor_a_reporter_is_told(room: QueueWorld) -> None:
    post = make.post(room["moderator"], room.thread).id
    room.report("facilitator", reason="abuse", post=post)
    assert told(room) == {"second"}


def test_who_reports_something_later_hears_no_more_of_it(
    room: QueueWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    bring(room, "abuse")
    room.report("second", reason="abuse")
    Sender().send_due()
    assert room["second"].id not in {account_id for account_id, *_ in box.taken}


def test_administrators_are_told_where_the_group_has_nobody_else(
    room: QueueWorld, moment: Clock
) -> None:
    for name in TEAM:
        demoted(room, room[name], moment)
    bring(room, "abuse")
    assert told(room) == {"administrator"}


def test_with_nobody_at_all_nothing_fails_and_nothing_comes_later(
    room: QueueWorld, moment: Clock
) -> None:
    for name in (*TEAM, "administrator"):
        suspended(room, room[name], moment)
    bring(room, "abuse")
    change(room["second"], suspended_until=None)
    pass_hours(moment, 2)
    assert told(room) == set()


def test_a_new_moderator_hears_nothing_of_what_has_rung(room: QueueWorld, moment: Clock) -> None:
    bring(room, "pending_post")
    bring(room, "abuse")
    pass_hours(moment, 3)
    with transaction() as session:
        session.get_one(Membership, (room["other"].id, room.group)).role = MODERATOR
    pass_hours(moment, 20)
    assert told(room) == TEAM


# How much


def test_where_much_waits_one_email_an_hour_goes_out_and_the_list_has_all(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    for _ in range(3):
        room.report(reason="abuse", post=make.post(room["author"], room.thread).id)
    Sender().send_due()
    assert Counter(one for one, *_ in box.taken) == {room[name].id: 1 for name in TEAM}
    assert Counter(lines(room)["urgent_report"]) == dict.fromkeys(TEAM, 3)
    moment.forward(minutes=61)
    room.report(reason="abuse", post=make.post(room["author"], room.thread).id)
    Sender().send_due()
    assert Counter(one for one, *_ in box.taken) == {room[name].id: 2 for name in TEAM}


def test_a_report_that_becomes_urgent_rings_again(room: QueueWorld, moment: Clock) -> None:
    bring(room, "spam")
    pass_hours(moment, 24)
    assert set(lines(room)) == {"open_report"}
    room.report("other", reason="privacy")
    assert set(lines(room)) == {"open_report", "urgent_report"}


def test_a_crisis_calls_and_rings_no_bell(room: QueueWorld, moment: Clock) -> None:
    bring(room, "harm_self")
    pass_hours(moment, 30)
    assert told(room) == set()


def test_quiet_hours_and_choices_hold(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    Readers.choose(room["second"], "never", ["duties"])
    Readers.set(room["moderator"], quiet_from=0, quiet_until=24 * 60 - 1)
    bring(room, "abuse")
    Sender().send_due()
    assert [account_id for account_id, *_ in box.taken] == [room["facilitator"].id]


# Clocks


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps_rings_nothing_twice(room: QueueWorld, moment: Clock, days: int) -> None:
    bring(room, "pending_post")
    bring(room, "abuse")
    pass_hours(moment, 3)
    before = lines(room)
    moment.forward(days=days)
    pass_hours(moment, 6)
    assert lines(room) == before


def test_what_opened_in_the_future_does_not_wait_for_it(room: QueueWorld, moment: Clock) -> None:
    bring(room, "pending_post")
    moment.forward(days=-3)
    bells.ring_due()
    assert told(room) == TEAM
