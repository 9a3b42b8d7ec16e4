"""Following people over releases, from the consent to the files, by every door."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.cli.main import forum
from forum.core import db
from forum.core.errors import Invalid
from forum.privacy import service as privacy
from forum.research import queries, service
from forum.research.releases import pipeline
from forum.research.releases.ledger import linkage_keys
from forum.research.releases.ledger import queries as ledger
from forum.research.releases.ledger.models import LinkageClass, LinkageKey
from forum.research.releases.package import files
from forum.research.releases.requests import service as jobs
from forum.research.releases.requests import worker
from forum.research.studies import planning, researchers
from forum.settings.environment import Settings
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import PASSWORD, StudyWorld

PURPOSE, RECIPIENT = "Mood over a year", "Prof Example"


@dataclass
class Study:
    """A study of 43 people, sixteen of whom did not agree to be followed."""

    room: StudyWorld
    people: list[Viewer]
    folder: Path
    made: int = 0

    def release(self, purpose: str = PURPOSE, recipient: str = RECIPIENT) -> set[str]:
        """Make a release, and return its ids."""
        self.made += 1
        out = self.folder / f"release-{self.made}"
        pipeline.make(
            "sleep",
            out,
            tier="microdata",
            made_by="Dr Example",
            reason="A paper",
            recipient=recipient,
            linkage=purpose,
        )
        return ids((out / "participants.csv").read_text())

    def key(self, place: int) -> int:
        return queries.participant_key(self.people[place].id or 0, self.room.study_id) or 0

    def keys(self, place: int) -> list[str]:
        db.release_session()
        return [each.key for each in linkage_keys.own_linkage_keys(self.key(place))]


def ids(table: str) -> set[str]:
    return {row["id"] for row in csv.DictReader(io.StringIO(table))}


def count(table: Any) -> int:
    db.release_session()
    return len(db.current_session().execute(select(table)).all())


@pytest.fixture
def study(app: Flask, tmp_path: Path) -> Study:
    room, people = study_world.followed(43, alone=16)
    return Study(room, people, tmp_path / "releases")


def test_who_agreed_keeps_an_id_for_one_recipient_and_purpose(study: Study) -> None:
    first, second = study.release(), study.release("  Mood over  a year ")
    assert len(first) == len(second) == 43
    assert len(first & second) == 27
    assert study.keys(0) == [next(iter(first & second & set(study.keys(0))))]
    assert study.keys(42) == []
    elsewhere = study.release("Another purpose"), study.release(recipient="Dr Else")
    unfollowed = study.release("")
    assert not (first | second) & (elsewhere[0] | elsewhere[1] | unfollowed)
    assert not elsewhere[0] & elsewhere[1]
    assert [each.linkage for each in ledger.entries()] == [
        "",
        PURPOSE,
        "Another purpose",
        PURPOSE,
        PURPOSE,
    ]
    assert len(study.keys(0)) == 3


@pytest.mark.parametrize("how", ["erase", "account", "keep", "untick"])
def test_keys_go_with_the_consent_to_them(study: Study, how: str) -> None:
    first = study.release()
    mine, key = study.keys(0), study.key(0)
    assert len(mine) == 1
    match how:
        case "account":
            privacy.erase_myself(study.people[0], posts="remove", password=PASSWORD, confirmed=True)
        case "untick":
            study.room.agree(study.people[0], *study_world.ALL)
        case _:
            service.withdraw(study.people[0], "sleep", erase=how == "erase")
    db.release_session()
    left = [each.key for each in linkage_keys.own_linkage_keys(key)]
    assert left == (mine if how == "keep" else [])
    second = study.release()
    assert (mine[0] in second) == (how == "keep")
    assert len(first & second) == (27 if how == "keep" else 16)  # ten are drawn to end with it


def test_the_end_of_a_study_ends_all_keys(study: Study) -> None:
    study.release()
    assert count(LinkageKey) == 27
    planning.close_study(study.room.study_id)
    assert (count(LinkageKey), count(LinkageClass)) == (0, 0)
    with pytest.raises(Invalid) as refused:
        study.release()
    assert set(refused.value.fields) == {"linkage"}
    assert len(study.release("")) == 43


def test_a_release_is_remade_when_a_participant_stops_agreeing(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, write = study.release(), files.write
    times: list[int] = []

    def meanwhile(*args: Any, **wishes: Any) -> None:
        if not times:
            study.room.agree(study.people[3], *study_world.ALL)
        times.append(1)
        write(*args, **wishes)

    mine = study.keys(3)
    monkeypatch.setattr(files, "write", meanwhile)
    second = study.release()
    assert len(times) == 2
    assert mine[0] in first - second
    assert study.keys(3) == []


def test_the_clause_is_asked_only_where_the_study_asks(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    room = study_world.study()
    ash, boss = room.member(password=PASSWORD), factories.administrator()
    browser, desk = app.test_client(), app.test_client()
    factories.log_in(browser, ash)
    factories.log_in(desk, boss)
    where, everything = "/studies/sleep", {"version": 1, **dict.fromkeys(study_world.ALL, "1")}
    assert "the same random number" not in browser.get(where).text
    refused = browser.post(
        f"{where}/consent",
        data=everything | {"linkage": "1"},
        headers={"Accept": "application/json"},
    )
    assert refused.status_code == 422
    assert set(refused.get_json()["error"]["fields"]) == {"linkage"}
    assert "linkage" in desk.get("/research/sleep/edit").text
    wrong = desk.post("/research/sleep/edit", data={"linkage": "perhaps"})
    assert wrong.status_code == 422
    planning.edit_study(boss, room.study_id, linkage="yes")
    assert "the same random number" in browser.get(where).text
    alone = browser.post(f"{where}/consent", data={"version": 1, "record": "1", "linkage": "1"})
    assert (alone.status_code, "must also agree to share data" in alone.text) == (422, True)
    done = browser.post(f"{where}/consent", data=everything | {"linkage": "1"})
    assert done.status_code == 303
    assert "You have no number yet" in browser.get(where).text
    held = browser.get(f"{where}/held").get_json()
    assert (held["consent"]["linkage"], held["linkage_keys"]) == (True, [])


def test_page_and_download_say_what_is_stored(app: Flask, study: Study) -> None:
    study.release()
    browser = app.test_client()
    factories.log_in(browser, study.people[0])
    page = browser.get("/studies/sleep").text
    assert f"{RECIPIENT}: {PURPOSE}" in page
    held = browser.get("/studies/sleep/held").get_json()["linkage_keys"]
    assert held == [{"recipient": RECIPIENT, "purpose": PURPOSE, "key": study.keys(0)[0]}]
    other = app.test_client()
    factories.log_in(other, study.people[42])
    assert PURPOSE not in other.get("/studies/sleep").text


def test_from_the_page_and_as_json(app: Flask, study: Study, settings: Settings) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    researcher = factories.person(password=PASSWORD)
    researchers.name_researcher(None, study.room.study_id, researcher.handle)
    desk = app.test_client()
    factories.log_in(desk, researcher)
    form = {
        "tier": "microdata",
        "made_by": "Dr Example",
        "reason": "A paper",
        "linkage": PURPOSE,
        "recipient": RECIPIENT,
        "password": PASSWORD,
        "hours": "24",
    }
    assert "Follow people for this purpose" in desk.get("/research/sleep/releases").text
    refused = desk.post("/research/sleep/releases", data=form | {"recipient": ""})
    assert (refused.status_code, PURPOSE in refused.text) == (422, True)
    as_json = {"Accept": "application/json"}
    released = [_made(desk, form, settings, headers) for headers in ({}, as_json)]
    assert len(released[0] & released[1]) == 27
    job = jobs.recent_jobs(queries.study_at("sleep"))[0]
    assert f">{PURPOSE}</dd>" in desk.get(f"/research/sleep/releases/{job.id}").text
    boss = app.test_client()
    factories.log_in(boss, factories.administrator())
    assert PURPOSE in boss.get(f"/research/ledger/{job.release_id}").text


def _made(
    desk: FlaskClient, form: dict[str, str], settings: Settings, headers: dict[str, str]
) -> set[str]:
    answer = desk.post("/research/sleep/releases", data=form, headers=headers)
    where = answer.headers["Location"] if answer.status_code == 303 else ""
    if not where:
        where = f"/research/sleep/releases/{answer.get_json()['id']}"
    worker.work(settings.instance)
    db.release_session()
    archive = ZipFile(io.BytesIO(desk.get(f"{where}/download").data))
    (name,) = (each for each in archive.namelist() if each.endswith("participants.csv"))
    report = next(each for each in archive.namelist() if each.endswith("disclosure.json"))
    assert json.loads(archive.read(report))["findings"]["followed_share"] == 0.63
    page = archive.read(report.replace(".json", ".html")).decode()
    assert "Following people" in page
    assert "following ids through all releases" in page
    return ids(archive.read(name).decode())


def test_from_the_command_line(
    study: Study, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORUM_INSTANCE", str(settings.instance))
    monkeypatch.setenv("FORUM_DATABASE_URL", settings.database_url)
    words = [
        "export",
        "sleep",
        "--tier",
        "microdata",
        "--by",
        "Dr Example",
        "--because",
        "A paper",
        "--linkage",
        PURPOSE,
        "--out",
    ]
    run = CliRunner().invoke
    alone = run(forum, [*words, str(tmp_path / "none")])
    assert (alone.exit_code, "who receives it" in alone.output) == (1, True)
    for name in ("one", "two"):
        done = run(forum, [*words, str(tmp_path / name), "--recipient", RECIPIENT])
        assert done.exit_code == 0, done.output
    one, two = (ids((tmp_path / name / "participants.csv").read_text()) for name in ("one", "two"))
    assert len(one & two) == 27
