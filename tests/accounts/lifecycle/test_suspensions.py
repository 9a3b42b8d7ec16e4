"""Erasing an account and signing up again does not end its suspension."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from forum import jobs
from forum.accounts import queries, service
from forum.accounts.lifecycle import suspensions
from forum.accounts.login import devices
from forum.accounts.models import SuspendedIdentity
from forum.accounts.policy import PERMANENT
from forum.core import clock, db
from forum.core.errors import Forbidden
from tests.support.worlds.privacy_world import token

GOOD = "violet harbour lantern"
FORM = {"password": GOOD, "accept_guidelines": "1"}


def _register(client: FlaskClient, handle: str, **more: str) -> Any:
    return client.post(
        "/register",
        data=FORM | {"handle": handle} | more | token(client, "/register"),
        headers={"Accept": "application/json"},
    )


def _marks() -> list[SuspendedIdentity]:
    db.release_session()
    return list(db.current_session().scalars(select(SuspendedIdentity)))


@pytest.mark.parametrize("erased", [True, False])
@pytest.mark.parametrize("days", [3, None])
def test_the_same_browser_or_address_is_refused_until_it_ends(
    app: Flask, monkeypatch: pytest.MonkeyPatch, erased: bool, days: int | None
) -> None:
    browser, elsewhere, friend = (app.test_client() for _ in range(3))
    _register(browser, "fern", email="Fern@example.org")
    me = queries.account_id_of_exact("fern") or 0
    until = clock.now() + timedelta(days=days) if days else PERMANENT
    service.suspend(me, until=until, because="Insults")
    service.change_email(_viewer(me), "", GOOD)  # looking after the account changes nothing
    if erased:
        service.erase(me)
    (mark,) = _marks()
    assert "fern" not in f"{mark.handle_digest}{mark.email_digest}".lower()
    browser.post("/logout", data=token(browser, "/login"))
    for client, email, code in (
        (browser, "", "suspended"),
        (elsewhere, " fern@EXAMPLE.org", "address_refused"),
    ):
        answer = _register(client, "moss", email=email)
        assert answer.status_code == 403
        assert answer.get_json()["error"]["code"] == code
    assert _register(friend, "moss", email="moss@example.org").status_code == 201
    if days:
        later = clock.now() + timedelta(days=days, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        service.forget_ended_suspensions()
        assert _marks() == []
        assert _register(elsewhere, "reed", email="fern@example.org").status_code == 201


def test_who_goes_by_another_handle_is_known_in_the_same_browser(client: FlaskClient) -> None:
    _register(client, "fern")
    client.post("/account/handle", data={"handle": "moss"} | token(client, "/account/handle"))
    service.suspend(queries.account_id_of_exact("moss") or 0, until=PERMANENT, because="Insults")
    assert _register(client, "reed").status_code == 403


def test_lifting_it_forgets_what_was_kept(app: Flask) -> None:
    new = service.sign_up("fern", GOOD, accept_guidelines=True, email="fern@example.org")
    service.suspend(new.account_id, until=PERMANENT, because="Insults")
    service.suspend(new.account_id, until=clock.now() + timedelta(days=1), because="Insults")
    assert len(_marks()) == 1
    service.lift_suspension(new.account_id)
    assert _marks() == []
    service.sign_up("moss", GOOD, accept_guidelines=True, email="fern@example.org")


def test_the_operator_can_end_it_after_the_account_is_gone(app: Flask) -> None:
    new = service.sign_up("fern", GOOD, accept_guidelines=True, email="fern@example.org")
    service.suspend(new.account_id, until=PERMANENT, because="Insults")
    assert not service.lift_suspension_of_erased("fern")
    service.erase(new.account_id)
    with pytest.raises(Forbidden):
        service.sign_up("moss", GOOD, accept_guidelines=True, email="fern@example.org")
    assert service.lift_suspension_of_erased("Fern")
    service.sign_up("moss", GOOD, accept_guidelines=True, email="fern@example.org")


def test_who_has_the_address_already_keeps_it(app: Flask) -> None:
    reed = service.sign_up("reed", GOOD, accept_guidelines=True, email="fern@example.org")
    fern = service.sign_up("fern", GOOD, accept_guidelines=True, email="fern@example.org")
    service.suspend(fern.account_id, until=PERMANENT, because="Insults")
    for account in (reed, fern):
        service.change_email(_viewer(account.account_id), " FERN@example.org", GOOD)
    assert len(service.request_password_reset("fern@example.org")) == 2
    service.change_email(_viewer(reed.account_id), "", GOOD)
    with pytest.raises(Forbidden):
        service.change_email(_viewer(reed.account_id), "fern@example.org", GOOD)
    service.lift_suspension(fern.account_id)
    service.change_email(_viewer(reed.account_id), "fern@example.org", GOOD)


def test_who_was_never_suspended_leaves_nothing(app: Flask) -> None:
    new = service.sign_up("fern", GOOD, accept_guidelines=True, email="fern@example.org")
    service.erase(new.account_id)
    assert _marks() == []


def _viewer(account_id: int) -> Any:
    db.release_session()
    return queries.viewer(account_id)


def test_suspensions_of_older_code_are_kept_as_suspended_identities(app: Flask) -> None:
    browser = app.test_client()
    _register(browser, "fern", email="fern@example.org")
    fern, over = queries.account_id_of("fern") or 0, service.create_account("wren")
    service.suspend(fern, until=PERMANENT, because="Insults")
    service.suspend(over, until=clock.now(), because="Insults")
    with db.transaction() as session:
        session.execute(delete(SuspendedIdentity))
    jobs.tidy_up()
    jobs.tidy_up()
    assert [mark.account_id for mark in _marks()] == [fern]
    assert _register(browser, "moss").get_json()["error"]["code"] == "suspended"
    elsewhere = _register(app.test_client(), "moss", email="fern@example.org")
    assert elsewhere.get_json()["error"]["code"] == "address_refused"


def test_signing_up_compares_no_more_than_so_many(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspensions, "IDENTITIES_MAX", 2)
    with db.transaction() as session:
        for number in range(3):
            digest = f"somebody {number}"
            session.add(SuspendedIdentity(person_digest=digest, handle_digest="", until=PERMANENT))
    compared: set[str] = set()

    def has_been_used_here(whose: str) -> bool:
        compared.add(whose)
        return False

    with db.transaction() as session:
        suspensions.require_not_suspended(session, has_been_used_here)
    assert compared == {"somebody 2", "somebody 1", ""}


def test_without_a_cookie_nothing_is_computed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_mark", lambda *_: pytest.fail("something was"))
    with app.test_request_context("/register"):
        assert not devices.used_here()("somebody")
