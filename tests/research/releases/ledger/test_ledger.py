"""The ledger knows every release before it has its name; later ones are joined with it."""

import hashlib
import hmac
import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from forum.activity.measures.study_record import Window
from forum.cli.main import forum
from forum.core import db
from forum.core.db import transaction
from forum.core.errors import Invalid, Refusal
from forum.research import service as studies
from forum.research.queries import participant_key
from forum.research.releases import service
from forum.research.releases.disclosure.attacks.reidentification import TooRisky
from forum.research.releases.ledger import queries, released_profiles
from forum.research.releases.ledger.models import LedgerEntry, ReleasedRow
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.tiers import aggregate, event_level, microdata, panel
from tests.support.research import simulated, study_records, study_world
from tests.support.research.study_forms import REQUEST
from tests.support.research.study_records import event, person
from tests.support.suite.thoroughness import examples

WINDOW = Window(date(2026, 1, 5), 182)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("study"), 300)


def test_a_release_is_entered_with_who_why_and_checksums(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    agreement = tmp_path / "agreement.txt"
    agreement.write_text("Rows by the hour, until the end of the year.")
    shown = agreement.read_bytes()
    asked = replace(REQUEST, tier="events", recipient="Dr Example", agreement=shown)
    number = service.release(asked, study, WINDOW, tmp_path / "out")
    (entry,) = queries.entries()
    assert (entry.id, entry.study, entry.tier) == (number, "evenings", "events")
    assert (entry.made_by, entry.reason, entry.recipient) == (
        "R. Example",
        "The yearly report",
        "Dr Example",
    )
    assert entry.agreement_digest == hashlib.sha256(shown).hexdigest()
    assert entry.participants == "200 to 499"
    assert entry.consent_versions == [1]
    for name, digest in entry.checksums.items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    assert entry.attacks[0]["attack"] == event_level.FOUR_KNOWN


def test_the_ledger_is_only_added_to(app: Flask, study: Path, tmp_path: Path) -> None:
    service.release(REQUEST, study, WINDOW, tmp_path / "out")
    for change in (update(LedgerEntry).values(reason="Another"), delete(LedgerEntry)):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(change)
    assert [entry.reason for entry in queries.entries()] == ["The yearly report"]


def test_a_second_release_is_joined_with_the_first(app: Flask, study: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        service.release(REQUEST, study, WINDOW, tmp_path / name)
    second, first = queries.entries()
    assert "joining with release 1" not in [each["attack"] for each in first.attacks]
    assert "joining with release 1" in [each["attack"] for each in second.attacks]


def test_what_was_said_when_active_days_were_hidden_is_read_as_visible(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    service.release(REQUEST, study, WINDOW, tmp_path / "out")
    now = queries.earlier_profiles("evenings", "microdata")[0]
    with transaction() as session:  # as the releases of then were kept
        for line in session.scalars(select(ReleasedRow)):
            said = [
                [line.intervals[name] for name in released_profiles.LEGACY_VISIBLE[:-1]],
                [
                    line.intervals[name]
                    for name in (*released_profiles.LEGACY_HIDDEN, "active_days")
                ],
            ]
            rows = update(ReleasedRow).where(ReleasedRow.participant == line.participant)
            session.execute(rows.values(intervals=said))
    then = queries.earlier_profiles("evenings", "microdata")[0]
    for key, row in now.items():  # of words and the like nothing was told
        shown = dict(zip(released_profiles.VISIBLE, row.visible, strict=True))
        known = tuple(
            shown[name] if name in released_profiles.LEGACY_VISIBLE else released_profiles.ANYTHING
            for name in released_profiles.VISIBLE
        )
        assert then[key].visible == known
        hidden = dict(zip(released_profiles.HIDDEN, row.hidden, strict=True))
        assert then[key].hidden == tuple(
            hidden[name] if name in released_profiles.LEGACY_HIDDEN else released_profiles.ANYTHING
            for name in released_profiles.HIDDEN
        )
    service.release(REQUEST, study, WINDOW, tmp_path / "again")
    assert [each["attack"] for each in queries.entries()[0].attacks][-2:] == [
        "joining with release 1",
        "joining with all earlier releases at once",
    ]


def fits(row: Mapping[Any, Any]) -> bool:
    """Whether a row's digest is of what it says."""
    text = json.dumps([row["release_id"], row["participant"], row["intervals"]]).encode()
    made = hmac.new(row["digest_key"].encode(), text, hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, row["digest"])


@pytest.mark.parametrize("erase", [False, True])
def test_withdrawal_lists_the_releases_to_recall_and_erasing_empties_what_they_said(
    app: Flask, tmp_path: Path, erase: bool
) -> None:
    room = study_world.study("evenings")
    member = room.member()
    room.agree(member, *study_world.ALL)
    key = participant_key(member.id or 0, room.study_id)
    assert key is not None
    people = [person(each) for each in (key, *range(1, 40))]
    reads = [
        event("thread_read", each["participant"], 1, seconds_low=0.0, seconds_high=3000.0 * (n % 4))
        for n, each in enumerate(people)
    ]
    folder = study_records.written(tmp_path / "snapshot", people, reads)
    number = service.release(REQUEST, folder, WINDOW, tmp_path / "out")
    with transaction() as session:  # the others exist in the snapshot alone
        session.execute(delete(ReleasedRow).where(ReleasedRow.participant != key))
    assert queries.to_recall("evenings") == []
    studies.withdraw(member, "evenings", erase=erase)
    assert [entry.id for entry in queries.to_recall("evenings")] == [number]
    assert queries.to_recall("another") == []
    said = queries.earlier_profiles("evenings", "microdata")
    assert said == [] if erase else set(said[0]) == {key}
    row = dict(db.current_session().execute(select(ReleasedRow.__table__)).mappings().one())
    # What was said can be tried out until it fits, as long as there is a key to try with.
    assert row["digest_key"] == "" if erase else fits(row)
    db.release_session()


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (replace(REQUEST, made_by=" "), {"made_by"}),
        (replace(REQUEST, made_by="R" * 201, reason="", tier="all"), {"made_by", "reason", "tier"}),
        (replace(REQUEST, tier="events", hours=0), {"recipient", "agreement", "hours"}),
        (replace(REQUEST, tier="events", recipient="Dr Example"), {"agreement"}),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_left(
    app: Flask, study: Path, tmp_path: Path, asked: ReleaseRequest, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        service.release(asked, study, WINDOW, tmp_path / "out" / "release")
    assert set(refused.value.fields) == fields
    assert not (tmp_path / "out").exists()
    assert queries.entries() == []


def test_a_refused_release_leaves_neither_folder_nor_entry(app: Flask, tmp_path: Path) -> None:
    # Eleven who are alike are k-anonymous, and each is found with one chance in eleven.
    people = [person(key) for key in range(1, 12)]
    reads = [
        event("thread_read", key, 1, seconds_low=60.0, seconds_high=60.0 * (1 + 40 * (key % 4)))
        for key in range(1, 12)
    ]
    folder = study_records.written(tmp_path / "eleven", people, reads)
    with pytest.raises(Refusal):
        service.release(REQUEST, folder, WINDOW, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert queries.entries() == []


def test_the_command_line_releases_a_study_and_refuses(
    tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_INSTANCE", str(tmp_path / "instance"))
    out = tmp_path / "out"
    document = tmp_path / "consent.md"
    document.write_text("What we would like to do.")
    words = [
        "export",
        "evenings",
        "--by",
        "R. Example",
        "--because",
        "The yearly report",
        "--out",
        str(out),
        "--tier",
    ]
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
    run = CliRunner().invoke
    missing = run(forum, [*words, "aggregate"])
    assert missing.exit_code == 1
    assert run(forum, ["group", "create", "evenings", "Evening group"]).exit_code == 0
    assert run(forum, plan).exit_code == 0
    planned = run(forum, [*words, "microdata"])
    assert (planned.exit_code, "hasn't been opened" in planned.output) == (1, True)
    assert run(forum, ["study", "open", "evenings"]).exit_code == 0
    few = run(forum, [*words, "microdata"])
    assert (few.exit_code, "Fewer than 11 people" in few.output) == (1, True)
    monkeypatch.setattr(
        "forum.research.recording.study_snapshot.write",
        lambda _, folder: shutil.copytree(study, folder, dirs_exist_ok=True),
    )
    monkeypatch.setattr("forum.research.releases.pipeline.Window", lambda *_, **_days: WINDOW)
    monkeypatch.setattr(
        "forum.research.releases.pipeline._sharing_check", lambda *_: service.nobody_withdrew
    )  # the snapshot's people are in no database
    done = run(forum, [*words, "aggregate"])
    assert done.exit_code == 0, done.output
    assert (out / "people.csv").exists()
    again = run(forum, [*words, "aggregate"])
    assert (again.exit_code, "already" in again.output) == (1, True)
    words[words.index(str(out))] = str(tmp_path / "panel")
    panels = run(forum, [*words, "panel", "--alike", "25", "--spss"])
    assert panels.exit_code == 0, panels.output
    assert {"panel.csv", "panel.parquet", "panel.sav"} < {
        path.name for path in (tmp_path / "panel").iterdir()
    }
    assert run(forum, [*words, "everything"]).exit_code == 2


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.tuples(*[st.booleans()] * 3), min_size=1, max_size=80), st.data())
def test_no_release_holds_anybody_who_does_not_permit_it(
    tmp_path_factory: pytest.TempPathFactory,
    clauses: list[tuple[bool, bool, bool]],
    data: st.DataObject,
) -> None:
    people = [
        person(key, record=record, share=share, events=events)
        for key, (record, share, events) in enumerate(clauses, start=1)
    ]
    acts = [
        event("reply_posted", key, data.draw(st.integers(0, 100)), post_id=key, words=12)
        for key in range(1, len(clauses) + 1)
    ]
    folder = study_records.written(tmp_path_factory.mktemp("histories"), people, acts)
    permitted = {row["participant"] for row in people if row["record"] and row["share"]}
    named = {row["participant"] for row in people if row["record"] and row["events"]}
    assert event_level.build(folder, WINDOW, 1, hours=1).participants == named
    for build in (aggregate.build, microdata.build, panel.build):
        try:
            assert build(folder, WINDOW, 1).participants <= permitted
        except (Invalid, TooRisky):
            assert len(permitted) < 11 or build is not aggregate.build
