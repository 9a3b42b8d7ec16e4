"""Signing up, and what a password must be."""

import re
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from forum.accounts import queries, service
from forum.accounts.events import AccountCreated, LoggedIn
from forum.accounts.login import passwords
from forum.accounts.models import Account, LoginSession, RecoveryCode
from forum.accounts.recovery import recovery_codes
from forum.core import events
from forum.core.db import current_session
from forum.core.errors import Invalid
from tests.support.suite.thoroughness import examples
from tests.support.worlds.account_forms import (
    JSON,
    NEW_PASSWORD,
    PASSWORD,
    fields_of,
    log_in_browser,
    post_form,
    register_member,
)

WEAK = [
    "password12",
    "qwertyuiop",
    "1234567890",
    "aaaaaaaaaaaa",
    "fernfernfern",
    "",
    "short1!X",
    "x" * 129,
    "violet\x00harbour lantern",
    "violet\ud800harbour lantern",
]
SIGN_UP: dict[str, Any] = {"handle": "fern", "password": PASSWORD, "accept_guidelines": "on"}


def test_signing_up_logs_in_and_shows_ten_codes_once(client: FlaskClient) -> None:
    page = post_form(client, "/register", **SIGN_UP, next="/groups")
    assert page.status_code == 201
    shown = re.findall(r"<code>([0-9a-z-]{19})</code>", page.text)
    assert len(set(shown)) == 10
    assert 'href="/groups">I&#39;ve saved my codes' in page.text
    assert client.get("/account", headers=JSON).get_json()["handle"] == "fern"
    assert not any(code in client.get("/account").text for code in shown)
    assert page.headers["Cache-Control"] == "no-store"


def test_loading_the_page_with_the_codes_again_leads_to_new_ones(client: FlaskClient) -> None:
    page = post_form(client, "/register", **SIGN_UP)
    assert "be able to see these codes again." in page.text
    for again in (
        client.post("/register", data=SIGN_UP),
        post_form(client, "/register", **SIGN_UP),
    ):
        assert again.status_code == 303
        hint = client.get(again.headers["Location"])
        assert hint.status_code == 200
        assert "you can create 10 new ones here with your password" in hint.text
    assert "you can create 10" not in client.get("/account/recovery-codes").text
    stranger = client.application.test_client().post("/register", data=SIGN_UP)
    assert stranger.status_code == 400


def test_a_program_signs_up(client: FlaskClient) -> None:
    answer = post_form(client, "/register", as_json=True, **SIGN_UP, email="Fern@Example.org")
    assert answer.status_code == 201
    made = answer.get_json()
    assert made["handle"] == "fern"
    found = queries.viewer(queries.account_id_of("fern") or 0)
    assert found is not None
    assert made["id"] == found.public_id
    assert len(made["recovery_codes"]) == 10
    assert client.get("/account", headers=JSON).get_json()["email"] == "fern@example.org"


def test_everything_that_is_wrong_is_named_at_once(client: FlaskClient) -> None:
    wrong: dict[str, Any] = {"handle": "a", "password": "b", "email": "c"}
    answer = post_form(client, "/register", as_json=True, **wrong)
    assert answer.status_code == 422
    assert fields_of(answer) == {"handle", "password", "email", "accept_guidelines"}
    page = post_form(client, "/register", **{**wrong, "password": "secretsecret", "handle": "a<b"})
    assert page.status_code == 422
    assert 'value="a&lt;b"' in page.text
    assert "secretsecret" not in page.text
    assert 'id="handle-error"' in page.text
    assert 'role="alert"' in page.text
    assert current_session().scalar(select(func.count()).select_from(Account)) == 0


def test_guidelines_must_be_accepted(client: FlaskClient) -> None:
    for refused in ("", "0", "false", "off"):
        answer = post_form(
            client, "/register", as_json=True, **{**SIGN_UP, "accept_guidelines": refused}
        )
        assert fields_of(answer) == {"accept_guidelines"}


def test_who_is_logged_in_goes_home(app: Flask) -> None:
    register_member("fern")
    client = log_in_browser(app, "fern")
    for path, place in (("/register", "/account/recovery-codes?again=1"), ("/login", "/")):
        assert client.get(path).headers["Location"] == "/"
        answer = post_form(client, path, handle="other", password=PASSWORD, accept_guidelines="on")
        assert (answer.status_code, answer.headers["Location"]) == (303, place)
    assert queries.account_id_of("other") is None


def test_without_the_token_of_the_page_nothing_happens(client: FlaskClient) -> None:
    assert client.post("/register", data=SIGN_UP).status_code == 400
    assert queries.account_id_of("fern") is None


def test_a_taken_handle_is_refused_kindly(client: FlaskClient) -> None:
    register_member("fern")
    answer = post_form(client, "/register", as_json=True, **{**SIGN_UP, "handle": "FERN"})
    assert (answer.status_code, fields_of(answer)) == (422, {"handle"})


def test_sign_up_does_not_reveal_whether_an_address_is_known(client: FlaskClient) -> None:
    register_member("fern", email="fern@example.org")
    answer = post_form(
        client, "/register", as_json=True, **{**SIGN_UP, "handle": "moss"}, email="fern@example.org"
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("password", WEAK)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.checked(password, known=["fern"])
    assert set(refused.value.fields) == {"password"}


@pytest.mark.usefixtures("real_hashes")
@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "Tr0ub4dour&3xyz-plum",
        "naïve façade ünder glass",
        "  leading spaces are fine  ",
        "正しい馬電池時計台ホッチキス",
    ],
)
def test_good_passwords_of_any_kind_are_welcome(password: str) -> None:
    assert passwords.matches(passwords.hashed(passwords.checked(password)), password)


def test_the_handle_is_no_password() -> None:
    with pytest.raises(Invalid):
        passwords.checked("wolfganggrau77", known=["wolfganggrau77"])


@pytest.mark.usefixtures("real_hashes")
def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert passwords.matches(
        passwords.hashed("na\u00efve harbour lantern"), "nai\u0308ve harbour lantern"
    )


@settings(deadline=None, max_examples=examples(25))
@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_is_judged_quickly(password: str) -> None:
    with suppress(Invalid):
        assert len(passwords.checked(password)) >= 10


@pytest.mark.usefixtures("real_hashes")
def test_passwords_and_codes_are_kept_as_digests(app: Flask) -> None:
    new = service.sign_up("fern", PASSWORD, accept_guidelines=True)
    kept = current_session().scalars(select(Account.password_hash)).one()
    assert kept.startswith("$argon2id$")
    digests = set(current_session().scalars(select(RecoveryCode.digest)))
    assert len(digests) == recovery_codes.HOW_MANY
    assert not digests & set(new.recovery_codes)


@pytest.mark.usefixtures("real_hashes")
def test_an_old_hash_is_renewed_at_login(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = type(passwords._hasher)(time_cost=1, memory_cost=8_192)
    with monkeypatch.context() as earlier:
        earlier.setattr(passwords, "_hasher", cheap)
        register_member("fern")
    service.log_in("fern", PASSWORD)
    kept = current_session().scalars(select(Account.password_hash)).one()
    assert "m=65536,t=3,p=4" in kept
    assert service.log_in("fern", PASSWORD)


def test_the_operator_makes_accounts(app: Flask) -> None:
    seen: list[object] = []
    events.subscribe({AccountCreated: [seen.append], LoggedIn: [seen.append]}, {})
    made = service.create_account("Admin", password=NEW_PASSWORD, role="administrator")
    assert service.log_in("admin", NEW_PASSWORD)
    assert [type(event) for event in seen] == [AccountCreated, LoggedIn]
    assert queries.viewer(made) is not None
    wrongs: list[dict[str, Any]] = [
        {"handle": "admin2", "role": "emperor"},
        {"handle": "support"},
        {"handle": "fern", "password": "weak"},
    ]
    for wrong in wrongs:
        with pytest.raises(Invalid):
            service.create_account(**wrong)


def test_nobody_logs_in_to_an_account_without_password(app: Flask) -> None:
    service.create_account("fern")
    for guess in ("", "!", passwords.UNUSABLE, "the password of nobody"):
        with pytest.raises(Invalid):
            service.log_in("fern", guess)
    assert current_session().scalar(select(func.count()).select_from(LoginSession)) == 0
