"""The ledger's pages: what left the house, what is to be recalled, and nobody's key."""

import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.privacy import service as privacy
from forum.research import queries, service
from forum.research.releases.ledger import queries as ledger
from forum.research.releases.ledger.models import ReleasedRow
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import service as jobs
from forum.research.releases.requests import worker
from forum.research.studies import researchers
from forum.settings.environment import Settings
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.study_world import PASSWORD


@pytest.fixture
def people(app: Flask, settings: Settings) -> list[Viewer]:
    """Return the people who share in a study of which two releases were made, the researcher
    last.
    """
    room, sharing = study_world.full()
    researcher = factories.person("quillresearcher", password=PASSWORD)
    researchers.name_researcher(None, room.study_id, researcher.handle)
    for tier, recipient in (("aggregate", ""), ("events", "Prof Example")):
        asked = ReleaseRequest(
            "sleep",
            "Sleep",
            tier,
            made_by="Dr Example",
            reason="=A paper",
            recipient=recipient,
            agreement=b"By the day",
            hours=24,
        )
        jobs.request_release(researcher, asked, PASSWORD)
    worker.work(settings.instance)
    db.release_session()
    return [*sharing, researcher]


@pytest.fixture
def boss(app: Flask, people: list[Viewer]) -> FlaskClient:
    client = app.test_client()
    factories.log_in(client, factories.administrator())
    return client


def test_the_ledger_says_who_when_why_and_for_whom(boss: FlaskClient) -> None:
    page = boss.get("/research/ledger").text
    assert page.index("Release 2 of sleep: Events") < page.index("Release 1 of sleep: Aggregates")
    for words in (
        "Dr Example",
        "account quillresearcher",
        "=A paper",
        "Prof Example",
        "11 to 49",
    ):
        assert words in page
    assert "To recall" not in page


def test_an_entry_shows_attacks_checksums_and_one_digest_of_its_rows(boss: FlaskClient) -> None:
    page = boss.get("/research/ledger/2").text
    for words in (
        "four known points",
        hashlib.sha256(b"By the day").hexdigest(),
        ledger.entry(2).checksums["CHECKSUMS"],
    ):
        assert words in page
    rows = (
        db.current_session()
        .execute(select(ReleasedRow).where(ReleasedRow.release_id == 2))
        .scalars()
    )
    digests = sorted((row.digest, str(row.participant)) for row in rows)
    joined = "\n".join(digest for digest, _ in digests)
    assert hashlib.sha256(joined.encode()).hexdigest() in page
    assert not any(each in page for row in digests for each in row)
    assert boss.get("/research/ledger/3").status_code == 404


@pytest.mark.parametrize("how", ["keep", "erase", "account"])
def test_who_withdraws_has_their_releases_recalled(
    boss: FlaskClient, people: list[Viewer], how: str
) -> None:
    key = queries.participant_key(people[0].id or 0, queries.study_at("sleep").id)
    mine = select(ReleasedRow.intervals).where(ReleasedRow.participant == key)
    assert any(db.current_session().scalars(mine))
    if how == "account":
        privacy.erase_myself(people[0], posts="remove", password=PASSWORD, confirmed=True)
    else:
        service.withdraw(people[0], "sleep", erase=how == "erase")
    db.release_session()
    said = db.current_session().scalars(mine).all()
    assert len(said) == 2
    assert any(said) == (how == "keep")
    page = boss.get("/research/ledger").text
    assert len(re.findall("To recall", page)) == 2
    assert "Please ask Prof Example to delete it" in boss.get("/research/ledger/2").text


def test_a_researcher_who_is_erased_leaves_the_ledger_without_a_handle(
    boss: FlaskClient, people: list[Viewer]
) -> None:
    privacy.erase_myself(people[-1], posts="remove", password=PASSWORD, confirmed=True)
    for path in ("/research/ledger", "/research/sleep/log", "/research/sleep/researchers"):
        page = boss.get(path).text
        assert "quillresearcher" not in page
    assert "Dr Example" in boss.get("/research/ledger").text
    assert "Made a release" in boss.get("/research/sleep/log").text
    assert accounts.create_account("quillother")
