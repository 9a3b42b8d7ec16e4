"""Everything held about me, and nobody else's words."""

import io
import json
import tracemalloc
from itertools import count
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from forum.core import clock
from forum.core.db import Base, transaction
from forum.privacy import download
from forum.privacy.personal_data import LEFT_OUT, PERSONAL_DATA
from forum.threads.models import Post
from tests.support import factories as make
from tests.support.worlds.privacy_world import (
    EMAIL,
    HANDLE,
    OTHERS_WORDS,
    PASSWORD,
    WORDS,
    PrivacyWorld,
    token,
)


def take(client: FlaskClient, password: str = PASSWORD) -> ZipFile:
    """Download the zip."""
    form = {"password": password, **token(client, "/account/data")}
    answer = client.post("/account/data/download", data=form)
    assert answer.status_code == 200
    return ZipFile(io.BytesIO(answer.data))


@pytest.fixture
def traces(app: Flask, client: FlaskClient) -> PrivacyWorld:
    """Return somebody with traces everywhere, logged in with `client`."""
    found = PrivacyWorld()
    make.log_in(client, found.me)
    return found


def test_the_download_holds_all_that_is_mine(client: FlaskClient, traces: PrivacyWorld) -> None:
    archive = take(client)
    parts = {h.name: json.loads(archive.read(f"{h.name}.json")) for h in PERSONAL_DATA}
    assert all(parts[name] for name in parts if name not in {"post_actions", "notifications"})
    assert parts["account"][0]["handle"] == HANDLE
    assert parts["account"][0]["email"] == EMAIL
    assert parts["account"][0]["recovery_codes_left"] == 10
    assert [post["body"].split()[0] for post in parts["posts"]] == ["Edited", "Hidden"]
    assert parts["posts"][1]["state"] == "hidden"
    assert parts["revisions"][0]["body"] == f"Body {WORDS}"
    assert [row["handle"] for row in parts["muted_and_blocked"]] == ["muteduser"]


def test_the_download_holds_nobody_elses_words(client: FlaskClient, traces: PrivacyWorld) -> None:
    archive = take(client)
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert OTHERS_WORDS not in everything
    assert "blockerone" not in everything
    assert "argon2" not in everything


def test_the_page_and_the_readme_can_be_read(client: FlaskClient, traces: PrivacyWorld) -> None:
    archive = take(client)
    page = archive.read("everything.html").decode()
    assert f"<p>Edited {WORDS}" in page
    readme = archive.read("README.txt").decode()
    assert all(f"{holding.name}.json" in readme for holding in PERSONAL_DATA)


def test_a_wrong_password_gives_nothing(client: FlaskClient, traces: PrivacyWorld) -> None:
    form = {"password": "wrong", **token(client, "/account/data")}
    answer = client.post("/account/data/download", data=form)
    assert answer.status_code == 422
    assert "your password. Please try again." in answer.text
    assert "wrong" not in answer.text.replace("something went wrong", "")


def test_visitors_are_asked_to_log_in(client: FlaskClient) -> None:
    assert client.get("/account/data").status_code == 401
    form = token(client, "/login")
    assert client.post("/account/data/download", data=form).status_code == 401


def test_no_column_that_names_an_account_is_forgotten() -> None:
    """A new table that names accounts belongs in the download, or in the list with a reason."""
    naming = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "accounts" for key in column.foreign_keys)
    }
    covered = {name for holding in PERSONAL_DATA for name in holding.covers}
    assert not covered & set(LEFT_OUT)
    assert naming == covered | set(LEFT_OUT)


def test_others_go_on_after_a_time_however_few_rows_it_took(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, group = make.person(), make.group()
    place = make.thread(make.join(me, group), group)
    for _ in range(4):
        make.post(me, place.thread_id)
    paused: list[float] = []
    now = count(0, download.STRETCH_S)  # each look at the clock takes that long
    monkeypatch.setattr("forum.privacy.download.time.perf_counter", lambda: next(now))
    monkeypatch.setattr("forum.privacy.download.time.sleep", paused.append)
    download.build(me.id or 0, lambda sections: (str(row) for _, r in sections for row in r))
    assert len(paused) >= 2 * 5  # once a post, in the JSON and on the page


def test_ten_thousand_posts_fit_in_little_memory(app: Flask) -> None:
    me = make.person()
    group = make.group()
    place = make.thread(make.join(me, group), group)
    body = "A long and winding story. " * 100
    rows: list[dict[str, object]] = [
        {
            "thread_id": place.thread_id,
            "author_id": me.id,
            "number": n,
            "version": n,
            "body": body,
            "html": body,
            "renderer": 1,
            "content_note": "",
            "reactions": {},
            "created_at": clock.now(),
        }
        for n in range(2, 10_002)
    ]
    with transaction() as session:
        session.execute(insert(Post), rows)
    del rows
    tracemalloc.start()
    made = download.build(me.id or 0, lambda sections: (str(row) for _, r in sections for row in r))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with ZipFile(made) as archive:
        assert len(json.loads(archive.read("posts.json"))) == 10_001
    assert peak < 20_000_000
