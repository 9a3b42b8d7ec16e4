"""Releases in several languages: pages and refusals as the reader's, files in English."""

import io
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.translation import formats, lazy, lazy_format, using
from forum.privacy import download
from forum.research.releases.ledger import queries as ledger
from forum.research.releases.requests import queue
from forum.research.releases.requests import service as jobs
from forum.research.releases.requests.models import REFUSED
from forum.research.studies import researchers
from forum.settings.environment import Settings
from tests.support import factories
from tests.support.languages import made_up
from tests.support.research import study_world
from tests.support.research.release_desk import ReleaseWorld, desk
from tests.support.research.study_world import PASSWORD

__all__ = ["desk"]
MADE_UP = {"Accept-Language": made_up.CODE}
FEWER = "Fewer than 11 people share their data"


def test_a_refusal_is_read_in_each_reader_s_language(app: Flask, settings: Settings) -> None:
    room = study_world.study()
    researcher = factories.person(password=PASSWORD)
    researchers.name_researcher(None, room.study_id, researcher.handle)
    few = ReleaseWorld(room, settings.instance, researcher, [])
    job_id = few.ask(tier="microdata")
    few.work()
    client = _logged_in(app, researcher)
    page = f"/research/sleep/releases/{job_id}"
    with made_up.is_known():
        said = client.get(page, headers=MADE_UP).text
        assert made_up.in_accents("people share their data")[:15] in said
        assert FEWER not in said
    assert FEWER in client.get(page).text
    assert FEWER in _own_data(researcher)


def test_days_numbers_and_texts_in_a_stored_text_are_the_reader_s(desk: ReleaseWorld) -> None:
    job_id = desk.ask()
    queue.claim()
    why = lazy(
        "%(advice)s Half is %(share)s, from %(day)s.",
        advice=lazy("Wait."),
        share=lazy_format(formats.number, 0.5),
        day=lazy_format(formats.day, clock.now().date().replace(month=12, day=1)),
    )
    queue.give_up(job_id, REFUSED, why)
    kept = desk.job(job_id).problem
    assert str(kept).startswith("Wait. Half is 0.5, from 1 December 2")
    with made_up.is_known(), using(made_up.CODE):
        assert str(kept).startswith(
            made_up.in_accents("Wait.") + made_up.in_accents(" Half is")[:8]
        )


def test_files_and_the_ledger_are_in_english_in_every_forum(
    app: Flask, desk: ReleaseWorld, settings: Settings
) -> None:
    with made_up.is_known(), using(made_up.CODE):
        job_id = desk.ask(tier="microdata")
        desk.work()
        path = jobs.archive_path(desk.researcher, "sleep", job_id, desk.instance)
        archive = ZipFile(io.BytesIO(path.read_bytes()))
        texts = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".csv", ".md", ".html", ".json", ".txt"))
        ]
        boss = _logged_in(app, factories.administrator())
        page = boss.get("/research/ledger/1", headers=MADE_UP).text
    assert len(texts) > 4
    assert not any(made_up.FILL[0] in text for text in texts)
    assert ledger.entry(1).attacks[0]["attack"] == "four known points"
    assert made_up.in_accents("four known points") in page


def test_what_was_asked_for_is_said_in_words(app: Flask, desk: ReleaseWorld) -> None:
    job_id = desk.ask(tier="events", recipient="Prof Example", agreement=b"By the day", hours=24)
    client = _logged_in(app, desk.researcher)
    page = client.get(f"/research/sleep/releases/{job_id}").text
    for words in ("Waiting for its turn", "24 hours", "Prof Example", "Don't make it"):
        assert words in page.replace("&#39;", "'")
    with made_up.is_known():
        answer = client.get(
            f"/research/sleep/releases/{job_id}", headers=MADE_UP | {"Accept": "application/json"}
        )
    assert answer.get_json()["words"] == made_up.in_accents("Waiting for its turn.")


def _own_data(viewer: Viewer) -> str:
    made = download.build(
        viewer.id or 0, lambda sections: (str(row) for _, r in sections for row in r)
    )
    with ZipFile(made) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def _logged_in(app: Flask, viewer: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.log_in(client, viewer)
    return client
