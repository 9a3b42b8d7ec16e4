"""Leaving emails by the link in each of them: no login, no token of a page, and nothing else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forum.accounts.email_delivery import email_letters, switched_off_emails
from forum.accounts.identity import verified_emails
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import ids, mail, signed_tokens
from forum.core.db import current_session, release_session, transaction
from forum.core.web import private_ids
from forum.notifications.notification_choices import REPLIES
from forum.notifications.preferences import unsubscribe
from forum.notifications.preferences.models import NotificationChoice
from forum.notifications.registry import names_by_choice
from tests.support import factories as make

ADDRESS = "fern@example.org"


@pytest.fixture
def member(app: Flask) -> Viewer:
    """Return somebody with a confirmed address."""
    mail.init("smtp://127.0.0.1:9", "forum@example.org", "Common Thread", ("https://f.example",))
    made = make.person()
    with transaction() as session:
        session.execute(update(Account).where(Account.id == made.id).values(email=ADDRESS))
    link = email_letters.with_link(made).link
    assert link
    verified_emails.verify(link[0].rpartition("/")[2])
    return made


def address(member: Viewer) -> str:
    """Return the path behind the link."""
    return unsubscribe.address(member.id or 0, REPLIES, ADDRESS).removeprefix("https://f.example")


def is_on(member: Viewer) -> bool:
    """Whether emails go to their address."""
    release_session()
    return verified_emails.address_of(member.id or 0) is not None


def chosen() -> list[tuple[str, str, str]]:
    """Return all choices: of what, on which channel, how often."""
    release_session()
    row = NotificationChoice
    found = current_session().execute(select(row.choice, row.channel, row.frequency))
    return [(one[0], one[1], one[2]) for one in found]


def test_to_open_the_link_changes_nothing(client: FlaskClient, member: Viewer) -> None:
    page = client.get(address(member))
    assert page.status_code == 200
    assert "Replies in threads you follow" in page.text
    assert is_on(member)
    assert chosen() == []


def test_one_click_of_a_mail_program_stops_all_but_what_presses(
    client: FlaskClient, member: Viewer
) -> None:
    answer = client.post(address(member), data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Set-Cookie" not in answer.headers
    stopped = {choice for choice, channel, how in chosen() if (channel, how) == ("email", "never")}
    assert {"replies", "mentions", "meetings"} <= stopped
    assert not stopped & {one.name for one in names_by_choice() if one.pressing}
    assert is_on(member)  # for alarms, and for notices of the account's safety


def test_who_has_stopped_them_by_a_link_wants_them_again_only_by_a_link(
    app: Flask, client: FlaskClient, member: Viewer
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    earlier = email_letters.with_link(member).link
    client.post(address(member))
    make.log_in(client, member)
    page = client.get("/account/email").text
    assert "Ask for a new link to confirm it again." in page
    assert 'action="/account/email/link"' in page
    refused = client.post("/account/email/notifications", data={"on": "1"})
    assert refused.status_code == 422
    switched_off_emails.switch_off(member.id or 0, ADDRESS, verified_emails.STOPPED)
    # makes it no choice of hers
    assert client.post("/account/email/notifications", data={"on": "1"}).status_code == 422
    later = email_letters.with_link(member).link
    assert earlier
    assert later
    for link, status in ((earlier, 410), (later, 303)):
        answer = client.post(link[0].removeprefix("https://f.example"))
        assert answer.status_code == status
        assert is_on(member) == (status == 303)


def test_the_page_stops_all_or_only_this_kind(client: FlaskClient, member: Viewer) -> None:
    forms = re.findall(r'name="only" value="([^"]+)"', client.get(address(member)).text)
    assert forms == ["replies"]
    assert "Emails stopped" in client.post(address(member), data={"only": "replies"}).text
    assert chosen() == [("replies", "email", "never")]
    assert is_on(member)
    assert "Emails stopped" in client.post(address(member)).text
    assert not is_on(member)
    assert client.post(address(member)).status_code == 200  # once more harms nobody


def test_of_what_it_is_nobody_else_can_say(client: FlaskClient, member: Viewer) -> None:
    assert client.post(address(member), data={"only": "security"}).status_code == 410
    assert chosen() == []  # it is not what this link is about
    assert is_on(member)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token, _me: token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
        lambda _token, _me: "x",
        lambda _token, _me: "",
        lambda _token, me: signed_tokens.sign("confirm an email address", private_ids.of(me), "x"),
        lambda _token, me: signed_tokens.sign(
            unsubscribe.PURPOSE, private_ids.of(me), "replies", "0" * 16
        ),
        lambda _token, _me: signed_tokens.sign(
            unsubscribe.PURPOSE, private_ids.of(999), "replies", ids.digest(ADDRESS)[:16]
        ),
        lambda _token, _me: signed_tokens.sign(
            unsubscribe.PURPOSE, "nonsense", "replies", ids.digest(ADDRESS)[:16]
        ),
    ],
)
def test_a_link_that_was_made_up_does_nothing(client: FlaskClient, member: Viewer, forge) -> None:  # type: ignore[no-untyped-def]
    token = forge(address(member).rpartition("/")[2], member.id)
    for ask in (client.get, client.post):
        assert ask(f"/unsubscribe/{token}").status_code in {404, 410}
    assert is_on(member)


def test_an_old_link_is_told_kindly(
    client: FlaskClient, member: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = address(member)
    monkeypatch.setattr(unsubscribe, "VALID_FOR", -unsubscribe.VALID_FOR)
    page = client.get(link)
    assert page.status_code == 410
    assert "You can change which emails you get in your account." in page.text


def test_the_link_of_an_earlier_address_does_nothing(client: FlaskClient, member: Viewer) -> None:
    link = address(member)
    with transaction() as session:
        session.execute(
            update(Account).where(Account.id == member.id).values(email="x@example.org")
        )
    assert client.post(link).status_code == 410


def test_other_forms_still_need_the_token_of_their_page(
    client: FlaskClient, member: Viewer
) -> None:
    make.log_in(client, member)
    assert client.post("/account/email/notifications", data={"on": "0"}).status_code == 400
    assert is_on(member)
