"""Bad days and bad intentions around consent, the record and what leaves the house."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.db import reading
from forum.core.errors import Conflict, Invalid, Refusal
from forum.core.realtime import socketio
from forum.groups import service as groups
from forum.groups.models import Membership
from forum.research import planning, queries, service
from forum.research.models import Consent
from forum.research.releases import budget, making
from forum.research.releases import queries as ledger
from forum.research.releases.models import ReleasedRow
from tests import factories, studyroom
from tests.studyroom import ALL, StudyRoom
from tests.test_research_doors import FORM

EVENTS: dict[str, Any] = {
    "tier": "events", "made_by": "A test", "reason": "A test", "recipient": "Dr Example",
    "agreement": b"By the hour.",
}  # fmt: skip
Step = Callable[[StudyRoom, Viewer], Any]


def row_of(room: StudyRoom, person: Viewer) -> Any:
    """Return what a snapshot's participants say of one."""
    key = queries.key_of(person.id or 0, room.study_id)
    db.done_reading()
    rows = reading().execute(queries.participants(room.study_id)).all()
    db.done_reading()
    return next(row for row in rows if row.participant == key)


@pytest.mark.parametrize(
    "step",
    [
        lambda room, me: service.withdraw(me, room.slug, erase=True),
        lambda room, me: room.agree(me, "record"),
    ],
    ids=["erases", "comes back and does not share"],
)
def test_who_had_left_and_takes_it_back_while_a_release_is_made_is_not_in_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    room = studyroom.study()
    ash, wren = room.member(), room.member()
    for person in (ash, wren):
        room.agree(person, *ALL)
        factories.thread(person, room.group_id)
    service.withdraw(ash, room.slug, erase=False)
    write, done = service.write_snapshot, list[int]()

    def meanwhile(study_id: int, folder: Path) -> None:
        write(study_id, folder)
        if not done:
            step(room, ash)
        done.append(1)

    monkeypatch.setattr(service, "write_snapshot", meanwhile)
    number = making.make(room.slug, tmp_path / "out", **EVENTS)
    rows = select(func.count()).where(ReleasedRow.release_id == number)
    assert reading().scalar(rows) == 1
    assert not ledger.recalled([number])


def test_a_link_to_nowhere_is_refused_before_the_ledger_knows(app: Flask, tmp_path: Path) -> None:
    room, _ = studyroom.full()
    out = tmp_path / "out"
    out.symlink_to(tmp_path / "nowhere")
    with pytest.raises((Refusal, OSError)):
        making.make(room.slug, out, **EVENTS)
    assert ledger.ledger() == []


def test_a_name_that_means_the_folder_above_is_refused_before_the_ledger_knows(
    app: Flask, tmp_path: Path
) -> None:
    room, _ = studyroom.full()
    with pytest.raises((Refusal, OSError)):
        making.make(room.slug, tmp_path / "new" / "..", **EVENTS)
    assert ledger.ledger() == []


def test_what_somebody_joins_after_a_withdrawal_is_in_no_release(app: Flask) -> None:
    room = studyroom.in_two_groups()
    me = factories.join(factories.person(), room.group_id)
    room.agree(me, *ALL)
    service.withdraw(me, room.slug, erase=False)
    before = row_of(room, me)
    factories.join(me, room.other_id)
    assert row_of(room, me) == before


def test_without_the_clause_for_the_past_nothing_says_when_somebody_joined_before(
    app: Flask,
) -> None:
    room = studyroom.study()
    me = room.member()
    with db.transaction() as session:
        session.execute(update(Membership).values(joined_at=datetime(2020, 1, 1, tzinfo=UTC)))
    room.agree(me, "record", "share")
    row = row_of(room, me)
    assert row.joined_at == row.consented_at


def test_leaving_a_group_takes_nothing_back_that_was_recorded(app: Flask) -> None:
    room = studyroom.study()
    me = room.member()
    room.agree(me, "record", "share")
    first = room.rows(me)[0]["at"]
    factories.thread(me, room.group_id)
    room.agree(me, "record", "share", "contact")
    groups.leave(me, room.group_id)
    assert row_of(room, me).joined_at <= first


def test_a_clock_before_the_opening_refuses_with_a_reason(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = studyroom.full()
    early = clock.now() - timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: early)
    with pytest.raises(Refusal):
        making.make(room.slug, tmp_path / "out", **EVENTS)
    assert ledger.ledger() == []


@pytest.mark.xfail(strict=True, reason="who left is told from who leaves by the clock alone")
def test_a_clock_set_back_hides_no_release_from_recall(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, members = studyroom.full()
    number = making.make(room.slug, tmp_path / "out", **EVENTS)
    early = clock.now() - timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: early)
    with db.transaction() as session:
        session.execute(update(Consent).values(given_at=early - timedelta(days=1)))
    service.withdraw(members[0], room.slug, erase=False)
    assert ledger.recalled([number]) == {number}


def test_nothing_is_recorded_after_the_last_day_though_nobody_closed_the_study(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = studyroom.study()
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


def test_a_budget_that_was_spent_elsewhere_is_not_had_back_by_erasing(app: Flask) -> None:
    room, other = studyroom.study("evenings"), studyroom.study("mornings")
    me = room.member()
    room.agree(me, *ALL)
    both = studyroom.joined(me, other)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    studyroom.released(other, [both], 3.5, at)
    service.withdraw(both, other.slug, erase=True)
    other.agree(both, *ALL)
    with pytest.raises(Refusal, match=r"spent 3.5"):
        budget.check("evenings", 1.0, at)


def test_no_download_tells_who_else_takes_part(app: Flask) -> None:
    room = studyroom.study()
    me, participant, other = room.member(), room.member(), room.member()
    room.agree(me)
    room.agree(participant)
    said = []
    for person in (participant, other):
        place = factories.thread(person, room.group_id)
        factories.post(me, place.thread_id)
    key = queries.key_of(me.id or 0, room.study_id)
    assert key
    for row in reading().execute(queries.held(key)).mappings():
        if row["kind"] == "reply_posted":
            facts = {name: value for name, value in row.items()
                     if name not in {"at", "thread_id", "post_id", "minutes_since"}}  # fmt: skip
            said.append(facts)
    assert said[0] == said[1]


def test_half_a_character_is_no_page(app: Flask) -> None:
    socket = socketio.test_client(app)
    for page in ("\ud800.x", "x.\ud800"):
        said = {"page": page, "low_ms": 1, "high_ms": 2}
        answer = socket.emit("activity:reading", said, callback=True)
        assert answer["error"]["code"] != "fault"


@pytest.mark.parametrize("field", ["reason", "made_by", "recipient", "tier", "hours", "epsilon"])
@pytest.mark.parametrize("wrong", ["a\0b", "NaN", "-1", "1e400", "9" * 400, "=cmd()"])
def test_odd_words_in_the_form_of_a_release_are_no_fault(
    app: Flask, field: str, wrong: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room = studyroom.study()
    boss = factories.person(role="administrator", password=studyroom.PASSWORD)
    client = app.test_client()
    factories.log_in(client, boss)
    form = {**FORM, "password": studyroom.PASSWORD, field: wrong}
    answer = client.post(f"/research/{room.slug}/releases", data=form)
    assert answer.status_code < 500


@pytest.mark.parametrize("field", ["made_by", "reason", "recipient"])
@pytest.mark.parametrize("wrong", ["\udcff", "Dr Example\0"])
def test_words_that_no_file_can_keep_are_refused(
    app: Flask, tmp_path: Path, field: str, wrong: str
) -> None:
    room, _ = studyroom.full()
    with pytest.raises(Invalid):
        making.make(room.slug, tmp_path / "out", **{**EVENTS, field: wrong})
    assert not (tmp_path / "out").exists()


@pytest.mark.xfail(strict=True, reason="aggregates of other studies are not looked at")
def test_aggregates_of_two_studies_that_differ_by_one_are_not_both_given_out(
    app: Flask, tmp_path: Path
) -> None:
    room, members = studyroom.full(22)
    study_id = service.create_study(
        "second", title="A second", about="The same.", run_by="A university", ethics="Board 7",
        contact="Desk 12", document=studyroom.WORDS, group_ids=[room.group_id],
    )  # fmt: skip
    service.open_study(study_id)
    second = StudyRoom(study_id, "second", room.group_id, room.other_id)
    for one in (*members, room.member()):
        second.agree(one, *ALL)
    asked: dict[str, Any] = {"tier": "aggregate", "made_by": "A test", "reason": "A test"}
    making.make(room.slug, tmp_path / "one", **asked)
    with pytest.raises(Refusal):
        making.make("second", tmp_path / "two", **asked)
