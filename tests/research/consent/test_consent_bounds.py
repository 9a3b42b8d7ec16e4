"""Where a consent ends: before it, after it, beside it, and for whom it does not speak."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import current_session
from forum.core.errors import Conflict, Invalid
from forum.core.realtime.socket_events import socketio
from forum.groups import service as groups
from forum.groups.models import Membership
from forum.research import queries, service
from forum.research.recording import study_participants
from forum.research.studies import planning
from tests.support import factories
from tests.support.importing.import_lines import PEOPLE, STUDY, load
from tests.support.research import study_world
from tests.support.research.study_world import ALL, StudyWorld

EVENTS: dict[str, Any] = {
    "tier": "events",
    "made_by": "A test",
    "reason": "A test",
    "recipient": "Dr Example",
    "agreement": b"By the hour.",
}
Step = Callable[[StudyWorld, Viewer], Any]


def row_of(room: StudyWorld, person: Viewer) -> Any:
    """Return what a snapshot's participants say of one."""
    key = queries.participant_key(person.id or 0, room.study_id)
    db.release_session()
    rows = current_session().execute(study_participants.participants(room.study_id)).all()
    db.release_session()
    return next(row for row in rows if row.participant == key)


def test_memberships_after_a_withdrawal_are_in_no_release(app: Flask) -> None:
    room = study_world.in_two_groups()
    me = factories.join(factories.person(), room.group_id)
    room.agree(me, *ALL)
    service.withdraw(me, room.slug, erase=False)
    before = row_of(room, me)
    factories.join(me, room.other_id)
    assert row_of(room, me) == before


def test_without_the_backfill_clause_earlier_joining_is_not_recorded(
    app: Flask,
) -> None:
    room = study_world.study()
    me = room.member()
    with db.transaction() as session:
        session.execute(update(Membership).values(joined_at=datetime(2020, 1, 1, tzinfo=UTC)))
    room.agree(me, "record", "share")
    row = row_of(room, me)
    assert row.joined_at == row.consented_at


def test_leaving_a_group_takes_nothing_back_that_was_recorded(app: Flask) -> None:
    room = study_world.study()
    me = room.member()
    room.agree(me, "record", "share")
    first = room.rows(me)[0]["at"]
    factories.thread(me, room.group_id)
    room.agree(me, "record", "share", "contact")
    groups.leave(me, room.group_id)
    assert row_of(room, me).joined_at <= first


def test_nothing_is_recorded_after_the_last_day_though_nobody_closed_the_study(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = study_world.study()
    me = room.member()
    room.agree(me)
    today = clock.now()
    planning.edit_study(None, room.study_id, ends_on=f"{today:%Y-%m-%d}")
    late = today + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: late)
    factories.thread(me, room.group_id)
    assert room.kinds(me) == ["consent_given"]
    with pytest.raises(Conflict):
        room.agree(room.member())
    with pytest.raises(Invalid):
        planning.edit_study(None, room.study_id, ends_on=f"{today - timedelta(days=1):%Y-%m-%d}")
    planning.close_ended()
    closed_at = queries.study_at(room.slug).closed_at
    assert closed_at
    assert f"{closed_at:%Y-%m-%d %H:%M}" == f"{today + timedelta(days=1):%Y-%m-%d} 00:00"


def test_no_download_tells_who_else_takes_part(app: Flask) -> None:
    room = study_world.study()
    me, participant, other = room.member(), room.member(), room.member()
    room.agree(me)
    room.agree(participant)
    said = []
    for person in (participant, other):
        place = factories.thread(person, room.group_id)
        factories.post(me, place.thread_id)
    key = queries.participant_key(me.id or 0, room.study_id)
    assert key
    for row in current_session().execute(queries.own_events(key)).mappings():
        if row["kind"] == "reply_posted":
            facts = {
                name: value
                for name, value in row.items()
                if name not in {"at", "thread_id", "post_id", "minutes_since"}
            }
            said.append(facts)
    assert said[0] == said[1]


def test_half_a_character_is_no_page(app: Flask) -> None:
    socket = socketio.test_client(app)
    for page in ("\ud800.x", "x.\ud800"):
        said = {"page": page, "low_ms": 1, "high_ms": 2}
        answer = socket.emit("activity:reading", said, callback=True)
        assert answer["error"]["code"] != "fault"


def test_an_older_consent_in_a_file_does_not_replace_a_newer_one(app: Flask) -> None:
    newer, older = (
        {"type": "consent", "study": "nights", "handle": "osier", "clauses": clauses, "at": at}
        for clauses, at in ((["record"], "2024-03-01"), (["record", "share"], "2024-02-10"))
    )
    load([*PEOPLE, STUDY, newer, older])
    study_id = queries.study_at("nights").id
    (row,) = current_session().execute(study_participants.participants(study_id)).all()
    assert not row.share


@pytest.mark.parametrize("no", ["0", "false", "off", "no"])
def test_no_is_not_taken_for_yes(app: Flask, no: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room = study_world.study()
    me = room.member()
    client = app.test_client()
    factories.log_in(client, me)
    client.post(f"/studies/{room.slug}/consent", data={"version": 1, "record": "yes", "share": no})
    assert not row_of(room, me).share
