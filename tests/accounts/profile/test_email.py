"""One's email address: confirmed by a link in a mail to it, and by nothing else."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from forum.accounts.email_delivery import switched_off_emails
from forum.accounts.identity import verified_emails
from forum.accounts.policy import Viewer
from forum.core import mail
from forum.core.db import release_session
from forum.core.web import rate_limits
from tests.support import factories as make
from tests.support.servers.smtp_servers import MailServer, smtp_server

ORIGIN = "https://forum.example.org"
ADDRESS, PASSWORD = "fern@example.org", "violet harbour lantern"
JSON = {"Accept": "application/json"}


@pytest.fixture
def box(app: Flask) -> Iterator[MailServer]:
    """Return a mail server that the forum uses."""
    app.config["WTF_CSRF_ENABLED"] = False
    with smtp_server() as server:
        mail.init(server.url, "forum@example.org", "Common Thread", (ORIGIN,))
        yield server


@pytest.fixture
def me(box: MailServer, client: FlaskClient) -> Viewer:
    """Return a member without an address, logged in."""
    return make.log_in(client, make.person(password=PASSWORD))


def save(client: FlaskClient, email: str = ADDRESS) -> str:
    """Save an address; return the page that follows."""
    form = {"email": email, "password": PASSWORD}
    return client.post("/account/email", data=form, follow_redirects=True).text


def link_in(box: MailServer) -> str:
    """Return the path of the link in the latest mail."""
    body = box.mails[-1].get_body(["plain"])
    assert body
    found = re.search(rf"{ORIGIN}(/account/email/confirm/\S+)", body.get_content())
    assert found
    return found[1]


def is_used(me: Viewer) -> bool:
    """Whether notifications go there."""
    release_session()
    return verified_emails.address_of(me.id or 0) is not None


def test_a_saved_address_is_sent_a_link_that_confirms_it(
    app: Flask, client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    assert "sent a link to it" in save(client)
    assert "confirmed this address yet" in client.get("/account/email").text
    link, elsewhere = link_in(box), app.test_client()  # read on another device, logged out
    assert "Confirm this address" in elsewhere.get(link).text
    assert not is_used(me)
    assert elsewhere.post(link, headers=JSON).get_json()["said"].startswith("Thank you")
    assert is_used(me)
    assert "Your address is confirmed" in client.get("/account/email").text


@pytest.mark.parametrize("email", [ADDRESS, ""])
def test_who_signs_up_with_an_address_is_sent_a_link_at_once(
    client: FlaskClient, box: MailServer, email: str
) -> None:
    form = {"handle": "moss", "password": PASSWORD, "email": email, "accept_guidelines": "1"}
    page = client.post("/register", data=form).text
    assert ("sent a link to your email address" in page, len(box.mails)) == (
        bool(email),
        bool(email),
    )
    if email:
        client.post(link_in(box))
        assert "Your address is confirmed" in client.get("/account/email").text


def test_the_link_can_be_sent_again(client: FlaskClient, box: MailServer, me: Viewer) -> None:
    save(client)
    client.post("/account/email/link")
    assert len(box.mails) == 2


def test_the_link_of_an_earlier_address_confirms_nothing(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    save(client)
    link = link_in(box)
    save(client, "moss@example.org")
    assert client.post(link).status_code == 410
    assert not is_used(me)


@pytest.mark.parametrize("token", ["x", "W10.x.y", "WyJhIiwiYiJd.aaaa.bbbb"])
def test_a_link_that_was_made_up_confirms_nothing(
    client: FlaskClient, me: Viewer, token: str
) -> None:
    save(client)
    assert client.get(f"/account/email/confirm/{token}").status_code == 410
    assert client.post(f"/account/email/confirm/{token}").status_code == 410
    assert not is_used(me)


def test_an_old_link_confirms_nothing(
    client: FlaskClient, box: MailServer, me: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(client)
    monkeypatch.setattr(verified_emails, "VALID_FOR", -verified_emails.VALID_FOR)
    assert client.post(link_in(box)).status_code == 410


def test_emails_can_be_stopped_with_the_password_and_turned_on_without(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    place = "/account/email/notifications"
    save(client)
    client.post(link_in(box))
    assert 'name="password"' in client.get(place).text
    for password in ("", "wrong"):
        refused = client.post(place, data={"on": "0", "password": password})
        assert (refused.status_code, is_used(me)) == (422, True)
    client.post(place, data={"on": "0", "password": PASSWORD})
    assert not is_used(me)
    client.post(place, data={"on": "1"})
    assert is_used(me)


def test_an_address_that_was_reported_is_mailed_again_only_by_its_owners_will(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    save(client)
    earlier = link_in(box)
    client.post(earlier)
    switched_off_emails.switch_off(me.id or 0, ADDRESS, verified_emails.COMPLAINED)
    assert "reported one of our emails as spam" in client.get("/account/email").text
    switched_off_emails.switch_off(me.id or 0, ADDRESS, verified_emails.NO_MAILBOX)  # is less
    assert client.post("/account/email/notifications", data={"on": "1"}).status_code == 422
    assert client.post(earlier).status_code == 410
    assert not is_used(me)
    client.post("/account/email/link")
    client.post(link_in(box))
    assert is_used(me)


def test_a_former_address_is_told_and_forgotten(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    save(client)
    client.post(link_in(box))
    save(client)  # the same again changes nothing
    assert is_used(me)
    assert len(box.mails) == 1
    save(client, "moss@example.org")
    told = next(one for one in box.mails if one["Subject"] == "Your email address was changed")
    assert told["To"] == ADDRESS
    body = told.get_body(["plain"])
    assert body
    assert "moss" not in body.get_content()
    save(client)
    assert not is_used(me)  # it was confirmed once, and has to be again


def test_one_mailbox_gets_few_links_however_it_is_written(
    app: Flask, box: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = MovingWindowRateLimiter(MemoryStorage())
    monkeypatch.setattr(
        rate_limits, "has_room", lambda limit, *who: counter.hit(parse(limit), *who)
    )
    for number in range(5):
        client = app.test_client()
        make.log_in(client, make.person(password=PASSWORD))
        assert "sent a link to it" in save(client, f"victim+{number}@example.org")
    assert len(box.mails) == 3


def test_without_an_address_there_is_nothing_to_confirm(client: FlaskClient, me: Viewer) -> None:
    answer = client.post("/account/email/link", headers=JSON)
    assert answer.status_code == 422
    assert answer.get_json()["error"]["message"] == "Add an email address first."


def test_where_no_notifications_are_sent_nothing_is_promised(
    client: FlaskClient, box: MailServer, me: Viewer
) -> None:
    mail.init(box.url, "forum@example.org", "Common Thread")
    assert "sent a link" not in save(client)
    assert "Notifications by email" not in client.get("/account/email").text
    assert client.post("/account/email/link", headers=JSON).status_code == 422
    assert box.mails == []
