"""Erasing oneself leaves no name, no address and, if asked, no words in any table or log."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.identity import handles
from forum.accounts.identity.handles import fold
from forum.core.realtime.socket_events import socketio
from forum.threads import queries
from tests.support import factories as make
from tests.support.worlds.privacy_world import (
    EMAIL,
    HANDLE,
    OLD_HANDLE,
    OTHERS_WORDS,
    PASSWORD,
    WORDS,
    PrivacyWorld,
    token,
    whole_database,
)

NAMES = (HANDLE, OLD_HANDLE, EMAIL, fold(HANDLE), fold(OLD_HANDLE))


@pytest.fixture
def traces(app: Flask, client: FlaskClient) -> PrivacyWorld:
    """Return somebody with traces everywhere, logged in with `client`."""
    found = PrivacyWorld()
    make.log_in(client, found.me)
    return found


def erase(client: FlaskClient, **form: str) -> int:
    """Send the form, filled in rightly but for what is given; return the status."""
    filled = {"posts": "remove", "confirm": "1", "password": PASSWORD, **form}
    answer = client.post("/account/erase", data={**filled, **token(client, "/account/erase")})
    if answer.status_code == 303:  # to the page that says how far it is; here all is done
        assert client.get(answer.headers["Location"]).headers["Location"] == "/account/erased"
    return answer.status_code


def places_of(words: str) -> list[str]:
    """Return the columns in which something is found."""
    return [name for name, text in whole_database().items() if words.casefold() in text]


@pytest.mark.parametrize("posts", ["remove", "keep"])
def test_no_table_and_no_log_keeps_a_name(
    app: Flask, client: FlaskClient, posts: str, capfd: pytest.CaptureFixture[str]
) -> None:
    make.person()  # so the rest is made here, with all that is logged of it
    make.log_in(client, PrivacyWorld().me)
    assert places_of(HANDLE)
    assert places_of(EMAIL)
    assert erase(client, posts=posts) == 303
    assert {name: places_of(name) for name in NAMES} == {name: [] for name in NAMES}
    logged = "".join(capfd.readouterr()).casefold()
    assert not [name for name in (*NAMES, WORDS) if name.casefold() in logged]
    assert places_of(OTHERS_WORDS)


def test_words_go_when_posts_are_removed(client: FlaskClient, traces: PrivacyWorld) -> None:
    assert erase(client) == 303
    assert places_of(WORDS) == []


def test_posts_are_left_to_a_former_member(client: FlaskClient, traces: PrivacyWorld) -> None:
    assert erase(client, posts="keep") == 303
    assert set(places_of(WORDS)) == {
        "threads.title",
        "posts.body",
        "posts.html",
        "posts.content_note",
        "post_revisions.body",
        "room_messages.body",
        "room_messages.html",
        "room_messages.content_note",
        "care_messages.body",
    }
    first = queries.posts_between(traces.other, traces.thread_id, 1, 1)[0]
    assert (first.author_id, first.handle) == (None, None)
    body = whole_database()["posts.body"]
    assert f"{OTHERS_WORDS} a former member!" in body


def test_sessions_and_sockets_end_and_a_farewell_is_said(
    app: Flask, client: FlaskClient, traces: PrivacyWorld
) -> None:
    socket = socketio.test_client(app, flask_test_client=client)
    assert socket.is_connected()
    assert erase(client) == 303
    assert client.get("/account").status_code == 401
    assert not socket.is_connected()
    assert "Goodbye" in client.get("/account/erased").text


def test_nobody_gets_the_handles(client: FlaskClient, traces: PrivacyWorld) -> None:
    assert erase(client) == 303
    kept = whole_database()["retired_handles.digest"]
    assert handles.digest(HANDLE) in kept
    assert handles.digest(OLD_HANDLE) in kept


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "not the password"}, "your password. Please try again."),
        ({"posts": ""}, "Choose what should happen to your posts."),
        ({"posts": "both"}, "Choose what should happen to your posts."),
        ({"confirm": ""}, "Tick this box"),
    ],
)
def test_anything_wrong_keeps_everything(
    client: FlaskClient, traces: PrivacyWorld, wrong: dict[str, str], words: str
) -> None:
    before = whole_database()
    form = {"posts": "keep", "confirm": "1", "password": PASSWORD, **wrong}
    answer = client.post("/account/erase", data={**form, **token(client, "/account/erase")})
    assert answer.status_code == 422
    assert words in answer.text
    assert PASSWORD not in answer.text
    after = whole_database()
    noted = ("login_sessions.seen_at", "account_security_events.")
    assert {k: v for k, v in after.items() if not k.startswith(noted)} == {
        k: v for k, v in before.items() if not k.startswith(noted)
    }


def test_visitors_are_asked_to_log_in(client: FlaskClient) -> None:
    assert client.get("/account/erase").status_code == 401
    assert client.post("/account/erase", data=token(client, "/login")).status_code == 401
