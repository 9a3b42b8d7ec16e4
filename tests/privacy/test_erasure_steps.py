"""An account is closed at once; what is left of it goes in steps, whatever happens meanwhile."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forum.accounts import service as accounts
from forum.accounts.identity import public_ids
from forum.core import clock, db
from forum.core.background import periodic
from forum.core.background.jobs import queue, runner
from forum.core.errors import Invalid
from forum.privacy import service as privacy
from forum.threads.models import Post
from tests.support import factories as make
from tests.support.worlds.privacy_world import (
    HANDLE,
    PASSWORD,
    WORDS,
    PrivacyWorld,
    token,
    whole_database,
)


class Killed(BaseException):
    """What ends a process ends it without a word."""


@pytest.fixture
def traces(app: Flask, client: FlaskClient) -> PrivacyWorld:
    """Return somebody with traces everywhere, logged in with `client`."""
    found = PrivacyWorld()
    make.log_in(client, found.me)
    return found


def erase_and_die(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, steps: int) -> str:
    """Ask to be erased; the process dies after so many steps. Return the address of the page."""
    left, step = steps, runner._step

    def counted(job_id: int, worker: str) -> bool:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return step(job_id, worker)

    form = {"posts": "remove", "confirm": "1", "password": PASSWORD}
    form |= token(client, "/account/erase")
    with monkeypatch.context() as patched:
        patched.setattr(runner, "STEP_S", 0.0)  # one piece a step
        patched.setattr(runner, "_step", counted)
        patched.setattr(periodic, "soon", lambda *_: None)
        where = client.post("/account/erase", data=form).headers["Location"]
        with pytest.raises(Killed):
            runner.run()
    db.release_session()
    return where


def test_nobody_finds_or_enters_an_account_that_is_being_erased(
    app: Flask, client: FlaskClient, traces: PrivacyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = app.test_client()
    make.log_in(other, traces.other)
    profile = f"/members/{public_ids.of(traces.me.id)}"
    assert other.get(profile).status_code == 200
    where = erase_and_die(client, monkeypatch, 0)
    assert client.get("/account").status_code == 401
    with pytest.raises(Invalid):
        accounts.log_in(HANDLE, PASSWORD)
    assert other.get(profile).status_code == 404
    for page in ("/groups/quiet-room", "/groups/quiet-room/members", "/moderation/rota"):
        assert HANDLE not in other.get(page).text
    assert "a former member" in other.get(f"/threads/{traces.thread_id}").text
    progress = client.get(where)
    assert '<meta http-equiv="refresh"' in progress.text
    assert progress.headers["Cache-Control"] == "no-store"
    assert HANDLE not in progress.text


@pytest.mark.parametrize("steps", [1, 5, 17])
def test_erasing_goes_on_after_the_process_was_killed(
    client: FlaskClient, traces: PrivacyWorld, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    where = erase_and_die(client, monkeypatch, steps)
    assert "<progress" in client.get(where).text
    then = clock.now() + queue.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: then)
    runner.go_on()
    left = whole_database()
    assert [name for name, text in left.items() if HANDLE.casefold() in text] == []
    assert [name for name, text in left.items() if WORDS in text] == []
    assert client.get(where).headers["Location"] == "/account/erased"


def test_what_was_posted_at_the_last_moment_goes_too(
    client: FlaskClient, traces: PrivacyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase_and_die(client, monkeypatch, 17)
    late = make.join(make.person(), traces.group)
    make.post(late, traces.thread_id, body="Late words")
    with db.transaction() as session:
        mine = update(Post).where(Post.author_id == late.id)
        session.execute(mine.values(author_id=traces.me.id))
    then = clock.now() + queue.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: then)
    runner.go_on()
    assert "late words" not in whole_database()["posts.body"]


def test_no_byte_of_the_file_keeps_the_words(app: Flask) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL frees space by itself, as its documentation says")
    writer = make.person()
    here = make.group()
    make.join(writer, here)
    long = "marzipanwords " * 1_000  # on pages of their own
    place = make.thread(writer, here, body=long)
    for _ in range(3):
        make.post(writer, place.thread_id, body=long)
    privacy.erase(writer.id or 0, remove=True)
    file = Path(str(db.engine().url.database))
    for one in file.parent.glob(f"{file.name}*"):
        assert b"marzipanwords" not in one.read_bytes()
