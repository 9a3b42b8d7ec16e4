"""Logging in and out: the same answer whatever is wrong, and only to places in this forum."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import queries, service
from forum.accounts.login import passwords, user_agents
from forum.app import create_app
from forum.core import clock, db
from forum.core.errors import Invalid
from forum.settings.environment import Settings
from tests.support.worlds.account_forms import (
    JSON,
    PASSWORD,
    code_of,
    log_in_browser,
    post_form,
    register_member,
)

ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "groups",
    "",
    "/" + "x" * 600,
    " //evil.example",
    "/\x00/evil.example",
    "/%0d%0aSet-Cookie:x\r\n",
]


def test_logging_in_with_any_spelling_of_the_handle(app: Flask) -> None:
    register_member("Fern")
    for spelling in ("Fern", "fern", "FERN", " fern "):
        assert log_in_browser(app, spelling).get("/account").status_code == 200


def test_a_program_logs_in(client: FlaskClient) -> None:
    register_member("fern")
    answer = post_form(client, "/login", as_json=True, handle="fern", password=PASSWORD)
    assert (answer.status_code, answer.get_json()["ok"]) == (200, True)


def test_nobody_can_tell_a_wrong_password_from_an_unknown_handle(client: FlaskClient) -> None:
    register_member("fern")
    pairs = [
        ("fern", "not the password"),
        ("nobody-here", "not the password"),
        ("", ""),
        ("f\x00", PASSWORD),
        ("x" * 5_000, PASSWORD),
        ("fern", "x" * 5_000),
        ("fern", ""),
    ]
    answers = [
        post_form(client, "/login", as_json=True, handle=handle, password=password)
        for handle, password in pairs
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert {code_of(answer) for answer in answers} == {"wrong_login"}
    assert len({answer.text for answer in answers}) == 1
    one, two = (
        post_form(client, "/login", handle=handle, password="x").text.replace(handle, "")
        for handle in ("ferm", "fern")
    )
    assert one.split("<main")[1].split("csrf")[0] == two.split("<main")[1].split("csrf")[0]


def test_nobody_can_tell_by_the_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2))
    register_member("fern")

    def seconds(handle: str) -> float:
        began = time.perf_counter()
        with pytest.raises(Invalid):
            service.log_in(handle, "not the password")
        return time.perf_counter() - began

    seconds("nobody-here")
    known, unknown = [], []
    for _turn in range(7):
        known.append(seconds("fern"))
        unknown.append(seconds("nobody-here"))
    # The quickest of each, since other test processes hold up some of them.
    assert 0.6 < min(known) / min(unknown) < 1.6


@pytest.mark.parametrize("path", ELSEWHERE)
def test_login_leads_to_no_other_site(client: FlaskClient, path: str) -> None:
    register_member("fern")
    answer = post_form(client, "/login", handle="fern", password=PASSWORD, next=path)
    assert answer.headers["Location"] == "/"


def test_login_leads_back_to_the_page(client: FlaskClient) -> None:
    register_member("fern")
    page = client.get("/login?next=/groups/sleep%3Fpage%3D2").text
    assert 'name="next" value="/groups/sleep?page=2"' in page
    answer = post_form(
        client, "/login", handle="fern", password=PASSWORD, next="/groups/sleep?page=2"
    )
    assert answer.headers["Location"] == "/groups/sleep?page=2"


def test_login_begins_a_new_session(client: FlaskClient) -> None:
    register_member("fern")
    client.get("/login")
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    before = client.get_cookie("forum_session")
    post_form(client, "/login", handle="fern", password=PASSWORD)
    after = client.get_cookie("forum_session")
    assert before
    assert after
    assert before.value != after.value
    with client.session_transaction() as now:
        assert "planted" not in now
        assert now.permanent
    assert after.http_only
    assert after.same_site == "Lax"
    assert after.expires is not None


def test_the_cookie_is_secure_under_https(settings: Settings) -> None:
    made = create_app(replace(settings, origins=("https://forum.example.org",)))
    register_member("fern")
    client = made.test_client()
    post_form(client, "/login", handle="fern", password=PASSWORD)
    cookie = client.get_cookie("__Host-forum_session")
    assert cookie is not None
    assert cookie.secure


def test_a_stolen_cookie_is_worth_nothing_after_logout(app: Flask) -> None:
    register_member("fern")
    client, thief = log_in_browser(app, "fern"), app.test_client()
    cookie = client.get_cookie("forum_session")
    assert cookie is not None
    thief.set_cookie("forum_session", cookie.value)
    assert thief.get("/account").status_code == 200
    assert post_form(client, "/logout").headers["Location"] == "/"
    assert thief.get("/account").status_code == 401
    assert client.get("/account", headers=JSON).status_code == 401
    assert post_form(client, "/logout", as_json=True).get_json()["ok"]


def test_who_is_suspended_logs_in_and_reads_why(app: Flask) -> None:
    fern = register_member("fern")
    assert fern.id is not None
    until = clock.now().replace(year=2099, month=5, day=4)
    service.suspend(fern.id, until=until, because="Unkind words <twice>")
    client = app.test_client()
    answer = post_form(client, "/login", handle="fern", password=PASSWORD, next="/groups")
    assert answer.headers["Location"] == "/account"
    page = client.get("/account").text
    assert "Unkind words &lt;twice&gt;" in page
    assert "2099" in page
    refused = client.get("/bookmarks", headers=JSON)
    assert (refused.status_code, code_of(refused)) == (403, "suspended")
    assert "4 May 2099" in client.get("/bookmarks").text
    for path in ("profile", "handle", "password", "email", "recovery-codes", "sessions", "people"):
        assert client.get(f"/account/{path}").status_code == 200
    service.lift_suspension(fern.id)
    assert client.get("/bookmarks").status_code == 200
    assert "Unkind" not in client.get("/account").text


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("curl/8.0", "Another device"),
        ("", "Another device"),
        ("<script>Firefox</script>" * 300, "Firefox"),
    ],
)
def test_of_the_browser_only_a_label_is_kept(client: FlaskClient, agent: str, label: str) -> None:
    assert user_agents.device(agent) == label
    register_member("fern")
    client.environ_base["HTTP_USER_AGENT"] = agent
    post_form(client, "/login", handle="fern", password=PASSWORD)
    (row,) = client.get("/account/sessions", headers=JSON).get_json()["sessions"]
    assert row["device"] == label


@pytest.fixture
def limited(settings: Settings) -> Iterator[Flask]:
    """Return a forum with its rate limits on."""
    yield create_app(replace(settings, rate_limits=True))
    db.engine().dispose()


def _guess(app: Flask, path: str, address: int, turn: int = 0) -> int:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.0.0.{address}"
    handle = ("fern", "FERN", "Fern")[turn % 3]
    return post_form(client, path, handle=handle, password="x", code="x").status_code


@pytest.mark.parametrize("path", ["/login", "/recover"])
def test_guessing_is_throttled_and_keeps_nobody_else_out(limited: Flask, path: str) -> None:
    register_member("fern")
    statuses = [_guess(limited, path, 1, turn) for turn in range(120)]
    assert statuses == [422] * 10 + [429] * 110
    assert _guess(limited, path, 2) == 422
    assert log_in_browser(limited, "fern").get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/login", "/recover"])
def test_guessing_from_many_addresses_is_throttled_too(limited: Flask, path: str) -> None:
    register_member("fern")
    statuses = [_guess(limited, path, turn // 10, turn) for turn in range(120)]
    assert statuses == [422] * 100 + ([422] * 3 + [429] * 7) * 2


def test_who_has_to_wait_keeps_the_handle_and_hears_of_recovery_codes(limited: Flask) -> None:
    client = limited.test_client()
    for _try in range(10):
        post_form(client, "/login", handle="fern", password="x")
    answer = post_form(client, "/login", handle="fern", password="secretsecret", next="/groups")
    assert answer.status_code == 429
    assert 'value="fern"' in answer.text
    assert 'name="next" value="/groups"' in answer.text
    assert "secretsecret" not in answer.text
    assert 'href="/recover">Use a recovery code' in answer.text
    told = post_form(client, "/login", as_json=True, handle="fern", password="x")
    assert (told.status_code, code_of(told)) == (429, "too_many")


def test_guessing_is_throttled_for_the_address_whatever_the_account(limited: Flask) -> None:
    client = limited.test_client()
    statuses = [
        post_form(client, "/login", handle=f"nobody-{turn}", password="x").status_code
        for turn in range(62)
    ]
    assert statuses == [422] * 60 + [429] * 2


def test_sign_ups_are_counted_and_mistakes_are_not(limited: Flask) -> None:
    client = limited.test_client()
    for _mistake in range(12):
        assert post_form(client, "/register", handle="a", password="b").status_code == 422
    statuses = [
        post_form(
            limited.test_client(),
            "/register",
            handle=f"fern-number-{turn}",
            password=PASSWORD,
            accept_guidelines="on",
        ).status_code
        for turn in range(41)
    ]
    assert statuses == [201] * 40 + [429]
    assert queries.account_id_of("fern-number-39") is not None
