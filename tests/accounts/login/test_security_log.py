"""What protects an account: its owner is notified of what happened to it, and nobody else."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forum import jobs
from forum.accounts import service
from forum.accounts.login import security_log
from forum.accounts.models import RecoveryCode, SecurityEvent
from forum.accounts.recovery import recovery_codes
from forum.core import clock, db, ids
from forum.core.errors import Invalid
from tests.support.worlds.account_forms import (
    JSON,
    NEW_PASSWORD,
    PASSWORD,
    code_of,
    log_in_browser,
    post_form,
    register_member,
)

NEW = "thimble orchard walrus"


def noted(client: FlaskClient) -> list[tuple[str, int]]:
    """Return what somebody reads of their own log, the latest first."""
    events = client.get("/account/security", headers=JSON).get_json()["events"]
    return [(event["kind"], event["count"]) for event in events]


def test_logins_and_refusals_are_noted_for_their_owner_alone(app: Flask) -> None:
    register_member("heron")
    register_member("fern")
    for _turn in range(3):
        post_form(app.test_client(), "/login", handle="FERN ", password="wrong")
    post_form(app.test_client(), "/login", handle="nobody-here", password="wrong")
    fern = log_in_browser(app, "fern")
    assert noted(fern) == [("logged_in", 1), ("login_refused", 3)]
    assert noted(log_in_browser(app, "heron")) == [("logged_in", 1)]
    for path in ("/account", "/account/security"):
        assert "Wrong password or code at login (3 times)" in fern.get(path).text
    assert app.test_client().get("/account/security").status_code == 401


@pytest.mark.parametrize("tries", [9, 10])
def test_the_owner_is_notified_of_a_login_after_many_refusals(app: Flask, tries: int) -> None:
    register_member("fern")
    for _turn in range(tries):
        with pytest.raises(Invalid):
            service.log_in("fern", "wrong")
    client = log_in_browser(app, "fern")
    many = tries >= security_log.MANY_REFUSALS
    assert noted(client)[0][0] == ("login_after_refusals" if many else "logged_in")
    page = client.get("/notifications").text
    assert ("after many wrong passwords" in page) is many
    client = log_in_browser(app, "fern")
    assert noted(client)[0][0] == "logged_in", "what came before that login counts no more"


@pytest.mark.parametrize(
    ("kind", "words", "form"),
    [
        (
            "password_changed",
            "Your password was changed",
            ("/account/password", {"current": PASSWORD, "new": NEW_PASSWORD}),
        ),
        (
            "email_changed",
            "Your email address was changed",
            ("/account/email", {"email": "fern@example.org", "password": PASSWORD}),
        ),
        (
            "codes_renewed",
            "You have new recovery codes",
            ("/account/recovery-codes", {"password": PASSWORD}),
        ),
        ("handle_changed", "Your username was changed", ("/account/handle", {"handle": "moss"})),
    ],
)
def test_the_owner_is_notified_of_changes(
    app: Flask, kind: str, words: str, form: tuple[str, dict[str, Any]]
) -> None:
    register_member("fern")
    register_member("heron")
    client = log_in_browser(app, "fern")
    path, fields = form
    wrong = {"current": "no", "password": "no", "handle": "no"}
    refused = post_form(client, path, **{**fields, **wrong})
    assert refused.status_code == 422
    assert kind not in dict(noted(client))
    assert post_form(client, path, **fields).status_code in {201, 303}
    assert noted(client)[0] == (kind, 1)
    assert words in client.get("/notifications").text
    assert words not in log_in_browser(app, "heron").get("/notifications").text


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/password", {"current": "no", "new": NEW_PASSWORD}),
        ("/account/email", {"email": "fern@example.org", "password": "no"}),
        ("/account/recovery-codes", {"password": "no"}),
        ("/account/data/download", {"password": "no"}),
        ("/account/erase", {"password": "no", "posts": "keep", "confirm": "1"}),
    ],
)
def test_the_owner_is_notified_of_several_refused_confirmations(
    app: Flask, path: str, form: dict[str, Any], as_json: bool
) -> None:
    register_member("fern")
    client = log_in_browser(app, "fern")
    told = "A wrong password was entered several times"
    for tries in range(1, security_log.MANY_NOT_CONFIRMED + 2):
        assert post_form(client, path, as_json=as_json, **form).status_code == 422
        assert noted(client)[0] == ("not_confirmed", tries)
        many = tries >= security_log.MANY_NOT_CONFIRMED
        assert (told in client.get("/notifications").text) is many
    assert "asked to confirm it (6 times)" in client.get("/account/security").text
    assert noted(log_in_browser(app, "fern"))[0] == ("logged_in", 1)


def test_the_owner_is_notified_of_a_password_reset(app: Flask) -> None:
    new = service.sign_up("fern", PASSWORD, accept_guidelines=True)
    service.recover("fern", new.recovery_codes[0], NEW_PASSWORD)
    client = log_in_browser(app, "fern", NEW_PASSWORD)
    assert ("password_reset", 1) in noted(client)
    assert "A new password was set" in client.get("/notifications").text


def test_the_log_ends_after_ninety_days(app: Flask) -> None:
    register_member("fern")
    log_in_browser(app, "fern")
    with db.transaction() as session:
        old = clock.now() - security_log.KEPT_FOR
        session.execute(update(SecurityEvent).values(at=old))
    jobs.tidy_up()
    assert db.current_session().scalars(select(SecurityEvent.id)).all() == []


def test_codes_are_kept_with_a_salt_and_work_once(app: Flask) -> None:
    ones = [
        service.sign_up(handle, PASSWORD, accept_guidelines=True) for handle in ("fern", "heron")
    ]
    kept = db.current_session().execute(select(RecoveryCode.account_id, RecoveryCode.salt)).all()
    assert len({row.salt for row in kept}) == 2
    assert all(len(row.salt) == 32 for row in kept)
    code = ones[0].recovery_codes[3]
    with pytest.raises(Invalid):
        service.recover("heron", code, NEW_PASSWORD)
    assert (
        service.recover("fern", code.upper().replace("-", " "), NEW_PASSWORD) == ones[0].account_id
    )
    with pytest.raises(Invalid):
        service.recover("fern", code, NEW_PASSWORD)


@pytest.mark.parametrize("hardened", [False, True])
def test_codes_of_before_go_on_working(app: Flask, hardened: bool) -> None:
    new = service.sign_up("fern", PASSWORD, accept_guidelines=True)
    with db.transaction() as session:
        for kept, code in zip(
            session.scalars(select(RecoveryCode)).all(), new.recovery_codes, strict=True
        ):
            kept.salt, kept.digest = recovery_codes.UNSALTED, ids.digest(code.replace("-", ""))
    if hardened:
        recovery_codes.rehash_old(most=4)
        recovery_codes.rehash_old()
        db.release_session()
        salts = db.current_session().scalars(select(RecoveryCode.salt)).all()
        assert len(set(salts)) == recovery_codes.HOW_MANY
    for code in new.recovery_codes[:2]:
        assert service.recover("fern", code, NEW_PASSWORD) == new.account_id


def test_a_password_of_the_operators_only_serves_to_choose_an_own_one(app: Flask) -> None:
    service.create_account("fern", password=PASSWORD, is_temporary=True)
    client = app.test_client()
    with pytest.raises(Invalid):
        service.log_in("fern", "wrong")
    refused = post_form(client, "/login", as_json=True, handle="fern", password=PASSWORD)
    assert (refused.status_code, code_of(refused)) == (403, "own_password_needed")
    answer = post_form(client, "/login", handle="fern", password=PASSWORD)
    place = answer.headers["Location"]
    assert place.startswith("/reset/")
    for path in ("/account", "/account/security", "/bookmarks", "/account/password"):
        assert client.get(path).status_code == 401
    assert "only for this first time" in client.get(place).text
    assert post_form(client, place, password=NEW).status_code == 303
    assert client.get("/account").status_code == 200
    with pytest.raises(Invalid):
        service.log_in("fern", PASSWORD)
    assert service.log_in("fern", NEW)


def test_a_chosen_password_may_not_be_the_operators(app: Flask) -> None:
    service.create_account("fern", password=PASSWORD, is_temporary=True)
    client = app.test_client()
    place = post_form(client, "/login", handle="fern", password=PASSWORD).headers["Location"]
    assert post_form(client, place, password=PASSWORD).status_code == 422
