"""A mailbox that the operator has stopped is sent nothing at all, whoever gives its address."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.email_delivery import switched_off_emails
from forum.accounts.identity import verified_emails
from forum.accounts.models import StoppedMailbox
from forum.accounts.policy import Viewer
from forum.core import mail
from forum.core.db import current_session, release_session
from tests.support import factories as make
from tests.support.servers.smtp_servers import MailServer, smtp_server
from tests.support.worlds.account_forms import post_form

ORIGIN = "https://forum.example.org"
ADDRESS, PASSWORD = "fern@example.org", "violet harbour lantern"


@pytest.fixture
def box(app: Flask) -> Iterator[MailServer]:
    """Return a mail server that the forum uses."""
    app.config["WTF_CSRF_ENABLED"] = False
    with smtp_server() as server:
        mail.init(server.url, "forum@example.org", "Common Thread", (ORIGIN,))
        yield server


@pytest.fixture
def me(box: MailServer, client: FlaskClient) -> Viewer:
    """Return a member who has confirmed an address, logged in."""
    made = make.log_in(client, make.person(password=PASSWORD))
    client.post("/account/email", data={"email": ADDRESS, "password": PASSWORD})
    confirm(box, client)
    return made


def confirm(box: MailServer, client: FlaskClient) -> int:
    """Open the link of the latest mail, and return the status."""
    body = box.mails[-1].get_body(["plain"])
    assert body
    link = next(line for line in body.get_content().split() if line.startswith(ORIGIN))
    return client.post(link.removeprefix(ORIGIN)).status_code


def is_used(viewer: Viewer) -> bool:
    """Whether notifications go to somebody's address."""
    release_session()
    return verified_emails.address_of(viewer.id or 0) is not None


@pytest.mark.parametrize("written", [ADDRESS, "Fern+forum@Example.org"])
def test_it_gets_no_notification_no_link_and_no_new_password(
    app: Flask, client: FlaskClient, box: MailServer, me: Viewer, written: str
) -> None:
    assert switched_off_emails.stop_mailbox(written) == (1, True)
    assert switched_off_emails.stop_mailbox(written) == (1, False)
    box.mails.clear()
    assert not is_used(me)
    page = client.get("/account/email").text
    assert "send nothing more to this address" in page
    assert "recovery codes" in page
    assert 'action="/account/email/link"' not in page
    assert client.post("/account/email/notifications", data={"on": "1"}).status_code == 422
    client.post("/account/email/link")
    assert (
        "recovery code always works" in post_form(app.test_client(), "/forgot", email=ADDRESS).text
    )
    newcomer = {"handle": "moss", "password": PASSWORD, "email": ADDRESS, "accept_guidelines": "1"}
    assert app.test_client().post("/register", data=newcomer).status_code == 201
    client.post("/account/email", data={"email": "", "password": PASSWORD})  # a former address
    assert box.mails == []


def test_a_link_that_was_sent_before_confirms_it_no_more(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    client.post("/account/email", data={"email": "moss@example.org", "password": PASSWORD})
    switched_off_emails.stop_mailbox("moss@example.org")
    assert confirm(box, client) == 410
    assert not is_used(me)


def test_once_it_is_allowed_its_owner_confirms_it_again(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    switched_off_emails.stop_mailbox(ADDRESS)
    assert switched_off_emails.allow_mailbox(ADDRESS)
    assert not switched_off_emails.allow_mailbox(ADDRESS)
    assert not is_used(me)
    client.post("/account/email/link")
    assert confirm(box, client) == 303
    assert is_used(me)


def test_its_owner_is_told_in_the_forum_and_the_address_is_not_stored(
    client: FlaskClient, me: Viewer
) -> None:
    switched_off_emails.stop_mailbox(ADDRESS)
    assert "Emails to your address have stopped" in client.get("/notifications").text
    assert "Emails to your address stopped" in client.get("/account/security").text
    (row,) = current_session().query(StoppedMailbox).all()
    assert "fern" not in row.digest


@pytest.mark.parametrize("other", ["fernx@example.org", "fern@example.com", "f_rn@example.org"])
def test_other_mailboxes_are_left_alone(me: Viewer, other: str) -> None:
    switched_off_emails.stop_mailbox(other)
    assert is_used(me)
