"""What is made once for many requests gives what would be made for each."""

import time

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import validate_csrf

from forum.core.web import flask_tuning
from forum.core.web.forms import csrf

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def seen(app: Flask) -> list[dict[str, object]]:
    """Return what each request found in its session; `/keep/<word>` adds a word to a list in it."""
    found: list[dict[str, object]] = []

    def keep(word: str) -> str:
        found.append({**session})
        session["words"] = [*session.get("words", []), word]
        return csrf.csrf_token()

    def look(word: str) -> str:
        found.append({**session, "words": [*session["words"]] if "words" in session else None})
        session.get("words", []).append(word)  # in place, so Flask does not notice
        return csrf.csrf_token()

    app.add_url_rule("/keep/<word>", "keep", keep)
    app.add_url_rule("/look/<word>", "look", look)
    return found


def test_a_session_is_what_was_kept_last(
    seen: list[dict[str, object]], client: FlaskClient
) -> None:
    for word in ("a", "b", "c"):
        client.get(f"/keep/{word}")
        client.get("/look/never kept")
    client.get("/keep/d")
    kept = [None, ["a"], ["a"], ["a", "b"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c"]]
    assert [one.get("words") for one in seen] == kept


def test_what_one_browser_keeps_is_not_anothers(app: Flask, seen: list[dict[str, object]]) -> None:
    first, second = app.test_client(), app.test_client()
    first.get("/keep/a")
    second.get("/keep/b")
    first.get("/keep/c")
    assert [one.get("words") for one in seen] == [None, None, ["a"]]


@pytest.mark.parametrize("cookie", ["", "x", "e30.x.y", "{valid}x", "{valid}."])
def test_a_cookie_that_is_not_ours_is_an_empty_session(
    app: Flask, seen: list[dict[str, object]], client: FlaskClient, cookie: str
) -> None:
    client.get("/keep/a")
    valid = client.get_cookie("forum_session")
    assert valid
    other = app.test_client()
    other.set_cookie("forum_session", cookie.replace("{valid}", valid.value))
    other.get("/keep/b")
    assert "words" not in seen[-1]


def test_a_cookie_ends_with_its_time(
    app: Flask, seen: list[dict[str, object]], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/keep/a")
    ends = time.time() + app.permanent_session_lifetime.total_seconds()
    for seconds, words in ((-flask_tuning.VERIFIED_FOR_S, ["a"]), (2, None)):
        monkeypatch.setattr(time, "time", lambda at=ends + seconds: at)
        client.get("/look/b")
        assert seen[-1]["words"] == words


def test_a_token_is_its_sessions_own(app: Flask, seen: list[dict[str, object]]) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    tokens: list[str] = []
    for _ in range(2):
        client = app.test_client()
        mine = {client.get("/keep/a").text, client.get("/look/b").text, client.get("/look/c").text}
        assert len(mine) == 1
        with client:
            client.get("/look/d")
            validate_csrf(*mine)
        tokens += mine
    assert len(set(tokens)) == 2
