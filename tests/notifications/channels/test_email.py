"""Notifications by email, over a real SMTP server, to addresses that were confirmed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from forum.accounts import service as accounts
from forum.accounts.email_delivery import email_letters, switched_off_emails
from forum.accounts.identity import verified_emails
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock, mail
from forum.core.db import release_session, transaction
from forum.notifications.channels import email
from forum.notifications.outbox import sender
from tests.support import factories as make
from tests.support.servers.smtp_servers import MailServer, smtp_server
from tests.support.worlds.outbox_world import Readers, deliveries, send, states

ORIGIN = "https://forum.example.org"
ADDRESS = "fern@example.org"


@pytest.fixture
def box(app: Flask) -> Iterator[MailServer]:
    """Return a mail server that the forum uses."""
    email._refused.clear()
    with smtp_server() as server:
        mail.init(server.url, "forum@example.org", "Common Thread", (ORIGIN,))
        yield server


def give_address(viewer: Viewer, address: str = ADDRESS, *, verified: bool = True) -> None:
    """Let somebody have an address, and confirm it."""
    with transaction() as session:
        session.execute(update(Account).where(Account.id == viewer.id).values(email=address))
    if verified:
        link = email_letters.with_link(viewer).link
        assert link
        verified_emails.verify(link[0].rpartition("/")[2])


@pytest.fixture
def world(box: MailServer) -> Readers:
    """Return a group with a reader who has confirmed an address."""
    made = Readers()
    give_address(made.reader)
    return made


def test_a_reply_is_mailed_without_anybodys_words(box: MailServer, world: Readers) -> None:
    world.reply("Marzipan words")
    send()
    (arrived,) = box.mails
    everything = arrived.as_string() + "".join(
        part.get_content() for part in arrived.walk() if not part.is_multipart()
    )
    for private in ("Marzipan", "Nights", "Sleepless", world.author.handle, world.reader.handle):
        assert private not in everything
    assert arrived["To"] == ADDRESS
    assert arrived["Subject"] == "Something new in Common Thread"
    assert f"{ORIGIN}/notifications/" in everything
    assert arrived["List-Unsubscribe"].startswith(f"<{ORIGIN}/unsubscribe/")


def test_it_is_in_the_language_of_its_reader(box: MailServer, world: Readers) -> None:
    accounts.change_language(world.reader, "de")
    world.reply()
    send()
    (arrived,) = box.mails
    assert arrived["Subject"] == "Neues in Common Thread"
    assert arrived["Content-Language"] == "de"
    body = arrived.get_body(["plain"])
    assert body
    assert "In einem Thema, dem du folgst" in body.get_content()


def test_an_address_that_nobody_has_confirmed_gets_nothing(box: MailServer) -> None:
    made = Readers()
    give_address(made.reader, verified=False)
    made.reply()
    assert (send(), deliveries(), box.mails) == (0, [], [])


def test_a_changed_address_has_to_be_confirmed_again(box: MailServer, world: Readers) -> None:
    world.reply()
    give_address(world.reader, "other@example.org", verified=False)
    send()
    assert (box.mails, states()) == ([], ["dropped"])


def test_without_the_forums_own_address_nothing_is_sent(box: MailServer, world: Readers) -> None:
    mail.init(box.url, "forum@example.org", "Common Thread")
    world.reply()
    assert deliveries() == []


def test_a_mailbox_that_is_not_there_is_switched_off_and_its_owner_reads_why(
    app: Flask, client: FlaskClient, box: MailServer, world: Readers
) -> None:
    box.answers["RCPT"] = "550 5.1.1 nobody here"
    world.reply()
    send()
    assert states() == ["failed"]
    make.log_in(client, world.reader)
    assert "there seems to be no such mailbox" in client.get("/account/email").text
    box.answers.clear()
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/account/email/notifications", data={"on": "1"})
    assert "Your address is confirmed" in client.get("/account/email").text
    make.post(world.author, world.thread, body=f"Hello @{world.reader.handle}")
    assert send() == 1


def test_a_server_that_sends_for_nobody_switches_no_address_off(
    box: MailServer, world: Readers
) -> None:
    box.answers["RCPT"] = "554 5.7.1 Relay access denied"
    world.reply()
    send()
    assert states() == ["waiting"]
    assert verified_emails.address_of(world.reader.id or 0)


def test_a_server_that_sends_for_nobody_for_a_day_counts_against_no_address(
    box: MailServer, world: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.answers["RCPT"] = "554 5.7.1 Relay access denied"
    world.reply()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    while send() == 0 and (one := deliveries()[0]).state == "waiting":
        now = one.due_at
    assert states() == ["failed"]
    assert verified_emails.address_of(world.reader.id or 0) == (ADDRESS, 0)


def test_of_many_mailboxes_in_a_row_that_are_not_there_most_stay_on(box: MailServer) -> None:
    readers = [make.person() for _ in range(8)]
    for number, one in enumerate(readers):
        give_address(one, f"reader{number}@example.org")
        accounts.give_recovery_codes(one.id or 0)
    box.answers["RCPT"] = "550 5.1.1 nobody here"
    worker = sender.Sender()
    worker.send_due()
    release_session()
    on = [one for one in readers if verified_emails.address_of(one.id or 0)]
    assert len(on) == 4


def test_an_address_that_is_off_stays_so_while_others_are_on(box: MailServer) -> None:
    stopped, other = make.person(), make.person()
    give_address(stopped)
    give_address(other, "moss@example.org")
    switched_off_emails.switch_off(stopped.id or 0, ADDRESS, verified_emails.STOPPED)
    release_session()
    assert verified_emails.address_of(stopped.id or 0) is None
    assert verified_emails.address_of(other.id or 0) == ("moss@example.org", 0)


def test_after_three_that_were_given_up_an_address_is_off(world: Readers) -> None:
    me = world.reader.id or 0
    for left in (1, 1, 0):
        switched_off_emails.note_failure(me)
        assert bool(verified_emails.address_of(me)) == bool(left)


def test_one_that_gets_there_forgets_earlier_failures(box: MailServer, world: Readers) -> None:
    me = world.reader.id or 0
    switched_off_emails.note_failure(me)
    world.reply()
    send()
    found = verified_emails.address_of(me)
    assert found
    assert found[1] == 0


def test_a_server_that_is_away_loses_nothing(
    box: MailServer, world: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.init("smtp://127.0.0.1:9", "forum@example.org", "Common Thread", (ORIGIN,))
    world.reply()
    send()
    assert states() == ["waiting"]
    mail.init(box.url, "forum@example.org", "Common Thread", (ORIGIN,))
    later = deliveries()[0].due_at
    monkeypatch.setattr(clock, "now", lambda: later)
    sender.send_all_due()
    assert (len(box.mails), states()) == (1, ["sent"])


@pytest.mark.parametrize("letters", ["fern@münchen.example", "zoë@example.org"])
def test_addresses_with_other_letters(box: MailServer, world: Readers, letters: str) -> None:
    give_address(world.reader, letters)
    world.reply()
    assert send() == 1


def test_a_mail_that_is_refused_for_good_ends_at_once_and_switches_nothing_off(
    box: MailServer, world: Readers
) -> None:
    box.answers["DATA"] = "552 5.3.4 too big"
    world.reply()
    send()
    assert states() == ["failed"]
    assert verified_emails.address_of(world.reader.id or 0)
