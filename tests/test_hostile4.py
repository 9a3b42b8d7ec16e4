"""Bad days and bad intentions around consent, the record and what leaves the house."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, update

from forum.accounts.policy import Viewer
from forum.cli import forum
from forum.core import clock, db
from forum.core.db import reading
from forum.core.errors import Conflict, Invalid, Refusal
from forum.core.realtime import socketio
from forum.groups import service as groups
from forum.groups.models import Membership
from forum.research import erasing, planning, queries, service
from forum.research.models import Consent, Study
from forum.research.releases import budget, files, jobs, making, queue, worker
from forum.research.releases import queries as ledger
from forum.research.releases.asked import Asked
from forum.research.releases.models import ReleasedRow
from tests import factories, studyroom
from tests.studyroom import ALL, StudyRoom
from tests.test_import_lines import load
from tests.test_import_studies import PEOPLE, STUDY
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


def test_a_folder_that_comes_while_a_release_is_written_is_seen_before_the_ledger_knows(
    app: Flask, tmp_path: Path
) -> None:
    room, _ = studyroom.full()
    out = tmp_path / "out"
    write = files._write_all

    def and_another_was_faster(folder: Path, *args: Any, **options: Any) -> None:
        write(folder, *args, **options)
        out.mkdir()
        (out / "people.csv").touch()

    with pytest.MonkeyPatch.context() as patch, pytest.raises((Refusal, OSError)):
        patch.setattr(files, "_write_all", and_another_was_faster)
        making.make(room.slug, out, **EVENTS)
    assert ledger.ledger() == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


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


@pytest.mark.parametrize(
    "out", ["/proc/nothing/out", "/dev/null/out", "/proc/1/out"], ids=["proc", "a file", "other"]
)
def test_a_place_that_cannot_be_written_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.setenv("FORUM_INSTANCE", str(tmp_path / "instance"))
    run = CliRunner().invoke
    document = tmp_path / "consent.md"
    document.write_text("What we would like to do.")
    plan = [
        "study", "create", "evenings", "Evening groups", "--about", "Whether it helps.",
        "--run-by", "R. Example", "--ethics", "Board 1", "--contact", "r@example.org",
        "--group", "evenings", "--document", str(document),
    ]  # fmt: skip
    assert run(forum, ["group", "create", "evenings", "Evening group"]).exit_code == 0
    assert run(forum, plan).exit_code == 0
    assert run(forum, ["study", "open", "evenings"]).exit_code == 0
    words = ["export", "evenings", "--by", "R", "--because", "It", "--tier", "aggregate", "--out"]
    done = run(forum, [*words, out])
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    document.write_bytes(b"\xff\xfe no text")
    plan[2] = "mornings"
    done = run(forum, plan)
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_an_older_consent_in_a_file_does_not_replace_a_newer_one(app: Flask) -> None:
    newer, older = (
        {"type": "consent", "study": "nights", "handle": "osier", "clauses": clauses, "at": at}
        for clauses, at in ((["record"], "2024-03-01"), (["record", "share"], "2024-02-10"))
    )
    load([*PEOPLE, STUDY, newer, older])
    study_id = queries.study_at("nights").id
    (row,) = reading().execute(queries.participants(study_id)).all()
    assert not row.share


def test_erasing_an_account_waits_for_a_release_that_is_being_entered(app: Flask) -> None:
    room = studyroom.study()
    me = room.member()
    room.agree(me, *ALL)
    key = queries.key_of(me.id or 0, room.study_id)
    eraser = threading.Thread(target=lambda: erasing.erase(me.id or 0))
    with db.transaction() as session:
        session.execute(select(Study.id).where(Study.slug == room.slug).with_for_update())
        eraser.start()
        eraser.join(0.5)
        studyroom.released(room, [me], 0.1, clock.now())
        session.execute(update(ReleasedRow).values(said=[[[0, 1]], [[0, 1]]]))
    eraser.join(20)
    said = select(ReleasedRow.said).where(ReleasedRow.participant == key)
    assert reading().scalars(said).all() == [[]]


def test_events_that_were_taken_back_say_what_starting_them_again_needs(
    app: Flask, tmp_path: Path
) -> None:
    room, members = studyroom.full()
    boss = factories.person(role="administrator", password=studyroom.PASSWORD)
    asked = Asked(room.slug, "Sleep", by_id=boss.id, **EVENTS)
    job_id = jobs.ask(boss, asked, studyroom.PASSWORD)
    worker.work(tmp_path)
    service.withdraw(members[0], room.slug, erase=True)
    queue.take_back(tmp_path)
    db.done_reading()
    job = jobs.one(queries.study_at(room.slug), job_id)
    assert "agreement" in job.problem


@pytest.mark.parametrize("no", ["0", "false", "off", "no"])
def test_no_is_not_taken_for_yes(app: Flask, no: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room = studyroom.study()
    me = room.member()
    client = app.test_client()
    factories.log_in(client, me)
    client.post(f"/studies/{room.slug}/consent", data={"version": 1, "record": "yes", "share": no})
    assert not row_of(room, me).share
