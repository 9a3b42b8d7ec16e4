"""Releases on bad days: people who change their minds, clocks, places and words that do not fit."""

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
from forum.cli.main import forum
from forum.core import clock, db
from forum.core.db import current_session
from forum.core.errors import Invalid, Refusal
from forum.privacy import service as privacy
from forum.research import queries, service
from forum.research.models import Consent, Study
from forum.research.recording import study_snapshot
from forum.research.releases import pipeline
from forum.research.releases.disclosure.differential_privacy import privacy_budget
from forum.research.releases.ledger import queries as ledger
from forum.research.releases.ledger.models import ReleasedRow
from forum.research.releases.package import files
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import queue, worker
from forum.research.releases.requests import service as jobs
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_forms import FORM
from tests.support.research.study_world import ALL, StudyWorld

EVENTS: dict[str, Any] = {
    "tier": "events",
    "made_by": "A test",
    "reason": "A test",
    "recipient": "Dr Example",
    "agreement": b"By the hour.",
}
Step = Callable[[StudyWorld, Viewer], Any]


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
    room = study_world.study()
    ash, wren = room.member(), room.member()
    for person in (ash, wren):
        room.agree(person, *ALL)
        factories.thread(person, room.group_id)
    service.withdraw(ash, room.slug, erase=False)
    write, done = study_snapshot.write, list[int]()

    def meanwhile(study_id: int, folder: Path) -> None:
        write(study_id, folder)
        if not done:
            step(room, ash)
        done.append(1)

    monkeypatch.setattr(study_snapshot, "write", meanwhile)
    number = pipeline.make(room.slug, tmp_path / "out", **EVENTS)
    rows = select(func.count()).where(ReleasedRow.release_id == number)
    assert current_session().scalar(rows) == 1
    assert not ledger.recalled([number])


def test_a_link_to_nowhere_is_refused_before_the_ledger_knows(app: Flask, tmp_path: Path) -> None:
    room, _ = study_world.full()
    out = tmp_path / "out"
    out.symlink_to(tmp_path / "nowhere")
    with pytest.raises((Refusal, OSError)):
        pipeline.make(room.slug, out, **EVENTS)
    assert ledger.entries() == []


def test_a_folder_that_comes_while_a_release_is_written_is_seen_before_the_ledger_knows(
    app: Flask, tmp_path: Path
) -> None:
    room, _ = study_world.full()
    out = tmp_path / "out"
    write = files._write_all

    def and_another_was_faster(folder: Path, *args: Any, **options: Any) -> None:
        write(folder, *args, **options)
        out.mkdir()
        (out / "people.csv").touch()

    with pytest.MonkeyPatch.context() as patch, pytest.raises((Refusal, OSError)):
        patch.setattr(files, "_write_all", and_another_was_faster)
        pipeline.make(room.slug, out, **EVENTS)
    assert ledger.entries() == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_name_that_means_the_folder_above_is_refused_before_the_ledger_knows(
    app: Flask, tmp_path: Path
) -> None:
    room, _ = study_world.full()
    with pytest.raises((Refusal, OSError)):
        pipeline.make(room.slug, tmp_path / "new" / "..", **EVENTS)
    assert ledger.entries() == []


def test_a_clock_before_the_opening_refuses_with_a_reason(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = study_world.full()
    early = clock.now() - timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: early)
    with pytest.raises(Refusal):
        pipeline.make(room.slug, tmp_path / "out", **EVENTS)
    assert ledger.entries() == []


def test_a_clock_set_back_hides_no_release_from_recall(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, members = study_world.full()
    number = pipeline.make(room.slug, tmp_path / "out", **EVENTS)
    early = clock.now() - timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: early)
    with db.transaction() as session:
        session.execute(update(Consent).values(given_at=early - timedelta(days=1)))
    service.withdraw(members[0], room.slug, erase=False)
    assert ledger.recalled([number]) == {number}


def test_erasing_does_not_refund_a_spent_budget(app: Flask) -> None:
    room, other = study_world.study("evenings"), study_world.study("mornings")
    me = room.member()
    room.agree(me, *ALL)
    both = study_world.joined(me, other)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    study_world.released(other, [both], 3.5, at)
    service.withdraw(both, other.slug, erase=True)
    other.agree(both, *ALL)
    with pytest.raises(Refusal, match=r"spent 3.5"):
        privacy_budget.require_budget("evenings", 1.0, at)


@pytest.mark.parametrize("field", ["reason", "made_by", "recipient", "tier", "hours", "epsilon"])
@pytest.mark.parametrize("wrong", ["a\0b", "NaN", "-1", "1e400", "9" * 400, "=cmd()"])
def test_odd_words_in_the_form_of_a_release_are_no_fault(
    app: Flask, field: str, wrong: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room = study_world.study()
    boss = factories.person(role="administrator", password=study_world.PASSWORD)
    client = app.test_client()
    factories.log_in(client, boss)
    form = {**FORM, "password": study_world.PASSWORD, field: wrong}
    answer = client.post(f"/research/{room.slug}/releases", data=form)
    assert answer.status_code < 500


@pytest.mark.parametrize("field", ["made_by", "reason", "recipient"])
@pytest.mark.parametrize("wrong", ["\udcff", "Dr Example\0"])
def test_words_that_no_file_can_keep_are_refused(
    app: Flask, tmp_path: Path, field: str, wrong: str
) -> None:
    room, _ = study_world.full()
    with pytest.raises(Invalid):
        pipeline.make(room.slug, tmp_path / "out", **{**EVENTS, field: wrong})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "out", ["/proc/nothing/out", "/dev/null/out", "/proc/1/out"], ids=["proc", "a file", "other"]
)
def test_an_unwritable_folder_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.setenv("FORUM_INSTANCE", str(tmp_path / "instance"))
    run = CliRunner().invoke
    document = tmp_path / "consent.md"
    document.write_text("What we would like to do.")
    plan = [
        "study",
        "create",
        "evenings",
        "Evening groups",
        "--about",
        "Whether it helps.",
        "--run-by",
        "R. Example",
        "--ethics",
        "Board 1",
        "--contact",
        "r@example.org",
        "--group",
        "evenings",
        "--document",
        str(document),
    ]
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


def test_erasing_an_account_waits_for_a_release_that_is_being_entered(app: Flask) -> None:
    room = study_world.study()
    me = room.member()
    room.agree(me, *ALL)
    key = queries.participant_key(me.id or 0, room.study_id)
    eraser = threading.Thread(target=lambda: privacy.erase(me.id or 0, remove=True))
    with db.transaction() as session:
        session.execute(select(Study.id).where(Study.slug == room.slug).with_for_update())
        eraser.start()
        eraser.join(0.5)
        study_world.released(room, [me], 0.1, clock.now())
        session.execute(update(ReleasedRow).values(intervals=[[[0, 1]], [[0, 1]]]))
    eraser.join(20)
    said = select(ReleasedRow.intervals).where(ReleasedRow.participant == key)
    assert current_session().scalars(said).all() == [[]]


def test_events_that_were_taken_back_say_what_starting_them_again_needs(
    app: Flask, tmp_path: Path
) -> None:
    room, members = study_world.full()
    boss = factories.person(role="administrator", password=study_world.PASSWORD)
    asked = ReleaseRequest(room.slug, "Sleep", by_id=boss.id, **EVENTS)
    job_id = jobs.request_release(boss, asked, study_world.PASSWORD)
    worker.work(tmp_path)
    service.withdraw(members[0], room.slug, erase=True)
    queue.recall(tmp_path)
    db.release_session()
    job = jobs.job_of(queries.study_at(room.slug), job_id)
    assert "agreement" in job.problem
