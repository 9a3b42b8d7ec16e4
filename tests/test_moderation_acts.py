"""Acts: who may, what is logged, what is undone, and what a member cannot do meanwhile."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from forum.accounts import queries as accounts
from forum.accounts.policy import member_id
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany
from forum.groups import service as groups
from forum.meetings import rooms, talking, turns
from forum.moderation import log, policy, service, undoing
from forum.moderation.log import Sought
from forum.moderation.models import LogRow
from forum.notifications import queries as notifications
from forum.privacy import service as privacy
from forum.threads import listing
from forum.threads import queries as thread_queries
from forum.threads import service as threads
from tests import factories as make


@pytest.fixture
def room(app: Flask):  # type: ignore[no-untyped-def]
    """Return a group's people by role, and a thread in it."""
    group = make.group()
    people = {
        "author": make.join(make.person(), group),
        "member": make.join(make.person(), group),
        "facilitator": make.join(make.person(), group, "facilitator"),
        "moderator": make.join(make.person(), group, "moderator"),
        "second": make.join(make.person(), group, "moderator"),
        "administrator": make.administrator(),
    }
    place = threads.start_thread(people["author"], group, title="A title", body="Some words")
    return group, people, place


def _count() -> int:
    db.done_reading()
    return db.reading().scalar(select(func.count(LogRow.id))) or 0


RANKS = range(policy.OUTSIDER, policy.ADMINISTRATOR + 1)


@pytest.mark.parametrize("name", policy.ACTS)
@pytest.mark.parametrize("by", RANKS)
@pytest.mark.parametrize("person", RANKS)
def test_nobody_acts_alone_on_the_same_or_a_higher_role(name: str, by: int, person: int) -> None:
    act = policy.ACTS[name]
    how = policy.decide(act, by, person)
    assert (how == policy.REFUSED) == (by < act.least)
    if how == policy.ALONE:
        assert person < by
        assert not act.second
    for second in RANKS:
        assert not policy.may_confirm(act, second, is_first=True, is_person=False)
        assert not policy.may_confirm(act, second, is_first=False, is_person=True)
        ok = policy.may_confirm(act, second, is_first=False, is_person=False)
        assert ok == (second >= act.least)


def test_an_act_is_logged_told_and_undone(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room
    done = service.act(people["facilitator"], "hide", place.id, reason="A name", message="Sorry")
    assert _count() == 1
    with pytest.raises(NotFound):
        thread_queries.post_for(people["member"], place.id)
    (row,) = log.own(people["author"])
    assert (row.act, row.reason, row.message) == ("hide", "A name", "Sorry")
    assert not log.own(people["member"])
    assert notifications.unread(people["author"].id) == 1
    with pytest.raises(Conflict):
        service.act(people["moderator"], "hide", place.id)
    with pytest.raises(Refusal):
        undoing.undo(people["author"], done.log_id or 0)
    undoing.undo(people["moderator"], done.log_id or 0)
    db.done_reading()
    assert thread_queries.post_for(people["member"], place.id)
    with pytest.raises(Conflict):
        undoing.undo(people["moderator"], done.log_id or 0)
    assert _count() == 2


def test_the_log_cannot_be_changed_or_deleted(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room
    service.act(people["facilitator"], "hide", place.id, reason="A name")
    for change in (
        update(LogRow).values(reason="Another"),
        update(LogRow).values(by_id=people["member"].id),
        update(LogRow).values(act="lock"),
        delete(LogRow),
    ):
        with pytest.raises(DBAPIError), db.transaction() as session:
            session.execute(change)
    with db.transaction() as session:
        session.execute(update(LogRow).values(reason="", by_id=None))
    assert _count() == 1


def test_an_act_whose_row_fails_is_not_done(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room

    def spoil(_mapper, _connection, row) -> None:  # type: ignore[no-untyped-def]
        row.subject_kind = "nonsense"

    event.listen(LogRow, "before_insert", spoil)
    try:
        with pytest.raises(IntegrityError):
            service.act(people["facilitator"], "hide", place.id)
    finally:
        event.remove(LogRow, "before_insert", spoil)
    assert _count() == 0
    assert thread_queries.post_for(people["member"], place.id)


def test_delete_for_good_needs_a_second_person(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room
    with pytest.raises(Forbidden):
        service.act(people["facilitator"], "delete", place.id)
    asked = service.act(people["moderator"], "delete", place.id, reason="An address")
    assert asked.log_id is None
    assert _count() == 0
    for wrong in ("moderator", "facilitator", "member"):
        with pytest.raises(Refusal):
            undoing.answer_proposal(people[wrong], asked.proposal_id or 0, confirm=True)
    undoing.answer_proposal(people["second"], asked.proposal_id or 0, confirm=True)
    db.done_reading()
    assert thread_queries.post_for(people["member"], place.id).body == ""
    with pytest.raises(Conflict):
        undoing.answer_proposal(people["second"], asked.proposal_id or 0, confirm=False)


def test_lock_slow_and_silence_hold_at_the_service(room) -> None:  # type: ignore[no-untyped-def]
    group, people, place = room
    locked = service.act(people["facilitator"], "lock", place.thread_id)
    with pytest.raises(Forbidden, match="locked"):
        threads.post_reply(people["member"], place.thread_id, body="Hello")
    undoing.undo(people["facilitator"], locked.log_id or 0)
    threads.post_reply(people["member"], place.thread_id, body="Hello")
    service.act(people["facilitator"], "slow", place.thread_id, value="600")
    with pytest.raises(TooMany):
        threads.post_reply(people["member"], place.thread_id, body="Again")
    member_id = people["member"].id
    service.act(people["moderator"], "silence", member_id, group_id=group, reason="Rest", value="2")
    with pytest.raises(Forbidden, match="Rest"):
        threads.start_thread(people["member"], group, title="A title", body="Hello")
    with pytest.raises(Forbidden):
        service.act(
            people["facilitator"], "silence", member_id, group_id=group, reason="No", value="2"
        )
    with pytest.raises(Forbidden):
        service.act(people["moderator"], "suspend", member_id, reason="No", value="2")


def test_an_objection_goes_to_somebody_else(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room
    done = service.act(people["moderator"], "hide", place.id).log_id or 0
    with pytest.raises(NotFound):
        undoing.object_to(people["member"], done, "Why")
    undoing.object_to(people["author"], done, "It names nobody.")
    db.done_reading()
    assert not log.objections(people["moderator"])
    assert len(log.objections(people["second"])) == 1
    with pytest.raises(Forbidden):
        undoing.answer_objection(people["moderator"], done, overturn=False)
    undoing.answer_objection(people["second"], done, overturn=True)
    db.done_reading()
    assert thread_queries.post_for(people["member"], place.id)
    assert log.own(people["author"])[-1].overturned


def test_who_sees_the_log(room) -> None:  # type: ignore[no-untyped-def]
    group, people, place = room
    service.act(people["moderator"], "hide", place.id, reason="=cmd")
    db.done_reading()
    for who in ("author", "member"):
        with pytest.raises(Forbidden):
            log.found(people[who], Sought())
    assert [row.act for row in log.found(people["facilitator"], Sought())] == ["hide"]
    author_id = people["author"].id
    service.act(people["moderator"], "note", author_id, group_id=group, reason="Third time")
    quiet = {"group_id": group, "reason": "Rest", "value": "1"}
    service.act(people["moderator"], "silence", author_id, **quiet)
    db.done_reading()
    seen = [(row.act, row.may_undo) for row in log.found(people["facilitator"], Sought())]
    assert seen == [("silence", False), ("hide", True)]
    assert [row.act for row in log.found(people["second"], Sought())] == ["silence", "note", "hide"]
    elsewhere = make.join(make.person(), make.group(), "moderator")
    assert log.found(elsewhere, Sought()) == []
    assert len(log.found(people["administrator"], Sought(act="hide", words="CMD"))) == 1
    assert log.found(people["administrator"], Sought(until="2001-01-01")) == []
    assert "'=cmd" in log.as_csv(people["second"], Sought())


def test_nobody_sees_what_is_proposed_or_done_about_themselves(room) -> None:  # type: ignore[no-untyped-def]
    group, people, _ = room
    second = people["second"]
    asked = service.act(people["moderator"], "warn", second.id, group_id=group, reason="Too sharp")
    assert [one.act for one in log.waiting(people["administrator"])] == ["warn"]
    assert log.waiting(second) == log.waiting(people["facilitator"]) == []
    with pytest.raises(Conflict):
        service.act(people["moderator"], "warn", second.id, group_id=group, reason="Again")
    undoing.answer_proposal(people["administrator"], asked.proposal_id or 0, confirm=True)
    db.done_reading()
    assert log.found(second, Sought()) == []
    assert [row.act for row in log.own(second)] == ["warn"]


def test_an_objection_of_a_moderator_is_for_any_other(room) -> None:  # type: ignore[no-untyped-def]
    group, people, _ = room
    member, second = people["member"], people["second"]
    third = make.join(make.person(), group, "moderator")
    place = threads.start_thread(second, group, title="A title", body="Some words")
    asked = service.act(people["moderator"], "hide", place.id)
    done = undoing.answer_proposal(people["administrator"], asked.proposal_id or 0, confirm=True)
    with pytest.raises(Forbidden):
        undoing.undo(third, done or 0)
    undoing.object_to(second, done or 0, "It is only sad.")
    for who in (second, people["moderator"], people["administrator"]):
        with pytest.raises(Forbidden):
            undoing.answer_objection(who, done or 0, overturn=True)
    undoing.answer_objection(third, done or 0, overturn=True)
    db.done_reading()
    assert thread_queries.post_for(member, place.id)


def test_who_is_silenced_does_not_react_and_loses_it_when_it_is_undone(room) -> None:  # type: ignore[no-untyped-def]
    group, people, place = room
    member, moderator = people["member"], people["moderator"]
    threads.react(member, place.id, "hug", on=True)
    done = service.act(moderator, "silence", member.id, group_id=group, reason="Rest", value="2")
    with pytest.raises(Forbidden, match="Rest"):
        threads.react(member, place.id, "me_too", on=True)
    threads.react(member, place.id, "hug", on=False)
    undoing.undo(people["second"], done.log_id or 0)
    threads.react(member, place.id, "me_too", on=True)


def test_a_silence_holds_in_the_groups_meetings(room) -> None:  # type: ignore[no-untyped-def]
    group, people, _ = room
    member = people["member"]
    meeting = rooms.open_drop_in(people["facilitator"], group, title="Tea")
    rooms.enter(member, meeting)
    service.act(people["moderator"], "silence", member.id, group_id=group, reason="Rest", value="2")
    for attempt in (
        lambda: talking.say(member, meeting, body="Hello", idempotency_key="k"),
        lambda: talking.require_reaction(member, meeting, "hug"),
        lambda: turns.raise_hand(member, meeting, up=True),
    ):
        with pytest.raises(Forbidden, match="Rest"):
            attempt()
    assert talking.word(member, meeting, body="May I say why?")


def test_a_site_wide_silence_is_refused_with_words(room) -> None:  # type: ignore[no-untyped-def]
    _, people, _ = room
    for name in ("silence", "unsilence", "warn"):
        with pytest.raises(Invalid) as refused:
            service.act(
                people["administrator"], name, people["member"].id, reason="Rest", value="2"
            )
        assert "act" in refused.value.fields


def test_two_who_act_in_the_same_moment_do_it_once(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(service.act, people[who], "hide", place.id)
            for who in ("moderator", "second")
        ]
    failures = [one.exception() for one in asked if one.exception()]
    assert len(failures) == 1
    assert isinstance(failures[0], Conflict)
    assert failures[0].status == 409
    assert _count() == 1


def test_a_moderator_who_erases_themselves_leaves_the_reasons(room) -> None:  # type: ignore[no-untyped-def]
    group, people, _ = room
    password = "seven quiet herons"
    leaving = make.join(make.person(password=password), group, "moderator")
    author = make.join(make.person(password=password), group)
    place = threads.start_thread(author, group, title="A title", body="Some words")
    service.act(leaving, "hide", place.id, reason="A name", message="Sorry")
    privacy.erase_myself(leaving, posts=privacy.KEEP, password=password, confirmed=True)
    db.done_reading()
    (row,) = log.own(author)
    assert (row.by, row.reason, row.message) == (None, "A name", "Sorry")
    privacy.erase_myself(author, posts=privacy.KEEP, password=password, confirmed=True)
    db.done_reading()
    (row,) = log.found(people["second"], Sought())
    assert (row.act, row.person, row.reason, row.message) == ("hide", None, "", "")


def test_posts_are_hidden_and_shown_through_the_log_alone() -> None:
    root = Path(service.__file__).parents[1]
    verbs = re.compile(r"\b(?:threads|service)\.(?:hide_post|restore_post)\b|\btending\.")
    users = {path.name for path in root.rglob("*.py") if verbs.search(path.read_text())}
    assert users == {"targets.py", "service.py"}


def test_a_pinned_conversation_stands_first(room) -> None:  # type: ignore[no-untyped-def]
    group, people, place = room
    threads.start_thread(people["member"], group, title="Newer", body="Some words")
    assert listing.threads_of(people["member"], group, 1)[0].id != place.thread_id
    with pytest.raises(Forbidden):
        service.act(people["facilitator"], "pin", place.thread_id)
    done = service.act(people["moderator"], "pin", place.thread_id)
    db.done_reading()
    first = listing.threads_of(people["member"], group, 1)[0]
    assert (first.id, first.pinned) == (place.thread_id, True)
    undoing.undo(people["second"], done.log_id or 0)
    db.done_reading()
    assert listing.threads_of(people["member"], group, 1)[0].id != place.thread_id


def test_changed_words_are_told_undone_and_forgotten_when_deleted(room) -> None:  # type: ignore[no-untyped-def]
    _, people, place = room
    author, moderator, second = people["author"], people["moderator"], people["second"]
    with pytest.raises(Invalid):
        service.act(moderator, "edit", place.id, value=" ")
    done = service.act(moderator, "edit", place.id, reason="A name", value="Some")
    db.done_reading()
    assert thread_queries.post_for(people["member"], place.id).body == "Some"
    assert [row.act for row in log.own(author)] == ["edit"]
    undoing.undo(second, done.log_id or 0)
    db.done_reading()
    assert thread_queries.post_for(people["member"], place.id).body == "Some words"
    asked = service.act(moderator, "delete", place.id)
    undoing.answer_proposal(second, asked.proposal_id or 0, confirm=True)
    db.done_reading()
    rows = db.reading().execute(select(LogRow.before, LogRow.after)).all()
    assert all(tuple(row) == ({}, {}) for row in rows)


def test_a_ban_needs_two_has_no_end_and_can_be_undone(room) -> None:  # type: ignore[no-untyped-def]
    _, people, _ = room
    keeper, other, member = people["administrator"], make.administrator(), people["member"]
    for who in (people["moderator"], member):
        with pytest.raises(Forbidden):
            service.act(who, "ban", member.id, reason="Threats")
    asked = service.act(keeper, "ban", member.id, reason="Threats")
    with pytest.raises(Forbidden):
        undoing.answer_proposal(keeper, asked.proposal_id or 0, confirm=True)
    done = undoing.answer_proposal(other, asked.proposal_id or 0, confirm=True)
    banned = accounts.viewer(member.id)
    assert banned
    assert banned.banned
    with pytest.raises(Forbidden, match="for good"):
        member_id(banned)
    undoing.object_to(banned, done or 0, "It was not me.")
    undoing.undo(other, done or 0)
    assert not accounts.viewer(member.id).suspended  # type: ignore[union-attr]


def test_a_silence_outlasts_leaving_and_coming_back(room) -> None:  # type: ignore[no-untyped-def]
    group, people, place = room
    member = people["member"]
    done = service.act(
        people["moderator"], "silence", member.id, group_id=group, reason="Rest", value="2"
    )
    groups.leave(member, group)
    groups.join(member, group)
    with pytest.raises(Forbidden, match="Rest"):
        threads.post_reply(member, place.thread_id, body="Hello")
    undoing.undo(people["second"], done.log_id or 0)
    groups.leave(member, group)
    groups.join(member, group)
    threads.post_reply(member, place.thread_id, body="Hello")
