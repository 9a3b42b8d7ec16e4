"""Limits count people, not addresses; who guesses is stopped, and keeps nobody out by it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.identity import handles
from forum.app import create_app
from forum.core import db
from forum.core.web import rate_limits
from forum.settings.environment import Settings
from tests.support import factories as make
from tests.support.worlds.account_forms import JSON, PASSWORD, post_form, register_member

WRONG = "not the password"
SPELLINGS = (
    "fern",
    " fern",
    "fern  ",
    "FERN",
    "\u00a0Fern",
    "\uff46\uff45\uff52\uff4e",
    "fern\u3000",
    "\tfern",
)


@pytest.fixture
def limited(real_databases: object, tmp_path: Path, settings: Settings) -> Iterator[Flask]:
    """Return a forum with its rate limits on."""
    yield create_app(replace(settings, rate_limits=True))
    db.release_session()
    db.engine().dispose()


@pytest.fixture
def database_url(real_databases: object) -> str:
    """Return one database: counting is the same on both."""
    return str(real_databases.sqlite())  # type: ignore[attr-defined]


def at(app: Flask, address: str) -> FlaskClient:
    """Return a visitor's browser that asks from there."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def log_in(client: FlaskClient, handle: str = "fern", password: str = WRONG) -> int:
    """Try to log in, and return the answer's status."""
    return post_form(client, "/login", handle=handle, password=password).status_code


def test_however_a_handle_is_typed_it_is_one_account(limited: Flask) -> None:
    register_member("fern")
    client = at(limited, "203.0.113.9")
    statuses = [
        log_in(client, " " * (turn // len(SPELLINGS)) + SPELLINGS[turn % len(SPELLINGS)])
        for turn in range(40)
    ]
    assert statuses == [422] * 10 + [429] * 30


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_finds_the_account(spelling: str) -> None:
    assert handles.key_of(spelling) == handles.key_of("fern")


def test_guessing_never_locks_the_owner_out(limited: Flask) -> None:
    register_member("fern")
    owner = at(limited, "198.51.100.7")
    assert log_in(owner, password=PASSWORD) == 303
    post_form(owner, "/logout")
    for turn in range(120):
        log_in(at(limited, f"203.0.113.{turn // 12}"))
    assert log_in(at(limited, "203.0.113.5")) == 429, "guessing goes on"
    guesses = [log_in(at(limited, "192.0.2.1")) for _turn in range(5)]
    assert guesses == [422] * 3 + [429] * 2, "another place has a small budget of its own"
    assert log_in(at(limited, "192.0.2.2"), password=PASSWORD) == 303, "the owner, from elsewhere"
    owner.environ_base["REMOTE_ADDR"] = "203.0.113.5"
    assert log_in(owner, password=PASSWORD) == 303, "the owner's device, behind the same address"


def test_guessing_from_the_same_network_locks_out_no_known_device(limited: Flask) -> None:
    register_member("fern")
    owner, guesser = at(limited, "203.0.113.9"), at(limited, "203.0.113.9")
    assert log_in(owner, password=PASSWORD) == 303
    post_form(owner, "/logout")
    assert [log_in(guesser, f"nobody{turn}") for turn in range(62)][-1] == 429
    assert log_in(guesser, password=PASSWORD) == 429, "a device that is not known"
    assert [log_in(owner) for _turn in range(9)] == [422] * 9
    assert log_in(owner, password=PASSWORD) == 303
    post_form(owner, "/logout")
    assert log_in(owner) == 429, "after ten tries a known device, too"


def test_a_device_is_known_for_its_own_account_alone(limited: Flask) -> None:
    register_member("fern")
    register_member("heron")
    thief = at(limited, "203.0.113.9")
    assert log_in(thief, "heron", PASSWORD) == 303
    post_form(thief, "/logout")
    assert [log_in(thief) for _turn in range(12)] == [422] * 10 + [429] * 2
    thief.set_cookie("known_device", "x" * 22 + "." + "0" * 32)
    assert log_in(thief) == 429


def test_thirty_people_behind_one_address(limited: Flask) -> None:
    leader = make.administrator()
    group = make.group(leader, slug="here")
    thread = make.thread(leader, group).thread_id
    people = []
    for turn in range(30):
        client = at(limited, "203.0.113.9")
        signed_up = post_form(
            client, "/register", handle=f"person-{turn}", password=PASSWORD, accept_guidelines="on"
        )
        assert signed_up.status_code == 201
        post_form(client, "/logout")
        assert log_in(client, f"person-{turn}", PASSWORD) == 303
        client.get("/groups/here")
        assert post_form(client, "/groups/here/join").status_code == 303
        people.append(client)
    for turn, client in enumerate(people):
        page = client.get(f"/threads/{thread}").text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found
        client.environ_base["HTTP_X_CSRFTOKEN"] = found[1]
        for again in range(4):
            answer = client.post(
                f"/threads/{thread}/replies",
                headers=JSON,
                data={"body": f"Words {turn} {again}", "idempotency_key": f"{turn}-{again}"},
            )
            assert answer.status_code == 201, answer.text
            drafted = client.post(f"/threads/{thread}/draft", data={"body": "Wor"}, headers=JSON)
            assert drafted.status_code == 200, drafted.text


def test_one_person_with_many_addresses_is_one_person(limited: Flask) -> None:
    leader = make.administrator()
    group = make.group(leader, slug="here")
    thread = make.thread(leader, group).thread_id
    client = at(limited, "203.0.113.9")
    make.log_in(client, make.join(make.person(), group))
    statuses = []
    for turn in range(36):
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{turn % 6}"
        path = f"/threads/{thread}/replies"
        statuses.append(
            post_form(
                client, path, as_json=True, body=f"Words {turn}", idempotency_key=str(turn)
            ).status_code
        )
    assert statuses == [201] * 30 + [429] * 6


def test_a_household_of_ipv6_is_one_place_for_guesses(limited: Flask) -> None:
    register_member("fern")
    statuses = [log_in(at(limited, f"2001:db8:1:{turn:x}::1")) for turn in range(12)]
    assert statuses == [422] * 10 + [429] * 2
    assert log_in(at(limited, "2001:db8:2::1")) == 422


def test_a_calendar_service_reads_many_calendars(limited: Flask) -> None:
    from forum.meetings.calendars import service as calendars

    tokens = [calendars.create_calendar(make.person()) for _turn in range(70)]
    service = at(limited, "203.0.113.9")
    assert {service.get(f"/calendars/{token}.ics").status_code for token in tokens} == {200}
    once_more = {service.get(f"/calendars/{tokens[0]}.ics").status_code for _turn in range(60)}
    assert once_more == {200, 429}


def test_help_is_offered_above_any_limit(limited: Flask) -> None:
    client = at(limited, "203.0.113.9")
    make.log_in(client, make.person())
    page = client.get("/groups").text
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    headers = {**JSON, "X-CSRFToken": found[1]}
    told = [
        client.post("/writing-check", data={"words": "It rained."}, headers=headers)
        for _turn in range(62)
    ]
    assert {answer.status_code for answer in told} == {200}
    assert told[0].get_json()["html"] == ""
    assert 'href="/help-now"' in told[-1].get_json()["html"]


@pytest.mark.parametrize(
    ("peer", "proxies", "header", "noticed"),
    [
        ("127.0.0.1", 0, "X_FORWARDED_FOR", True),
        ("10.1.2.3", 0, "X_REAL_IP", True),
        ("::1", 0, "FORWARDED", True),
        ("100.64.1.1", 0, "X_FORWARDED_FOR", True),  # shared address space, as clusters use it
        ("::ffff:10.0.0.1", 0, "X_FORWARDED_FOR", True),
        ("127.0.0.1", 0, "", False),
        ("8.8.8.8", 0, "X_FORWARDED_FOR", False),
        ("127.0.0.1", 1, "X_REAL_IP", False),
    ],
)
def test_a_forgotten_proxy_is_said_once(
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    peer: str,
    proxies: int,
    header: str,
    noticed: bool,
) -> None:
    client = at(create_app(replace(settings, proxies=proxies)), peer)
    if header:
        client.environ_base[f"HTTP_{header}"] = "198.51.100.7"
    for _turn in range(3):
        answer = client.get("/readyz")
    assert ("FORUM_PROXIES" in answer.text) is noticed
    assert capsys.readouterr().err.count("proxy_not_believed") == int(noticed)


@pytest.mark.parametrize(
    ("proxies", "passed_on", "noticed"),
    [
        (1, "198.51.100.7, 10.0.0.9", True),  # a second proxy in front of the one that is set
        (2, "198.51.100.7, 10.0.0.9", False),
        (1, "8.8.8.8", False),
        (1, "10.0.0.9", False),  # a visitor in the same house
        (1, "10.0.0.9, 8.8.8.8", False),  # the first is the visitor's own invention
    ],
)
def test_too_few_proxies_are_noticed(
    settings: Settings, proxies: int, passed_on: str, noticed: bool
) -> None:
    client = at(create_app(replace(settings, proxies=proxies)), "127.0.0.1")
    client.environ_base["HTTP_X_FORWARDED_FOR"] = passed_on
    client.get("/healthz")
    assert ("FORUM_PROXIES" in client.get("/readyz").text) is noticed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:102::1", False),
        ("203.0.113.9", "203.0.113.10", False),
    ],
)
def test_household(one: str, other: str, same: bool) -> None:
    app, found = Flask("nothing"), []
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            found.append(rate_limits.household())
    assert (found[0] == found[1]) is same
