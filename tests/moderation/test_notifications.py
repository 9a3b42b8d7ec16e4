"""Who is notified of pending actions and appeals, and of their outcome."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum import jobs
from forum.core import clock, db
from forum.core.background import leader
from forum.core.errors import Conflict, Forbidden
from forum.groups import service as groups
from forum.moderation.actions import log_entries, service
from forum.moderation.actions.threads import split
from forum.moderation.appeals import policy as undo_policy
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.second_approval import approvers, pending_actions
from forum.notifications import queries as notifications
from forum.notifications import service as notified
from forum.threads import queries as thread_queries
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from tests.support import factories as make
from tests.support import notification_badge
from tests.support.worlds.moderation_world import ModerationWorld, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def told(people: dict[str, Any], *kinds: str) -> dict[str, list[str]]:
    """Return what everybody reads now of these kinds, without the ones who read nothing."""
    db.release_session()
    read = {
        who: [line.type for line in notifications.lines(one) if line.type in kinds]
        for who, one in people.items()
    }
    return {who: lines for who, lines in read.items() if lines}


def proposed(room: ModerationWorld, who: str = "moderator") -> int:
    """Propose to delete the author's post, and return the proposal."""
    _, people, place = room
    return (
        service.take_action(people[who], "delete", place.id, reason="An address").pending_action_id
        or 0
    )


WAITS = ("approval_needed", "appeal_waiting")
OUTCOMES = ("action_approved", "action_declined", "action_lapsed")


def test_approvers_are_notified_until_one_has_approved(room: ModerationWorld) -> None:
    group, people, _ = room
    people["elsewhere"] = make.join(make.person(), make.group(), "moderator")
    people["suspended"] = make.join(make.person(), group, "moderator")
    service.take_action(
        people["administrator"], "suspend", people["suspended"].id, reason="Rest", value="3"
    )
    notified.read(people["second"])  # the thread is new to whoever moderates its group
    asked = proposed(room)
    assert told(people, *WAITS) == {
        "second": ["approval_needed"],
        "administrator": ["approval_needed"],
    }
    unread = notification_badge.unread(people["second"].id)
    pending_actions.answer(people["administrator"], asked, confirm=True)
    assert told(people, *WAITS) == {}
    assert notification_badge.unread(people["second"].id) == unread - 1
    assert told(people, *OUTCOMES) == {"moderator": ["action_approved"]}


def test_nobody_is_notified_of_what_is_proposed_about_themselves(room: ModerationWorld) -> None:
    group, people, _ = room
    service.take_action(
        people["moderator"], "warn", people["second"].id, group_id=group, reason="Sharp"
    )
    assert told(people, *WAITS) == {"administrator": ["approval_needed"]}


def test_whose_words_would_be_split_off_does_not_decide_about_it(room: ModerationWorld) -> None:
    _, people, place = room
    own = make.post(people["second"], place.thread_id)
    asked = service.take_action(
        people["moderator"],
        "split",
        place.thread_id,
        value=split.as_value("Apart", [str(own.id)]),
    ).pending_action_id
    assert told(people, *WAITS) == {"administrator": ["approval_needed"]}
    assert approvers.pending_for(people["second"]) == []
    for confirm in (True, False):
        with pytest.raises(Forbidden):
            pending_actions.answer(people["second"], asked or 0, confirm=confirm)


def test_the_proposer_reads_that_it_was_declined_without_the_reason(
    room: ModerationWorld,
) -> None:
    _, people, _ = room
    asked = proposed(room)
    row_id = pending_actions.answer(people["second"], asked, confirm=False)
    assert told(people, *OUTCOMES) == {"moderator": ["action_declined"]}
    (row,) = log.find(people["administrator"], LogFilter())
    assert (row.id, row.action, row.by, row.approver, row.reason) == (
        row_id,
        log_entries.DECLINED,
        people["moderator"].handle,
        people["second"].handle,
        "Proposed was: delete",
    )
    assert log.find(people["facilitator"], LogFilter()) == []
    assert appeal_queries.entries_about(people["author"]) == []
    assert undo_policy.offered(people["administrator"], [row_id]) == set()
    with pytest.raises(Conflict):
        appeals_undo.undo(people["administrator"], row_id)


def test_a_withdrawn_pending_action_notifies_nobody(room: ModerationWorld) -> None:
    _, people, _ = room
    row_id = pending_actions.answer(people["moderator"], proposed(room), confirm=False)
    assert told(people, *OUTCOMES, *WAITS) == {}
    (row,) = log.find(people["second"], LogFilter(action=log_entries.WITHDRAWN))
    assert (row.id, row.approver) == (row_id, None)


def test_a_pending_action_lapses_after_14_days_once(
    room: ModerationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, people, place = room
    asked, start = proposed(room), clock.now()
    for passed, lapsed in (
        (timedelta(days=13, hours=23), 0),
        (timedelta(days=14), 1),
        (timedelta(days=40), 1),
    ):
        monkeypatch.setattr(clock, "now", lambda passed=passed: start + passed)
        pending_actions.expire()
        db.release_session()
        rows = log.find(people["second"], LogFilter(action=log_entries.EXPIRED))
        assert len(rows) == lapsed
    assert told(people, *OUTCOMES, *WAITS) == {"moderator": ["action_lapsed"]}
    with pytest.raises(Conflict):
        pending_actions.answer(people["second"], asked, confirm=True)
    assert thread_queries.post_for(people["member"], place.id).body == "Some words"
    assert proposed(room) != asked


def test_the_server_lets_pending_actions_every_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: dict[str, Any] = {}
    monkeypatch.setattr(
        leader, "every", lambda _seconds, name, work, **_: planned.update({name: work})
    )
    jobs.start()
    assert planned["pending_actions"] is pending_actions.expire


def test_an_appeal_reaches_moderators_who_did_not_act(room: ModerationWorld) -> None:
    _, people, place = room
    hidden = (
        service.take_action(people["moderator"], "hide", place.id, reason="A name").log_entry_id
        or 0
    )
    appeals_undo.appeal(people["author"], hidden, "It names nobody.")
    assert told(people, *WAITS) == {
        "second": ["appeal_waiting"],
        "administrator": ["appeal_waiting"],
        "facilitator": ["appeal_waiting"],
    }
    appeals_undo.answer_appeal(people["facilitator"], hidden, overturn=False)
    assert told(people, *WAITS) == {}
    assert told(people, "appeal_answered") == {"author": ["appeal_answered"]}


def test_a_facilitator_can_answer_an_appeal_against_a_declined_post(room: ModerationWorld) -> None:
    _, people, place = room
    service.take_action(people["moderator"], "review", place.thread_id)
    late = threads.post_reply(people["member"], place.thread_id, body="Waits")
    pre_moderation.decline(people["moderator"], late.id, "Off the matter")
    db.release_session()
    (row,) = appeal_queries.entries_about(people["member"])
    appeals_undo.appeal(people["member"], row.id, "It was a question.")
    assert "facilitator" in told(people, *WAITS)
    appeals_undo.answer_appeal(people["facilitator"], row.id, overturn=True, answer="Ask again")
    assert told(people, *WAITS) == {}


def test_who_has_left_the_group_reads_no_more_of_what_waits_there(room: ModerationWorld) -> None:
    group, people, _ = room
    proposed(room)
    groups.leave(people["second"], group)
    assert told(people, *WAITS) == {"administrator": ["approval_needed"]}
