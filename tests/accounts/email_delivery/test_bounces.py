"""A mail that comes back switches off its own address, and nobody can switch off another's."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forum.accounts import service as accounts
from forum.accounts.email_delivery import bounces, email_letters, switched_off_emails
from forum.accounts.identity import verified_emails
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock, mail
from forum.core.db import current_session, release_session, transaction
from forum.notifications.outbox.models import Delivery
from tests.support import factories as make
from tests.support.mail_reports import called_spam, not_delivered
from tests.support.servers.smtp_servers import MailServer, smtp_server
from tests.support.worlds.outbox_world import send

ADDRESS = "fern@example.org"


@pytest.fixture
def box(app: Flask) -> Iterator[MailServer]:
    """Return a mail server that the forum uses."""
    with smtp_server() as server:
        mail.init(server.url, "forum@example.org", "Common Thread", ("https://forum.example",))
        yield server


def person(address: str) -> Viewer:
    """Return somebody who has confirmed an address."""
    made = make.person()
    with transaction() as session:
        session.execute(update(Account).where(Account.id == made.id).values(email=address))
    link = email_letters.with_link(made).link
    assert link
    verified_emails.verify(link[0].rpartition("/")[2])
    return made


@pytest.fixture
def fern(box: MailServer) -> Viewer:
    """Return somebody to whom a mail was sent."""
    made = person(ADDRESS)
    accounts.give_recovery_codes(made.id or 0)
    assert send() == 1
    return made


@pytest.fixture
def sent(box: MailServer, fern: Viewer) -> bytes:
    """Return this mail."""
    return box.raw[-1]


def is_on(viewer: Viewer) -> bool:
    """Whether mail goes to somebody's address."""
    release_session()
    return verified_emails.address_of(viewer.id or 0) is not None


def test_a_mailbox_that_is_no_more_is_switched_off_and_its_owner_reads_why(
    client: FlaskClient, fern: Viewer, sent: bytes
) -> None:
    report = not_delivered(sent)
    assert [bounces.take_in(report), bounces.take_in(report)] == ["no_mailbox"] * 2
    assert not is_on(fern)
    make.log_in(client, fern)
    assert "there seems to be no such mailbox" in client.get("/account/email").text
    assert client.get("/notifications").text.count("Emails to your address have stopped") == 1


def test_a_mail_that_was_called_spam_ends_all_until_its_reader_wants_them_again(
    fern: Viewer, sent: bytes
) -> None:
    assert bounces.take_in(called_spam(sent)) == "spam"
    bounces.take_in(not_delivered(sent))
    state = verified_emails.state_of(fern)
    assert state
    assert (state.off_reason, state.needs_link) == (verified_emails.COMPLAINED, True)


def test_what_comes_back_on_three_days_is_enough(
    fern: Viewer, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    start: datetime = clock.now()
    report = not_delivered(sent, status="5.2.2")
    for hours, on in ((0, True), (1, True), (23, True), (25, True), (48, True), (50, False)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: start + timedelta(hours=hours))
        assert bounces.take_in(report) == "not_delivered"
        assert is_on(fern) == on, hours


def test_what_came_back_long_ago_is_forgotten_and_so_it_is_when_they_turn_mails_on(
    fern: Viewer, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    start: datetime = clock.now()
    report = not_delivered(sent, status="5.2.2")
    for days in (0, 31, 62, 93):
        monkeypatch.setattr(clock, "now", lambda days=days: start + timedelta(days=days))
        bounces.take_in(report)
    assert is_on(fern)
    switched_off_emails.switch_off(fern.id or 0, ADDRESS, verified_emails.FAILING)
    switched_off_emails.turn_on_own(fern)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=95))
    bounces.take_in(report)
    assert is_on(fern)


def test_of_an_address_that_the_account_has_no_longer_it_does_nothing(
    fern: Viewer, sent: bytes
) -> None:
    with transaction() as session:
        session.execute(update(Account).where(Account.id == fern.id).values(email="x@example.org"))
        verified_emails.forget(session, fern.id or 0)
    link = email_letters.with_link(fern).link
    assert link
    verified_emails.verify(link[0].rpartition("/")[2])
    assert bounces.take_in(not_delivered(sent)) == ""
    assert is_on(fern)


def test_nobody_switches_off_another(box: MailServer, fern: Viewer, sent: bytes) -> None:
    """The text may name whom it likes: what counts is signed, for one account and one address."""
    attacker = person("mallory@example.org")
    accounts.give_recovery_codes(attacker.id or 0)
    send()
    own = box.raw[-1]
    hers = bounces.token_of(fern.id or 0, ADDRESS)
    his = bounces.token_of(attacker.id or 0, "mallory@example.org")
    assert his.encode() in own
    assert hers.encode() in sent
    whose, signature = hers.split(".")[0], his.split(".")[1]
    for forged in (
        own.replace(his.encode(), f"{whose}.{signature}".encode()),
        own.replace(his.encode(), f"{whose}.{'0' * 32}".encode()),
        own.replace(his.encode(), f"{'0' * 16}.{'0' * 32}".encode()),
        own.replace(b"Message-ID:", b"X-Id:"),
        own.replace(b"Message-ID: <", b"Message-ID: <<"),
    ):
        for report in (not_delivered(forged, to=ADDRESS), called_spam(forged)):
            assert bounces.take_in(report) == ""
    assert (is_on(fern), is_on(attacker)) == (True, True)
    bounces.take_in(not_delivered(own, to=ADDRESS))
    assert (is_on(fern), is_on(attacker)) == (True, False)


def test_a_mailbox_that_answers_every_mail_makes_the_forum_send_none(
    box: MailServer, fern: Viewer, sent: bytes
) -> None:
    answer = b"From: fern@example.org\nSubject: Re: Something new\nAuto-Submitted: auto-replied\n"
    before = len(current_session().scalars(select(Delivery.id)).all())
    for mail_ in (answer + b"\nI am away", not_delivered(sent), called_spam(sent)):
        bounces.take_in(mail_)
        send()
    assert len(box.mails) == 1
    release_session()
    assert len(current_session().scalars(select(Delivery.id)).all()) == before


def test_the_message_id_is_in_one_piece_and_stays_the_same(sent: bytes, fern: Viewer) -> None:
    line = next(one for one in sent.split(b"\r\n") if one.startswith(b"Message-ID:"))
    assert line.endswith(f"{bounces.token_of(fern.id or 0, ADDRESS)}@example.org>".encode())
    assert ADDRESS.encode() not in line
