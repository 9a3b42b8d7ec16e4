"""Objections and proposals when the matter has moved on, and forms that decide nothing."""

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Conflict, Forbidden
from forum.groups import service as groups
from forum.moderation.actions import service
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.second_approval import approvers, pending_actions
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.group_world import post
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def silenced(room: ModerationWorld, days: str = "9") -> int:
    """Silence the member for a time, and return the action's row."""
    group, people, _ = room
    done = service.take_action(
        people["moderator"],
        "silence",
        people["member"].id,
        group_id=group,
        reason="Rest",
        value=days,
    )
    return done.log_entry_id or 0


def test_a_warning_can_be_withdrawn_on_appeal(room: ModerationWorld) -> None:
    group, people, _ = room
    member = people["member"]
    warned = service.take_action(
        people["moderator"], "warn", member.id, group_id=group, reason="Too sharp"
    ).log_entry_id
    appeals_undo.appeal(member, warned or 0, "It was a joke between us.")
    appeals_undo.answer_appeal(people["second"], warned or 0, overturn=True, answer="I see")
    db.release_session()
    (row,) = appeal_queries.entries_about(member)
    assert (row.overturned, row.undone, row.answer) == (True, False, "I see")


@pytest.mark.parametrize("how", ["undo", "restore"])
def test_an_appeal_is_not_declined_by_an_earlier_undo(room: ModerationWorld, how: str) -> None:
    _, people, place = room
    hidden = (
        service.take_action(people["moderator"], "hide", place.id, reason="A name").log_entry_id
        or 0
    )
    appeals_undo.appeal(people["author"], hidden, "It names nobody.")
    if how == "undo":
        appeals_undo.undo(people["moderator"], hidden)
    else:
        service.take_action(people["moderator"], "restore", place.id)
    appeals_undo.answer_appeal(people["second"], hidden, overturn=True)
    db.release_session()
    rows = {row.id: row for row in appeal_queries.entries_about(people["author"])}
    assert rows[hidden].overturned
    assert rows[hidden].undone


def test_what_was_changed_since_is_not_undone_for_an_appeal(room: ModerationWorld) -> None:
    _, people, _ = room
    first = silenced(room)
    silenced(room, "99")
    appeals_undo.appeal(people["member"], first, "Why?")
    with pytest.raises(Conflict):
        appeals_undo.answer_appeal(people["second"], first, overturn=True)


def test_a_silence_can_be_undone_for_a_former_member(room: ModerationWorld) -> None:
    group, people, place = room
    member = people["member"]
    done = silenced(room)
    appeals_undo.appeal(member, done, "It was not me.")
    groups.leave(member, group)
    appeals_undo.answer_appeal(people["second"], done, overturn=True)
    groups.join(member, group)
    threads.post_reply(member, place.thread_id, body="Thank you")


def test_an_earlier_silence_undone_meanwhile_leaves_the_later_one(room: ModerationWorld) -> None:
    group, people, place = room
    member = people["member"]
    first = silenced(room)
    silenced(room, "99")
    groups.leave(member, group)
    with pytest.raises(Conflict):
        appeals_undo.undo(people["second"], first)
    groups.join(member, group)
    with pytest.raises(Forbidden, match="Rest"):
        threads.post_reply(member, place.thread_id, body="Hello")


def test_what_one_did_to_ones_own_words_one_undoes_and_nothing_else(room: ModerationWorld) -> None:
    _, people, place = room
    mine = make.post(people["moderator"], place.thread_id)
    own = service.take_action(people["moderator"], "hide", mine.id).log_entry_id or 0
    appeals_undo.undo(people["moderator"], own)
    others = service.take_action(people["administrator"], "hide", mine.id).log_entry_id or 0
    with pytest.raises(Forbidden):
        appeals_undo.undo(people["moderator"], others)


def test_who_proposed_something_can_take_it_back(room: ModerationWorld) -> None:
    _, people, place = room
    asked = service.take_action(
        people["moderator"], "delete", place.id, reason="An address"
    ).pending_action_id
    pending_actions.answer(people["moderator"], asked or 0, confirm=False)
    db.release_session()
    assert approvers.pending_for(people["second"]) == []
    with pytest.raises(Conflict):
        pending_actions.answer(people["second"], asked or 0, confirm=True)


def test_one_sees_what_one_has_proposed_about_oneself(room: ModerationWorld) -> None:
    _, people, _ = room
    own = make.post(people["moderator"], room[2].thread_id).id
    asked = service.take_action(people["moderator"], "delete", own).pending_action_id
    assert [one.id for one in approvers.pending_for(people["moderator"])] == [asked]


def test_a_form_without_a_button_decides_nothing(app: Flask, room: ModerationWorld) -> None:
    _, people, place = room
    asked = service.take_action(people["moderator"], "delete", place.id).pending_action_id
    hidden = service.take_action(people["moderator"], "hide", place.id).log_entry_id or 0
    appeals_undo.appeal(people["author"], hidden, "It names nobody.")
    browser = app.test_client()
    make.log_in(browser, people["second"])
    for path in (f"/moderation/pending-actions/{asked}", f"/moderation/appeals/{hidden}"):
        for sent in ({}, {"confirm": "true", "overturn": "true"}):
            assert post(browser, path, as_json=True, **sent).status_code == 422
        kept = post(browser, path, as_json=False, answer="My long answer")
        assert "My long answer" in kept.text
    assert len(approvers.pending_for(people["second"])) == 1
    assert len(appeal_queries.appeals_for(people["second"])) == 1
