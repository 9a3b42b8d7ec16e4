"""Coming back without the password: codes and links work once, and tell nobody who is here."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forum.accounts import queries, service
from forum.accounts.models import PasswordReset
from forum.app import create_app
from forum.core import clock, db, ids
from forum.core.db import transaction
from forum.core.errors import Gone, Invalid
from forum.settings.environment import Settings
from tests.support.languages import made_up
from tests.support.servers.crowds import run_at_once
from tests.support.servers.mailboxes import Mailbox, mailbox
from tests.support.worlds.account_forms import (
    JSON,
    NEW_PASSWORD,
    PASSWORD,
    code_of,
    fields_of,
    log_in_browser,
    post_form,
    register_member,
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """Return a mail server of this test alone."""
    with mailbox() as made:
        yield made


@pytest.fixture
def mailing(settings: Settings, box: Mailbox) -> Iterator[Flask]:
    """Return a forum that sends mail there."""
    yield create_app(replace(settings, mail_url=box.url, mail_from="forum@example.org"))
    db.engine().dispose()


def link_of(box: Mailbox) -> str:
    """Return the path of the link in the last mail."""
    [path] = re.findall(r"http://localhost(/reset/\S+)", str(box.mails[-1].get_payload()))
    return str(path)


def test_the_operator_can_replace_lost_recovery_codes(client: FlaskClient) -> None:
    new = service.sign_up("fern", PASSWORD, accept_guidelines=True)
    given = service.give_recovery_codes(new.account_id)
    old = {"handle": "fern", "code": new.recovery_codes[0], "password": NEW_PASSWORD}
    assert post_form(client, "/recover", as_json=True, **old).status_code == 422
    answer = post_form(client, "/recover", handle="fern", code=given[0], password=NEW_PASSWORD)
    assert answer.headers["Location"] == "/account"


def test_a_recovery_code_works_once(app: Flask, client: FlaskClient) -> None:
    new = service.sign_up("fern", PASSWORD, accept_guidelines=True)
    there = log_in_browser(app, "fern")
    code = new.recovery_codes[4].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    answer = post_form(client, "/recover", handle="FERN", code=code, password=NEW_PASSWORD)
    assert answer.headers["Location"] == "/account"
    assert client.get("/account", headers=JSON).get_json()["recovery_codes_left"] == 9
    assert there.get("/account").status_code == 401
    twice = {"handle": "fern", "code": code, "password": "another meadow lantern"}
    again = post_form(app.test_client(), "/recover", as_json=True, **twice)
    assert (again.status_code, code_of(again)) == (422, "wrong_code")
    assert log_in_browser(app, "fern", NEW_PASSWORD)


def test_a_wrong_code_and_an_unknown_handle_answer_alike(client: FlaskClient) -> None:
    new = service.sign_up("fern", PASSWORD, accept_guidelines=True)
    other = service.sign_up("moss", PASSWORD, accept_guidelines=True)
    tries = [
        ("nobody-here", new.recovery_codes[0]),
        ("fern", "0000-0000-0000-0000"),
        ("fern", other.recovery_codes[0]),
        ("fern", ""),
        ("", ""),
        ("fern", "x" * 9_000),
    ]
    answers = [
        post_form(client, "/recover", as_json=True, handle=handle, code=code, password=NEW_PASSWORD)
        for handle, code in tries
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text for answer in answers}) == 1
    assert log_in_browser(client.application, "fern", PASSWORD)


def test_a_weak_new_password_leaves_the_code_unused(client: FlaskClient) -> None:
    code = service.sign_up("fern", PASSWORD, accept_guidelines=True).recovery_codes[0]
    page = post_form(client, "/recover", handle="fern", code=code, password="weak")
    assert page.status_code == 422
    assert code in page.text
    assert service.recover("fern", code, NEW_PASSWORD)


def test_one_code_used_many_times_at_once_works_once(app: Flask) -> None:
    code = service.sign_up("fern", PASSWORD, accept_guidelines=True).recovery_codes[0]

    answers = run_at_once(*[lambda: service.recover("fern", code, NEW_PASSWORD)] * 6)
    assert [type(answer) for answer in answers].count(Invalid) == 5


def test_one_link_used_many_times_at_once_works_once(app: Flask) -> None:
    register_member("fern", email="fern@example.org")
    (token,) = service.request_password_reset("fern@example.org")
    answers = run_at_once(*[lambda: service.reset_password(token, NEW_PASSWORD)] * 6)
    assert [type(answer) for answer in answers].count(Gone) == 5


@pytest.mark.parametrize("address", ["", " ", "fern", "fern@example", "@example.org"])
def test_what_is_no_address_gets_no_link(app: Flask, address: str) -> None:
    service.create_account("fern", password=PASSWORD)
    assert service.request_password_reset(address) == []


def test_new_codes_take_the_place_of_the_old(app: Flask) -> None:
    old = service.sign_up("fern", PASSWORD, accept_guidelines=True).recovery_codes
    client = log_in_browser(app, "fern")
    wrong = post_form(client, "/account/recovery-codes", as_json=True, password="wrong")
    assert (wrong.status_code, fields_of(wrong)) == (422, {"password"})
    answer = post_form(client, "/account/recovery-codes", as_json=True, password=PASSWORD)
    new = answer.get_json()["recovery_codes"]
    assert answer.status_code == 201
    assert len(set(new) - set(old)) == 10
    with pytest.raises(Invalid):
        service.recover("fern", old[0], NEW_PASSWORD)
    page = post_form(client, "/account/recovery-codes", password=PASSWORD)
    assert "no longer work" in page.text
    assert new[0] not in page.text


def test_a_mailed_link_sets_a_password_once(mailing: Flask, box: Mailbox) -> None:
    register_member("fern", email="Fern@Example.org")
    client = mailing.test_client()
    there = log_in_browser(mailing, "fern")
    assert "If an account here" in post_form(client, "/forgot", email=" FERN@example.org ").text
    assert box.mails[-1]["To"] == "fern@example.org"
    assert "fern" not in box.mails[-1].get_payload()
    path = link_of(box)
    assert "for fern" in client.get(path).text
    assert post_form(client, path, password="weak").status_code == 422
    assert post_form(client, path, password=NEW_PASSWORD).headers["Location"] == "/account"
    assert there.get("/account").status_code == 401
    assert client.get("/account").status_code == 200
    late = mailing.test_client()
    assert late.get(path).status_code == 410
    assert post_form(late, path, as_json=True, password=PASSWORD).status_code == 410


def test_the_mail_is_in_the_language_of_whoever_asks(mailing: Flask, box: Mailbox) -> None:
    register_member("fern", email="fern@example.org")
    with made_up.is_known():
        client = mailing.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = made_up.CODE
        post_form(client, "/forgot", email="fern@example.org")
    words = box.mails[-1].get_payload(decode=True)
    assert isinstance(words, bytes)
    assert made_up.in_accents("Set your new password here:") in words.decode()


def test_known_and_unknown_addresses_answer_alike(mailing: Flask, box: Mailbox) -> None:
    register_member("fern", email="fern@example.org")
    client = mailing.test_client()
    for as_json in (True, False):
        one, two = (
            post_form(client, "/forgot", as_json=as_json, email=email)
            for email in ("fern@example.org", "moss@example.org")
        )
        assert one.status_code == two.status_code == 200
        assert (
            one.text.split("<main")[-1].split("</main")[0]
            == (two.text.split("<main")[-1].split("</main")[0])
        )
    assert len(box.mails) == 2
    for nonsense in ("", "fern", "a@b", "a b@c.de", "x@y.z\nBcc: all@example.org"):
        answer = post_form(client, "/forgot", as_json=True, email=nonsense)
        assert (answer.status_code, fields_of(answer)) == (422, {"email"})


def test_links_never_lead_where_a_forged_header_says(mailing: Flask, box: Mailbox) -> None:
    register_member("fern", email="fern@example.org")
    client = mailing.test_client()
    answer = post_form(
        client, "/forgot", as_json=True, host="evil.example", email="fern@example.org"
    )
    assert (answer.status_code, code_of(answer)) == (422, "no_mail")
    assert box.mails == []


def test_without_mail_one_is_pointed_to_the_codes(client: FlaskClient) -> None:
    page = client.get("/forgot").text
    assert "send email" in page
    assert 'href="/recover"' in page
    answer = post_form(client, "/forgot", as_json=True, email="fern@example.org")
    assert (answer.status_code, code_of(answer)) == (422, "no_mail")


def test_without_mail_no_page_promises_a_link(app: Flask) -> None:
    assert _promises(app) == {"/account": False, "/recover": False}
    assert 'name="email"' not in app.test_client().get("/register").text
    assert "send email" in log_in_browser(app, "fern").get("/account/email").text


def test_with_mail_pages_say_that_a_link_can_be_sent(mailing: Flask) -> None:
    assert _promises(mailing) == {"/account": True, "/recover": True}
    assert 'name="email"' in mailing.test_client().get("/register").text
    assert "send email" not in log_in_browser(mailing, "fern").get("/account/email").text


def _promises(forum: Flask) -> dict[str, bool]:
    register_member("fern", email="fern@example.org")
    clients = {"/account": log_in_browser(forum, "fern"), "/recover": forum.test_client()}
    return {path: "can send a link" in client.get(path).text for path, client in clients.items()}


def test_links_run_out_and_die_with_a_new_password_or_address(app: Flask) -> None:
    fern = register_member("fern", email="fern@example.org")
    late, unused, moved = (
        service.request_password_reset("fern@example.org")[0] for _turn in range(3)
    )
    with transaction() as session:
        session.execute(
            update(PasswordReset)
            .where(PasswordReset.digest == ids.digest(late))
            .values(expires_at=clock.now() - timedelta(seconds=1))
        )
    with pytest.raises(Gone):
        service.reset_password(late, NEW_PASSWORD)
    service.reset_password(unused, NEW_PASSWORD)
    with pytest.raises(Gone):
        service.reset_password(moved, PASSWORD)
    (moved,) = service.request_password_reset("fern@example.org")
    service.change_email(fern, "", NEW_PASSWORD)
    for token in (moved, "", "x" * 5_000, "\x00"):
        with pytest.raises(Gone):
            queries.reset_of(token)
    assert service.request_password_reset("fern@example.org") == []


def test_an_account_without_recovery_codes_gets_a_kind_message(app: Flask) -> None:
    service.create_account("fern", password=PASSWORD)
    client = log_in_browser(app, "fern")
    assert "You have no recovery codes." in client.get("/account").text
    page = client.get("/account/recovery-codes").text
    assert "You have no recovery codes." in page
    post_form(client, "/account/recovery-codes", password=PASSWORD)
    assert "10 recovery codes left." in client.get("/account").text
