"""Two accounts of one person are not four eyes, however the second one came by its role."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Refusal
from forum.groups.membership import roles
from forum.moderation.actions import conflicts_of_interest, service
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.second_approval import approvers, pending_actions
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.suite.thoroughness import examples
from tests.support.worlds import moderation_world
from tests.support.worlds.moderation_world import ModerationWorld


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world.moderation_world()


def _promote(room: ModerationWorld, by: Viewer, *, role: str = "moderator", days: int = 8) -> Any:
    """Return a new member to whom somebody gave a role so many days ago."""
    person = make.join(make.person(), room[0])
    service.take_action(by, "role", person.id or 0, group_id=room[0], value=role)
    _age(room[0], person, days)
    return person


def _age(group_id: int, person: Viewer, days: int) -> None:
    with transaction() as session:
        now = roles.role_state_of(session, group_id, person.id or 0)
        then = roles.RoleState(now.role, clock.now() - timedelta(days=days), now.hands)
        roles.set_role_state(session, group_id, person.id or 0, then, None)


def _confirms(room: ModerationWorld, first: Viewer, second: Viewer) -> bool:
    place = threads.post_reply(room[1]["author"], room[2].thread_id, body="An address")
    asked = service.take_action(first, "delete", place.id).pending_action_id or 0
    db.release_session()
    offered = (second.id or 0) in approvers.accounts_that_may_approve(asked)
    assert offered == (asked in {one.id for one in approvers.pending_for(second)})
    try:
        pending_actions.answer(second, asked, confirm=True)
    except Forbidden:
        assert not offered
        return False
    assert offered
    return True


def test_who_was_promoted_by_the_first_does_not_confirm(room: ModerationWorld) -> None:
    moderator = room[1]["moderator"]
    second_account = _promote(room, moderator)
    assert not _confirms(room, moderator, second_account)
    assert not _confirms(room, second_account, moderator)


def test_a_chain_or_a_third_account_cannot_approve(room: ModerationWorld) -> None:
    moderator = room[1]["moderator"]
    first = _promote(room, moderator)
    chained = _promote(room, first)
    assert not _confirms(room, moderator, chained)
    beside = _promote(room, moderator)
    assert not _confirms(room, chained, beside)


def test_who_has_the_role_for_a_week_by_another_hand_confirms(room: ModerationWorld) -> None:
    people = room[1]
    fresh = _promote(room, people["second"], days=6)
    assert not _confirms(room, people["moderator"], fresh)
    seasoned = _promote(room, people["second"])
    assert _confirms(room, people["moderator"], seasoned)
    assert not _confirms(room, people["second"], seasoned)


def test_the_operator_is_another_hand_and_counts_at_once(room: ModerationWorld) -> None:
    people = room[1]
    named = make.join(make.person(), room[0], "moderator")
    assert _confirms(room, people["moderator"], named)


def test_administrators_confirm_where_nobody_else_can(room: ModerationWorld) -> None:
    people = room[1]
    administrator = people["administrator"]
    named = _promote(room, administrator)
    other = _promote(room, administrator)
    assert _confirms(room, named, other)  # two whom the administrator chose
    assert _confirms(room, named, administrator)
    assert not _confirms(room, administrator, named)


def test_a_second_account_does_not_hear_an_appeal(room: ModerationWorld) -> None:
    group, people, _ = room
    moderator, member = people["moderator"], people["member"]
    second_account = _promote(room, moderator)
    done = service.take_action(moderator, "warn", member.id, group_id=group, reason="Tone")
    appeals_undo.appeal(member, done.log_entry_id or 0, "I see it differently")
    db.release_session()
    assert second_account.id not in appeal_queries.accounts_that_may_answer_appeal(
        done.log_entry_id or 0
    )
    assert people["second"].id in appeal_queries.accounts_that_may_answer_appeal(
        done.log_entry_id or 0
    )
    with pytest.raises(Forbidden):
        appeals_undo.answer_appeal(second_account, done.log_entry_id or 0, overturn=False)
    appeals_undo.answer_appeal(people["second"], done.log_entry_id or 0, overturn=False)


def test_role_changes_are_logged_notified_and_undone(room: ModerationWorld) -> None:
    group, people, _ = room
    moderator, member = people["moderator"], people["member"]
    done = service.take_action(
        moderator, "role", member.id, group_id=group, value="facilitator", reason="You help a lot"
    )
    db.release_session()
    assert [row.action for row in appeal_queries.entries_about(member)] == ["role"]
    with pytest.raises(Conflict):
        service.take_action(moderator, "role", member.id, group_id=group, value="facilitator")
    appeals_undo.undo(people["second"], done.log_entry_id or 0)
    with transaction() as session:
        assert roles.role_state_of(session, group, member.id).role == "member"


def test_a_role_that_was_lost_by_mistake_comes_back_as_it_was(room: ModerationWorld) -> None:
    group, people, _ = room
    administrator, second = people["administrator"], people["second"]
    done = service.take_action(administrator, "role", second.id, group_id=group, value="member")
    appeals_undo.undo(administrator, done.log_entry_id or 0)
    with transaction() as session:
        assert roles.role_state_of(session, group, second.id) == roles.RoleState("moderator")
    assert _confirms(room, people["moderator"], second)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_one_person_cannot_have_given_both_roles(app: Flask, grants: list[tuple[int, int]]) -> None:
    """Whatever order roles are given in, one person's accounts never confirm each other."""
    group = make.group()
    root = make.join(make.person(), group, "moderator")
    everyone = [root, *(make.join(make.person(), group) for _ in range(5))]
    for giver, taker in grants:
        try:
            service.take_action(
                everyone[giver], "role", everyone[taker].id or 0, group_id=group, value="moderator"
            )
        except Refusal:
            continue
    for person in everyone[1:]:
        _age(group, person, 9)
    with transaction() as session:
        moderators = [
            one
            for one in everyone
            if roles.role_state_of(session, group, one.id or 0).role == "moderator"
        ]
        for one in moderators:
            for other in moderators:
                assert not conflicts_of_interest.is_independent(
                    session, one.id or 0, other.id or 0, group
                )
