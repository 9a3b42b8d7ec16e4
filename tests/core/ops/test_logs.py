"""Logs never hold anyone's words, e-mail or address."""

import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gevent import GreenletExit, hub
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from forum.core import db, events
from forum.core.ops import logs
from forum.threads.events import PostCreated
from tests.support import factories

WORDS = "walnutwords"
MAIL = "walnut@mail.example.org"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    logs.configure()


def entries(printed: str) -> list[dict[str, object]]:
    """Return the log's lines. Raises ValueError if one is not JSON."""
    return [json.loads(line) for line in printed.splitlines()]


def fails(_event: object) -> None:
    """Fail as a consequence might, quoting what somebody wrote."""
    raise ValueError(f"cannot send {WORDS} to {MAIL}")


def broken_page() -> str:
    """Fail as a page might."""
    fails(None)
    return ""


def test_requests_are_logged_by_route(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("debug")
    client.get(f"/groups/{WORDS}?q={WORDS}", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    printed = capsys.readouterr().err
    (entry,) = [e for e in entries(printed) if e["event"] == "request"]
    assert (entry["route"], entry["method"]) == ("/groups/<slug>", "GET")
    assert isinstance(entry["ms"], float)
    assert WORDS not in printed
    assert "203.0.113.9" not in printed


def test_a_fault_is_logged_by_type_and_place(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    client = app.test_client()
    app.view_functions["home.index"] = broken_page
    answer = client.get(f"/?q={WORDS}", headers={"Accept": "application/json"})
    printed = capsys.readouterr().err
    (fault,) = [e for e in entries(printed) if e["event"] == "fault"]
    assert fault["reference"] == answer.get_json()["error"]["reference"]
    assert fault["exception"] == "ValueError"
    assert "ops/test_logs.py" in str(fault["frames"])
    assert WORDS not in printed
    assert MAIL not in printed


def test_a_failing_consequence_costs_nobody_their_post(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    events.subscribe({}, {PostCreated: [fails]})
    member = factories.person()
    group_id = factories.group()
    factories.join(member, group_id)
    place = factories.thread(member, group_id, title=WORDS, body=f"{WORDS} {MAIL}")
    assert place.number == 1
    printed = capsys.readouterr().err
    assert [e["event"] for e in entries(printed)] == ["consequence_failed"]
    assert WORDS not in printed
    assert MAIL not in printed


def test_what_the_database_refuses_is_not_quoted(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with db.engine().connect() as connection, pytest.raises(SQLAlchemyError) as caught:
        connection.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": WORDS})
    assert WORDS not in str(caught.value)
    logging.getLogger("sqlalchemy.engine").error(
        "It failed: %s", caught.value, exc_info=caught.value
    )
    (entry,) = entries(capsys.readouterr().err)
    assert (entry["event"], entry["said"]) == ("library", "It failed: %s")
    assert entry["cause"]


@pytest.mark.parametrize(
    "name", ["werkzeug", "gunicorn.error", "engineio.server", "socketio.server", "anything"]
)
def test_libraries_keep_their_place_and_lose_their_words(
    app: Flask, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    logger = logging.getLogger(name)
    logger.error("Bad request from %s: /threads?q=%s", "203.0.113.9", WORDS)
    logger.error(f"Bad request: {WORDS}")
    try:
        fails(None)
    except ValueError:
        logger.exception(WORDS)
    printed = capsys.readouterr().err
    assert [e["logger"] for e in entries(printed)] == [name] * 3
    assert entries(printed)[2]["exception"] == "ValueError"
    for private in (WORDS, MAIL, "203.0.113.9"):
        assert private not in printed


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catch strays during one test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(hub.Hub, "print_exception", hub.Hub.print_exception)
    logs.catch_strays()


@pytest.mark.usefixtures("hooks")
@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GreenletExit, ValueError])
def test_only_what_went_wrong_is_logged_as_uncaught(
    kind: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind(WORDS)
    sys.excepthook(kind, error, None)
    hub.get_hub().print_exception(None, kind, error, None)
    hub.get_hub().print_exception(None, kind, None, None)
    printed = capsys.readouterr().err
    expected = [("uncaught", "ValueError")] * 3 if kind is ValueError else []
    assert [(e["event"], e["exception"]) for e in entries(printed)] == expected
    assert WORDS not in printed
