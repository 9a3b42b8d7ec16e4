"""Actions: who may, what is logged, what is undone, and what a member cannot do meanwhile."""

from functools import partial
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.accounts.policy import member_id
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany
from forum.groups import service as groups
from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.room.messages import private_notes
from forum.meetings.room.messages import service as messages
from forum.moderation.actions import policy, role_ranks, service
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.models import AuditLogEntry
from forum.moderation.second_approval import pending_actions
from forum.moderation.second_approval import policy as approval_policy
from forum.threads import queries as thread_queries
from forum.threads import service as threads
from forum.threads.lists import thread_lists
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.moderation_world import ModerationWorld, count, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


RANKS = range(role_ranks.OUTSIDER, role_ranks.ADMINISTRATOR + 1)


@pytest.mark.parametrize("name", ACTIONS)
def test_nobody_takes_action_alone_on_the_same_or_a_higher_role(name: str) -> None:
    action = ACTIONS[name]
    for by, person in product(RANKS, RANKS):
        how = policy.decide(action, by, person)
        from_below = action.from_above and person >= by  # which no second person mends
        assert (how == policy.REFUSED) == (by < action.least or from_below), (by, person)
        if how == policy.ALONE:
            assert person < by
            assert not action.needs_second
    for second in RANKS:
        assert not approval_policy.may_approve(action, second, is_first=True, is_person=False)
        assert not approval_policy.may_approve(action, second, is_first=False, is_person=True)
        ok = approval_policy.may_approve(action, second, is_first=False, is_person=False)
        assert ok == (second >= action.least)


def test_an_action_is_logged_notified_of_and_undone(room: ModerationWorld) -> None:
    _, people, place = room
    done = service.take_action(
        people["facilitator"], "hide", place.id, reason="A name", message="Sorry"
    )
    assert count() == 1
    with pytest.raises(NotFound):
        thread_queries.post_for(people["member"], place.id)
    (row,) = appeal_queries.entries_about(people["author"])
    assert (row.action, row.reason, row.message) == ("hide", "A name", "Sorry")
    assert not appeal_queries.entries_about(people["member"])
    assert notification_badge.unread(people["author"].id) == 1
    with pytest.raises(Conflict):
        service.take_action(people["moderator"], "hide", place.id)
    with pytest.raises(Refusal):
        appeals_undo.undo(people["author"], done.log_entry_id or 0)
    appeals_undo.undo(people["moderator"], done.log_entry_id or 0)
    db.release_session()
    assert thread_queries.post_for(people["member"], place.id)
    with pytest.raises(Conflict):
        appeals_undo.undo(people["moderator"], done.log_entry_id or 0)
    assert count() == 2


def test_delete_for_good_needs_a_second_person(room: ModerationWorld) -> None:
    _, people, place = room
    with pytest.raises(Forbidden):
        service.take_action(people["facilitator"], "delete", place.id)
    asked = service.take_action(people["moderator"], "delete", place.id, reason="An address")
    assert asked.log_entry_id is None
    assert count() == 0
    for wrong in ("moderator", "facilitator", "member"):
        with pytest.raises(Refusal):
            pending_actions.answer(people[wrong], asked.pending_action_id or 0, confirm=True)
    pending_actions.answer(people["second"], asked.pending_action_id or 0, confirm=True)
    db.release_session()
    assert thread_queries.post_for(people["member"], place.id).body == ""
    with pytest.raises(Conflict):
        pending_actions.answer(people["second"], asked.pending_action_id or 0, confirm=False)


def test_lock_slow_and_silence_hold_at_the_service(room: ModerationWorld) -> None:
    group, people, place = room
    locked = service.take_action(people["facilitator"], "lock", place.thread_id)
    with pytest.raises(Forbidden, match="locked"):
        threads.post_reply(people["member"], place.thread_id, body="Hello")
    appeals_undo.undo(people["facilitator"], locked.log_entry_id or 0)
    threads.post_reply(people["member"], place.thread_id, body="Hello")
    service.take_action(people["facilitator"], "slow", place.thread_id, value="600")
    with pytest.raises(TooMany):
        threads.post_reply(people["member"], place.thread_id, body="Again")
    member_id = people["member"].id
    service.take_action(
        people["moderator"], "silence", member_id, group_id=group, reason="Rest", value="2"
    )
    with pytest.raises(Forbidden, match="Rest"):
        threads.start_thread(people["member"], group, title="A title", body="Hello")
    with pytest.raises(Forbidden):
        service.take_action(
            people["facilitator"], "silence", member_id, group_id=group, reason="No", value="2"
        )
    with pytest.raises(Forbidden):
        service.take_action(people["moderator"], "suspend", member_id, reason="No", value="2")


def test_who_is_silenced_does_not_react_and_loses_it_when_it_is_undone(
    room: ModerationWorld,
) -> None:
    group, people, place = room
    member, moderator = people["member"], people["moderator"]
    threads.react(member, place.id, "hug", on=True)
    done = service.take_action(
        moderator, "silence", member.id, group_id=group, reason="Rest", value="2"
    )
    with pytest.raises(Forbidden, match="Rest"):
        threads.react(member, place.id, "me_too", on=True)
    threads.react(member, place.id, "hug", on=False)
    appeals_undo.undo(people["second"], done.log_entry_id or 0)
    threads.react(member, place.id, "me_too", on=True)


def test_a_silence_holds_in_the_groups_meetings(room: ModerationWorld) -> None:
    group, people, _ = room
    member = people["member"]
    meeting = rooms.open_drop_in(people["facilitator"], group, title="Tea")
    rooms.enter_room(member, meeting)
    service.take_action(
        people["moderator"], "silence", member.id, group_id=group, reason="Rest", value="2"
    )
    for attempt in (
        lambda: messages.send_message(member, meeting, body="Hello", idempotency_key="k"),
        lambda: messages.require_reaction(member, meeting, "hug"),
        lambda: speaking_queue.raise_hand(member, meeting, up=True),
    ):
        with pytest.raises(Forbidden, match="Rest"):
            attempt()
    assert private_notes.send_private_note(member, meeting, body="May I say why?")


def test_a_site_wide_silence_is_refused_with_words(room: ModerationWorld) -> None:
    _, people, _ = room
    for name in ("silence", "unsilence", "warn"):
        with pytest.raises(Invalid) as refused:
            service.take_action(
                people["administrator"], name, people["member"].id, reason="Rest", value="2"
            )
        assert "action" in refused.value.fields


def test_the_same_action_of_two_in_one_moment_is_taken_once(room: ModerationWorld) -> None:
    _, people, place = room
    actions = [
        partial(service.take_action, people[who], "hide", place.id)
        for who in ("moderator", "second")
    ]
    failures = [one for one in run_at_once(*actions) if isinstance(one, Refusal)]
    assert len(failures) == 1
    assert isinstance(failures[0], Conflict)
    assert failures[0].status == 409
    assert count() == 1


def test_a_pinned_thread_comes_first(room: ModerationWorld) -> None:
    group, people, place = room
    threads.start_thread(people["member"], group, title="Newer", body="Some words")
    assert thread_lists.threads_of(people["member"], group, 1)[0].id != place.thread_id
    with pytest.raises(Forbidden):
        service.take_action(people["facilitator"], "pin", place.thread_id)
    done = service.take_action(people["moderator"], "pin", place.thread_id)
    db.release_session()
    first = thread_lists.threads_of(people["member"], group, 1)[0]
    assert (first.id, first.pinned) == (place.thread_id, True)
    appeals_undo.undo(people["second"], done.log_entry_id or 0)
    db.release_session()
    assert thread_lists.threads_of(people["member"], group, 1)[0].id != place.thread_id


def test_moderator_edits_are_notified_undone_and_forgotten_when_deleted(
    room: ModerationWorld,
) -> None:
    _, people, place = room
    author, moderator, second = people["author"], people["moderator"], people["second"]
    with pytest.raises(Invalid):
        service.take_action(moderator, "edit", place.id, value=" ")
    done = service.take_action(moderator, "edit", place.id, reason="A name", value="Some")
    db.release_session()
    assert thread_queries.post_for(people["member"], place.id).body == "Some"
    assert [row.action for row in appeal_queries.entries_about(author)] == ["edit"]
    appeals_undo.undo(second, done.log_entry_id or 0)
    db.release_session()
    assert thread_queries.post_for(people["member"], place.id).body == "Some words"
    asked = service.take_action(moderator, "delete", place.id)
    pending_actions.answer(second, asked.pending_action_id or 0, confirm=True)
    db.release_session()
    rows = db.current_session().execute(select(AuditLogEntry.before, AuditLogEntry.after)).all()
    assert all(tuple(row) == ({}, {}) for row in rows)


def test_a_ban_needs_two_has_no_end_and_can_be_undone(room: ModerationWorld) -> None:
    _, people, _ = room
    keeper, other, member = people["administrator"], make.administrator(), people["member"]
    for who in (people["moderator"], member):
        with pytest.raises(Forbidden):
            service.take_action(who, "ban", member.id, reason="Threats")
    asked = service.take_action(keeper, "ban", member.id, reason="Threats")
    with pytest.raises(Forbidden):
        pending_actions.answer(keeper, asked.pending_action_id or 0, confirm=True)
    done = pending_actions.answer(other, asked.pending_action_id or 0, confirm=True)
    banned = accounts.viewer(member.id)
    assert banned
    assert banned.banned
    with pytest.raises(Forbidden, match="permanently suspended"):
        member_id(banned)
    appeals_undo.appeal(banned, done or 0, "It was not me.")
    appeals_undo.undo(other, done or 0)
    assert not accounts.viewer(member.id).suspended  # type: ignore[union-attr]


def test_a_silence_outlasts_leaving_and_coming_back(room: ModerationWorld) -> None:
    group, people, place = room
    member = people["member"]
    done = service.take_action(
        people["moderator"], "silence", member.id, group_id=group, reason="Rest", value="2"
    )
    groups.leave(member, group)
    groups.join(member, group)
    with pytest.raises(Forbidden, match="Rest"):
        threads.post_reply(member, place.thread_id, body="Hello")
    appeals_undo.undo(people["second"], done.log_entry_id or 0)
    groups.leave(member, group)
    groups.join(member, group)
    threads.post_reply(member, place.thread_id, body="Hello")
