"""The log of actions: it stays as it is, who sees it, objections, and what erasing leaves of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from forum.core import db
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.moderation.actions import service
from forum.moderation.appeals import policy as undo_policy
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.audit_log import csv_export
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.models import AuditLogEntry
from forum.moderation.second_approval import approvers, pending_actions
from forum.privacy import service as privacy
from forum.threads import queries as thread_queries
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.worlds.moderation_world import ModerationWorld, count, moderation_world


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world()


def test_the_log_cannot_be_changed_or_deleted(room: ModerationWorld) -> None:
    _, people, place = room
    service.take_action(people["facilitator"], "hide", place.id, reason="A name")
    for change in (
        update(AuditLogEntry).values(reason="Another"),
        update(AuditLogEntry).values(by_id=people["member"].id),
        update(AuditLogEntry).values(action="lock"),
        delete(AuditLogEntry),
    ):
        with pytest.raises(DBAPIError), db.transaction() as session:
            session.execute(change)
    with db.transaction() as session:
        session.execute(update(AuditLogEntry).values(reason="", by_id=None))
    assert count() == 1


def test_an_action_that_cannot_be_logged_is_not_taken(room: ModerationWorld) -> None:
    _, people, place = room

    def spoil(_mapper, _connection, row) -> None:  # type: ignore[no-untyped-def]
        row.target_kind = "nonsense"

    event.listen(AuditLogEntry, "before_insert", spoil)
    try:
        with pytest.raises(IntegrityError):
            service.take_action(people["facilitator"], "hide", place.id)
    finally:
        event.remove(AuditLogEntry, "before_insert", spoil)
    assert count() == 0
    assert thread_queries.post_for(people["member"], place.id)


def test_an_appeal_goes_to_another_moderator(room: ModerationWorld) -> None:
    _, people, place = room
    done = service.take_action(people["moderator"], "hide", place.id).log_entry_id or 0
    with pytest.raises(NotFound):
        appeals_undo.appeal(people["member"], done, "Why")
    appeals_undo.appeal(people["author"], done, "It names nobody.")
    db.release_session()
    assert not appeal_queries.appeals_for(people["moderator"])
    assert len(appeal_queries.appeals_for(people["second"])) == 1
    with pytest.raises(Forbidden):
        appeals_undo.answer_appeal(people["moderator"], done, overturn=False)
    appeals_undo.answer_appeal(people["second"], done, overturn=True)
    db.release_session()
    assert thread_queries.post_for(people["member"], place.id)
    assert appeal_queries.entries_about(people["author"])[-1].overturned


def test_the_tab_of_the_log_says_what_waits_there_for_whom(
    app: Flask, room: ModerationWorld
) -> None:
    _, people, place = room
    done = service.take_action(people["moderator"], "lock", place.thread_id).log_entry_id or 0
    service.take_action(people["moderator"], "delete", place.id)
    appeals_undo.appeal(people["author"], done, "It was quiet.")
    db.release_session()
    waits = {
        name: log.count_waiting(people[name]) for name in ("moderator", "facilitator", "second")
    }
    assert waits == {"moderator": 0, "facilitator": 1, "second": 2}
    for name, words in (("second", "2 decisions for you"), ("moderator", None)):
        client = app.test_client()
        make.log_in(client, people[name])
        for path in ("/moderation", "/moderation/log", "/moderation/rota"):
            said = client.get(path).get_data(as_text=True)
            assert (" for you</span>" in said) == bool(words)
            assert words is None or words in said


def test_who_sees_the_log(room: ModerationWorld) -> None:
    group, people, place = room
    service.take_action(people["moderator"], "hide", place.id, reason="=cmd")
    db.release_session()
    for who in ("author", "member"):
        with pytest.raises(Forbidden):
            log.find(people[who], LogFilter())
    assert [row.action for row in log.find(people["facilitator"], LogFilter())] == ["hide"]
    author_id = people["author"].id
    service.take_action(people["moderator"], "note", author_id, group_id=group, reason="Third time")
    quiet: dict[str, Any] = {"group_id": group, "reason": "Rest", "value": "1"}
    service.take_action(people["moderator"], "silence", author_id, **quiet)
    db.release_session()
    rows = log.find(people["facilitator"], LogFilter())
    assert [row.action for row in rows] == ["silence", "hide"]
    offered = undo_policy.offered(people["facilitator"], [row.id for row in rows])
    assert [row.action for row in rows if row.id in offered] == ["hide"]
    assert [row.action for row in log.find(people["second"], LogFilter())] == [
        "silence",
        "note",
        "hide",
    ]
    elsewhere = make.join(make.person(), make.group(), "moderator")
    assert log.find(elsewhere, LogFilter()) == []
    assert len(log.find(people["administrator"], LogFilter(action="hide", words="CMD"))) == 1
    assert log.find(people["administrator"], LogFilter(until="2001-01-01")) == []
    assert b"'=cmd" in b"".join(csv_export.as_csv(people["second"], LogFilter()))


def test_nobody_sees_what_is_proposed_or_done_about_themselves(room: ModerationWorld) -> None:
    group, people, _ = room
    second = people["second"]
    asked = service.take_action(
        people["moderator"], "warn", second.id, group_id=group, reason="Too sharp"
    )
    assert [one.action for one in approvers.pending_for(people["administrator"])] == ["warn"]
    assert approvers.pending_for(second) == approvers.pending_for(people["facilitator"]) == []
    with pytest.raises(Conflict):
        service.take_action(people["moderator"], "warn", second.id, group_id=group, reason="Again")
    pending_actions.answer(people["administrator"], asked.pending_action_id or 0, confirm=True)
    db.release_session()
    assert log.find(second, LogFilter()) == []
    assert [row.action for row in appeal_queries.entries_about(second)] == ["warn"]


def test_an_appeal_of_a_moderator_is_for_any_other(room: ModerationWorld) -> None:
    group, people, _ = room
    member, second = people["member"], people["second"]
    third = make.join(make.person(), group, "moderator")
    place = threads.start_thread(second, group, title="A title", body="Some words")
    asked = service.take_action(people["moderator"], "hide", place.id)
    done = pending_actions.answer(
        people["administrator"], asked.pending_action_id or 0, confirm=True
    )
    with pytest.raises(Forbidden):
        appeals_undo.undo(third, done or 0)
    appeals_undo.appeal(second, done or 0, "It is only sad.")
    for who in (second, people["moderator"], people["administrator"]):
        with pytest.raises(Forbidden):
            appeals_undo.answer_appeal(who, done or 0, overturn=True)
    appeals_undo.answer_appeal(third, done or 0, overturn=True)
    db.release_session()
    assert thread_queries.post_for(member, place.id)


def test_a_moderator_who_erases_themselves_leaves_the_reasons(room: ModerationWorld) -> None:
    group, people, _ = room
    password = "seven quiet herons"
    leaving = make.join(make.person(password=password), group, "moderator")
    author = make.join(make.person(password=password), group)
    place = threads.start_thread(author, group, title="A title", body="Some words")
    service.take_action(leaving, "hide", place.id, reason="A name", message="Sorry")
    privacy.erase_myself(leaving, posts=privacy.KEEP, password=password, confirmed=True)
    db.release_session()
    (row,) = appeal_queries.entries_about(author)
    assert (row.reason, row.message) == ("A name", "Sorry")
    assert "by" not in row._fields
    (row,) = log.find(people["second"], LogFilter())
    assert (row.by, row.reason, row.message) == (None, "A name", "Sorry")
    privacy.erase_myself(author, posts=privacy.KEEP, password=password, confirmed=True)
    db.release_session()
    (row,) = log.find(people["second"], LogFilter())
    assert (row.action, row.person, row.reason, row.message) == ("hide", None, "", "")


def test_posts_are_hidden_shown_and_moved_through_the_log_alone() -> None:
    root = Path(service.__file__).parents[2]
    verbs = re.compile(
        r"\b(?:threads|service)\.(?:hide_post|restore_post)\b"
        r"|\b(?:moderator_edits|move|split_merge)\.[a-z]"
    )
    users = {
        path.relative_to(root) for path in root.rglob("*.py") if verbs.search(path.read_text())
    }
    within = {path for path in users if path.parts[0] == "threads"}
    assert {path.parts[:2] for path in users - within} == {("moderation", "actions")}
    assert {path.name for path in within} == {"move.py", "split_merge.py", "pre_moderation.py"}
