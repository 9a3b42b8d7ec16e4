"""Addresses to which a link for a new password goes: shared, claimed by others, added, removed."""

import pytest
from flask import Flask

from forum.accounts import queries, service
from forum.accounts.identity import emails
from forum.accounts.recovery import password_resets
from forum.core.errors import Invalid
from tests.support.worlds.account_forms import (
    JSON,
    PASSWORD,
    fields_of,
    log_in_browser,
    post_form,
    register_member,
)


def test_an_address_shared_by_two_accounts_gets_a_link_for_each(app: Flask) -> None:
    owners = {register_member(handle, email="both@example.org").id for handle in ("fern", "moss")}
    tokens = service.request_password_reset("both@example.org")
    assert {queries.reset_of(token).account_id for token in tokens} == owners


def test_nobody_is_crowded_out_by_accounts_that_claim_their_address(app: Flask) -> None:
    mine = register_member("fern", email="fern@example.org").id
    for number in range(password_resets.AT_ONCE_MAX):
        register_member(f"claims{number}it", email="fern@example.org")
    tokens = service.request_password_reset("fern@example.org")
    assert mine in {queries.reset_of(token).account_id for token in tokens}


@pytest.mark.parametrize(
    "address",
    [
        "a,b@example.org",
        "x<b@example.org>",
        "a;b@example.org",
        "(c)b@example.org",
        ":b@example.org",
        "b@example.org>",
        "=?utf-8?q?b?=@example.org",
        '"b"@example.org',
        "b\\@example.org",
        "b@[127.0.0.1.x]",
    ],
)
def test_an_address_that_mail_reads_as_another_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        emails.checked(address)


def test_an_address_is_added_changed_and_removed_with_the_password(app: Flask) -> None:
    register_member("fern")
    client = log_in_browser(app, "fern")

    def kept() -> object:
        return client.get("/account", headers=JSON).get_json()["email"]

    for email, password, field in (
        ("nonsense", PASSWORD, "email"),
        ("a@b.de", "wrong", "password"),
        ("a@" + "b" * 260 + ".de", PASSWORD, "email"),
    ):
        answer = post_form(client, "/account/email", as_json=True, email=email, password=password)
        assert (answer.status_code, fields_of(answer)) == (422, {field})
        assert kept() is None
    for email, stored in (
        ("Fern@Example.org", "fern@example.org"),
        ("b@c.de", "b@c.de"),
        ("", None),
    ):
        answer = post_form(client, "/account/email", email=email, password=PASSWORD)
        assert answer.headers["Location"] == "/account"
        assert kept() == stored
