"""Moderators, when it is about themselves or a colleague."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts import queries as account_queries
from forum.accounts import service as accounts
from forum.core import clock, db
from forum.core.errors import Forbidden
from forum.moderation.actions import service
from forum.moderation.second_approval import pending_actions
from forum.threads import queries as threads
from tests.support import factories as make
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world

A_DAY = timedelta(days=1)


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def test_nobody_alone_shows_again_what_was_hidden_of_theirs(room: ModerationWorld) -> None:
    _, people, place = room
    own = make.post(people["facilitator"], place.thread_id).id
    assert service.take_action(people["facilitator"], "hide", own).log_entry_id
    service.take_action(people["moderator"], "restore", own)
    service.take_action(people["moderator"], "hide", own, reason="A name")
    asked = service.take_action(people["facilitator"], "restore", own)
    assert asked.log_entry_id is None
    with pytest.raises(Forbidden):
        pending_actions.answer(people["facilitator"], asked.pending_action_id or 0, confirm=True)
    pending_actions.answer(people["moderator"], asked.pending_action_id or 0, confirm=True)
    db.release_session()
    assert threads.post_for(people["member"], own).state == "published"


@pytest.mark.parametrize("name", ["unsilence", "silence"])
def test_nobody_alone_changes_what_was_imposed_on_them(room: ModerationWorld, name: str) -> None:
    group, people, _ = room
    me = people["moderator"]
    imposed = service.take_action(
        people["administrator"], "silence", me.id, group_id=group, reason="Rest", value="9"
    )
    again = service.take_action(me, name, me.id, group_id=group, reason="I am fine", value="1")
    assert imposed.log_entry_id
    assert again.log_entry_id is None


def test_an_administrator_does_not_lock_themselves_out_by_mistake(room: ModerationWorld) -> None:
    _, people, _ = room
    me = people["administrator"]
    assert (
        service.take_action(me, "suspend", me.id, reason="A slip", value="3").log_entry_id is None
    )
    found = account_queries.viewer(me.id)
    assert found
    assert found.is_administrator


def test_actions_on_a_suspended_colleague_need_a_second_approval_too(room: ModerationWorld) -> None:
    group, people, _ = room
    colleague, other = people["second"], make.administrator()
    for person in (colleague, other):
        accounts.suspend(person.id or 0, until=clock.now() + A_DAY, because="A test")
    by = {
        "moderator": ("silence", colleague.id, group),
        "administrator": ("suspend", other.id, None),
    }
    for who, (name, person_id, where) in by.items():
        done = service.take_action(
            people[who], name, person_id, group_id=where, reason="More", value="99"
        )
        assert done.log_entry_id is None
