"""Mail that arrives, and passwords that nobody on the way reads."""

import json
import socket
import ssl
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

import pytest

from forum.core import clock, mail
from forum.core.mail import connection, outcomes
from forum.core.ops import logs
from tests.support.servers.mailboxes import Mailbox, mailbox
from tests.support.servers.smtp_servers import make_context


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Return a server's side of TLS, with a certificate that nobody has signed."""
    return make_context(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(autouse=True)
def _said_by_us() -> None:
    logs.configure()


def send(box: Mailbox, secret: str = "") -> None:
    """Send a mail there."""
    mail.init(box.url.replace("//", f"//{secret}"), "Förum <forum@mail.example.org>")
    mail.send("fern@example.org", "A new password", "Words äöü")


def reasons(printed: str) -> list[str]:
    """Return why mails were not sent, as the log has it."""
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return [line["reason"] for line in lines if line["event"] == "mail_not_sent"]


def test_a_mail_has_a_date_and_a_number_of_its_own() -> None:
    with mailbox() as box:
        for _ in range(2):
            send(box)
    first, second = box.mails
    assert abs(parsedate_to_datetime(first["Date"]) - clock.now()).total_seconds() < 3600
    assert first["Date"].endswith("+0000")
    assert first["Message-ID"].endswith("@mail.example.org>")
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("sender", "to"),
    [
        ("Förum <forum@münchen.example>", "forum@xn--mnchen-3ya.example"),
        ("forum@straße.example", "forum@xn--strae-oqa.example"),
    ],
)
def test_domains_with_other_letters_are_written_as_every_server_knows_them(
    sender: str, to: str
) -> None:
    with mailbox() as box:
        mail.init(box.url, sender)
        mail.send(sender.rsplit("<", maxsplit=1)[-1].rstrip(">"), "A new password", "Words")
    (arrived,) = box.mails
    assert (parseaddr(arrived["From"])[1], arrived["To"]) == (to, to)
    assert arrived["Message-ID"].endswith(f"@{to.partition('@')[2]}>")


def test_a_name_with_other_letters_needs_a_server_that_knows_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with mailbox() as box:
        mail.init(box.url, "forum@example.org")
        mail.send("zoë@example.org", "A new password", "Words")
        mail.send("zoe@example.org", "A new password", "Words")
    assert len(box.mails) == 1
    assert reasons(capsys.readouterr().err) == [outcomes.OTHER_LETTERS]


def test_a_password_is_sent_after_starttls(context: ssl.SSLContext) -> None:
    with mailbox(context) as box:
        send(box, "user:secret@")
    assert len(box.mails) == 1
    assert "AUTH encrypted" in box.heard
    assert "AUTH" not in box.heard


def test_mails_are_encrypted_without_a_password_too(context: ssl.SSLContext) -> None:
    with mailbox(context) as box:
        send(box)
    assert "DATA encrypted" in box.heard


@pytest.mark.parametrize("in_the_clear", [True, False])
def test_a_password_never_goes_to_another_machine_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_the_clear: bool
) -> None:
    monkeypatch.setattr(connection, "is_this_machine", lambda _host: False)
    with mailbox(in_the_clear=in_the_clear) as box:
        send(box, "user:secret@")
    assert (box.mails, "AUTH" in box.heard) == ([], False)
    assert reasons(capsys.readouterr().err) == [outcomes.IN_THE_CLEAR]


def test_a_password_never_goes_to_a_server_that_only_says_who_it_is(
    context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(connection, "is_this_machine", lambda _host: False)
    with mailbox(context, in_the_clear=True) as box:
        send(box, "user:secret@")
    assert not [verb for verb in box.heard if verb.startswith("AUTH")]
    assert reasons(capsys.readouterr().err) == [outcomes.UNTRUSTED]


def test_on_this_machine_nobody_listens_in() -> None:
    with mailbox(in_the_clear=True) as box:
        send(box, "user:secret@")
    assert len(box.mails) == 1


def test_a_password_may_have_any_letters(context: ssl.SSLContext) -> None:
    with mailbox(context) as box:
        send(box, "zoë:pässwörd@")
    assert len(box.mails) == 1
    assert "AUTH encrypted" in box.heard


@pytest.mark.parametrize("url", ["smtp://.example.org", "smtp://me:wálnut@127.0.0.1:{port}"])
def test_what_no_server_takes_costs_nobody_an_error(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with mailbox() as box:  # offers no AUTH
        mail.init(url.format(port=box.server_address[1]), "forum@example.org")
        mail.send("fern@example.org", "Subject", "Words")
    printed = capsys.readouterr().err
    assert len(reasons(printed)) == 1
    assert "lnut" not in printed


@pytest.mark.parametrize(
    ("host", "is_it"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("2001:db8::1", False),
    ],
)
def test_what_is_this_machine(host: str, is_it: bool) -> None:
    assert connection.is_this_machine(host) is is_it


def test_that_a_server_is_away_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        mail.init(f"smtp://user:walnut@127.0.0.1:{port}", "forum@example.org")
        mail.send("fern@example.org", "Subject", "Words")
    printed = capsys.readouterr().err
    assert reasons(printed) == ["The mail server in FORUM_MAIL_URL cannot be reached."]
    assert "walnut" not in printed
    assert "fern" not in printed
