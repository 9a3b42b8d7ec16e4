"""Mail over a real SMTP server: with and without TLS, refusing, slow, hanging and hanging up."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from forum.core import mail
from forum.core.mail import connection, outcomes, server
from forum.core.mail.outcomes import Delivered, Later, Outcome, Refused, Rejected
from forum.settings.values import BadSettings
from tests.support.servers.smtp_servers import make_context, smtp_server

SENDER = "Common Thread <forum@example.org>"
LETTER = mail.Letter(
    to="fern@example.org",
    subject="Something new",
    paragraphs=("One & two", "<b>Three</b>"),
    key="17-20261201",
    link=("https://forum.example.org/threads/1", "Open it"),
    footer=("Stop these emails: https://forum.example.org/unsubscribe/x",),
    unsubscribe="https://forum.example.org/unsubscribe/x",
)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Return a server's side of TLS, with a certificate that nobody has signed."""
    return make_context(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait half a second for everything."""
    monkeypatch.setattr(connection, "WITHIN_S", 0.5)
    monkeypatch.setattr("forum.core.mail.mailer.ALL_WITHIN_S", 0.5)


def deliver(url: str, letter: mail.Letter = LETTER) -> Outcome:
    """Send a letter there."""
    mail.init(url, SENDER)
    mailer = mail.Mailer()
    try:
        return mailer.deliver(letter, "secret")
    finally:
        mailer.rest()


@pytest.mark.parametrize("how", ["plain", "starttls", "over_tls"])
def test_it_arrives(context: ssl.SSLContext, how: str) -> None:
    with smtp_server(None if how == "plain" else context, over_tls=how == "over_tls") as box:
        url = box.url.replace("smtp:", "smtps:") if how == "over_tls" else box.url
        assert deliver(url) == Delivered()
    assert (len(box.mails), box.encrypted) == (1, [how != "plain"])
    assert box.envelopes == [("forum@example.org", ["fern@example.org"])]


def test_its_headers() -> None:
    with smtp_server() as box:
        for _ in range(2):
            deliver(box.url)
        deliver(box.url, mail.Letter(to="moss@example.org", subject="x", paragraphs=("y",)))
    first, again, other = box.mails
    assert first["Message-ID"] == again["Message-ID"]  # a mailbox knows it as the same mail
    assert first["Message-ID"] != other["Message-ID"]
    assert "17-20261201" not in first["Message-ID"]
    assert first["Date"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe"] == "<https://forum.example.org/unsubscribe/x>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other["List-Unsubscribe"] is None


def test_the_address_to_stop_mails_is_in_one_piece_for_every_mail_program() -> None:
    address = f"https://forum.example.org/unsubscribe/{'d' * 160}"
    with smtp_server() as box:
        letter = mail.Letter(
            to="fern@example.org", subject="x", paragraphs=("y",), unsubscribe=address
        )
        assert deliver(box.url, letter) == Delivered()
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in box.raw[0]
    assert b"=?" not in box.raw[0]


def test_links_lead_to_a_forum_with_other_letters_as_every_program_knows_it() -> None:
    mail.init("smtp://127.0.0.1:9", SENDER, "Förum", ("https://München.example:8443",))
    assert mail.origin() == "https://xn--mnchen-3ya.example:8443"


def test_it_is_plain_text_and_the_same_as_html_that_needs_nothing_from_elsewhere() -> None:
    with smtp_server() as box:
        deliver(box.url)
    plain, page = box.mails[0].get_body(["plain"]), box.mails[0].get_body(["html"])
    assert plain
    assert page
    said, drawn = (part.get_content().replace("\r\n", "\n") for part in (plain, page))
    assert "One & two\n\n<b>Three</b>\n\nOpen it:\nhttps://forum.example.org/threads/1\n" in said
    assert "One &amp; two" in drawn
    assert "&lt;b&gt;Three&lt;/b&gt;" in drawn
    assert '<a href="https://forum.example.org/threads/1">Open it</a>' in drawn
    assert '<a href="https://forum.example.org/unsubscribe/x">' in drawn
    assert not [sign for sign in ("src=", "url(", "<link", "<script", "@import") if sign in drawn]


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("RCPT", "550 5.1.1 nobody here", Refused(outcomes.NO_MAILBOX)),
        ("RCPT", "550 no such user", Refused(outcomes.NO_MAILBOX)),
        ("RCPT", "450 come again", Later(outcomes.NOT_NOW)),
        ("RCPT", "552 5.2.2 mailbox full", Later(outcomes.FULL)),
        ("RCPT", "550 5.1.1 User unknown in relay recipient table", Refused(outcomes.NO_MAILBOX)),
        ("RCPT", "551 not here", Refused(outcomes.NO_MAILBOX)),
        ("RCPT", "554 5.7.1 Relay access denied", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "550 relaying denied", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "530 log in first", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "421 closing", Later(outcomes.NOT_NOW, maybe_for_all=True)),
        ("RCPT", "550 5.1.8 Sender rejected", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "550 5.1.7 odd sender", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "550 5.1.0 rejected", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "550 5.4.5 enough", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "550 Too many invalid recipients", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "554 recipient not verified", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("RCPT", "554 no", Later(outcomes.NOT_NOW)),
        ("RCPT", "550 5.3.0 something", Later(outcomes.NOT_NOW)),
        ("DATA", "554 looks like spam", Rejected(outcomes.NOT_TAKEN)),
        ("DATA", "552 5.3.4 too big", Rejected(outcomes.NOT_TAKEN)),
        ("DATA", "550 5.7.26 DMARC failed", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("DATA", "554 5.1.8 bad origin", Later(outcomes.NO_RELAY, maybe_for_all=True)),
        ("DATA", "451 busy", Later(outcomes.NOT_TAKEN)),
        (
            "MAIL",
            "550 who are you",
            Later("The mail server refused the sender in FORUM_MAIL_FROM.", for_all=True),
        ),
        ("MAIL", "", Later(outcomes.HUNG_UP, for_all=True)),
        ("RCPT", "", Later(outcomes.HUNG_UP, maybe_for_all=True)),
        ("DATA", "", Later(outcomes.HUNG_UP, maybe_for_all=True)),
    ],
)
def test_what_a_refusal_means(verb: str, answer: str, outcome: Outcome) -> None:
    with smtp_server() as box:
        box.answers[verb] = answer
        assert deliver(box.url) == outcome
    assert box.mails == []


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.usefixtures("impatient")
def test_a_slow_server_is_not_waited_for(verb: str) -> None:
    with smtp_server() as box:
        box.delays[verb] = 2
        began = time.monotonic()
        said_of_one = verb != "MAIL"
        assert deliver(box.url) == Later(
            outcomes.TOO_SLOW, for_all=not said_of_one, maybe_for_all=said_of_one
        )
        assert time.monotonic() - began < 2


def test_a_sender_that_the_server_cannot_write_blames_no_mailbox() -> None:
    with smtp_server(smtputf8=False) as box:
        mail.init(box.url, "grüße@example.org")
        assert mail.Mailer().deliver(LETTER) == Later(outcomes.LETTERS_OF_SENDER, for_all=True)


@contextmanager
def listener(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield the address of a server that does nothing but this."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            taken, _address = listening.accept()
            with taken:
                speak(taken)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)


def say_nothing(taken: socket.socket) -> None:
    """Read until the other side has gone."""
    while taken.recv(100):
        pass


def have_no_time(taken: socket.socket) -> None:
    """Greet with a refusal."""
    taken.sendall(b"421 too busy\r\n")


def test_a_server_that_refuses_at_once_is_not_said_to_lack_encryption() -> None:
    with listener(have_no_time) as url:
        assert deliver(url) == Later("The mail server refused the forum.", for_all=True)


def say_a_letter_at_a_time(taken: socket.socket) -> None:
    """Never come to the end of a line, but never be silent for long."""
    try:
        while True:
            taken.sendall(b"2")
            time.sleep(0.1)
    except OSError:
        return


@pytest.mark.parametrize("speak", [say_nothing, say_a_letter_at_a_time])
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.usefixtures("impatient")
def test_a_server_that_hangs_is_not_waited_for(
    speak: Callable[[socket.socket], None], scheme: str
) -> None:
    with listener(speak) as url:
        began = time.monotonic()
        outcome = deliver(url.replace("smtp", scheme, 1))
        assert isinstance(outcome, Later)
        assert outcome.for_all
        assert time.monotonic() - began < 3


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_found_too_late_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.create_connection

    def find(address: tuple[str, int], timeout: float) -> socket.socket:
        time.sleep(0.7)  # there is nothing yet that could be cut
        return connect(address, timeout)

    with smtp_server() as box:
        monkeypatch.setattr("forum.core.mail.connection.socket.create_connection", find)
        assert deliver(box.url) == Later(outcomes.TOO_SLOW, for_all=True)
    assert box.mails == []


def test_this_machine_says_its_address_and_looks_up_no_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getfqdn", lambda *_given: pytest.fail("looked up"))
        connection.Line(server.from_url("smtp://127.0.0.1:25"))
    with smtp_server() as box:
        line = connection.Line(server.from_url(box.url))
        line.open()
        assert line.local_hostname == "[127.0.0.1]"
        line.hang_up()


def test_one_line_serves_for_many_mails_and_is_opened_again_when_it_has_ended() -> None:
    mailer = mail.Mailer()
    with smtp_server() as box:
        mail.init(box.url, SENDER)
        for _ in range(3):
            assert mailer.deliver(LETTER) == Delivered()
        box.answers["RCPT"] = "550 5.1.1 nobody here"
        assert isinstance(mailer.deliver(LETTER), Refused)
        box.answers.clear()
        assert mailer.deliver(LETTER) == Delivered()
    assert isinstance(mailer.deliver(LETTER), Later)
    with smtp_server() as other:
        mail.init(other.url, SENDER)
        assert mailer.deliver(LETTER) == Delivered()
        mailer.rest()
    assert (len(box.mails), len(other.mails)) == (4, 1)


def test_on_port_587_it_is_sent_encrypted_or_not_at_all(
    context: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "is_this_machine", lambda _host: False)
    with smtp_server() as box:
        monkeypatch.setattr(server, "SUBMISSION", box.port)
        assert deliver(box.url) == Later(outcomes.NO_ENCRYPTION, for_all=True)
    with smtp_server(context) as other:
        monkeypatch.setattr(server, "SUBMISSION", other.port)
        assert deliver(other.url) == Later(outcomes.UNTRUSTED, for_all=True)
    assert (box.mails, other.mails) == ([], [])


@pytest.mark.parametrize("password", ["secret", "wrong"])
def test_a_wrong_password_is_said_in_words(context: ssl.SSLContext, password: str) -> None:
    with smtp_server(context, login=True) as box:
        outcome = deliver(box.url.replace("//", f"//user:{password}@"))
    assert box.logins
    if password == "secret":
        assert outcome == Delivered()
    else:
        assert outcome == Later("The mail server refused the user or the password.", for_all=True)


@pytest.mark.parametrize(
    "letter",
    [
        mail.Letter(to="fern@example.org", subject="x\r\nBcc: all@example.org", paragraphs=("y",)),
        mail.Letter(to="fern@example.org\r\nBcc: all@example.org", subject="x", paragraphs=("y",)),
        mail.Letter(
            to="fern@example.org",
            subject="x",
            paragraphs=("y",),
            unsubscribe="https://forum.example.org\r\nBcc: all@example.org",
        ),
    ],
)
def test_nobody_writes_a_header_of_their_own(letter: mail.Letter) -> None:
    with smtp_server() as box:
        assert isinstance(deliver(box.url, letter), Later)
    assert box.mails == []


@pytest.mark.parametrize(
    "words", ["\r\n.\r\nMAIL FROM:<x@example.org>\r\n", "\n.\n", "From me", ". dots"]
)
def test_what_is_said_ends_no_mail_and_begins_none(words: str) -> None:
    letter = mail.Letter(to="fern@example.org", subject="x", paragraphs=(words, "The end"))
    with smtp_server() as box:
        assert deliver(box.url, letter) == Delivered()
    (arrived,) = box.mails
    assert "The end" in arrived.get_content()


def test_a_mailbox_that_answers_every_mail_makes_the_forum_say_nothing_more() -> None:
    """What it answers goes to FORUM_MAIL_FROM; the forum reads no mail."""
    with smtp_server() as box:
        for _ in range(2):
            deliver(box.url)
        answer = box.mails[0]["From"]
    assert str(answer) == SENDER
    assert {mail_["Auto-Submitted"] for mail_ in box.mails} == {"auto-generated"}
    assert all(mail_["Reply-To"] is None for mail_ in box.mails)


@pytest.mark.parametrize(
    ("url", "host", "port", "over_tls", "required"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, False, True),
        ("smtps://mail.example.org", "mail.example.org", 465, True, True),
        ("smtp://mail.example.org:465", "mail.example.org", 465, True, True),
        ("smtp://mail.example.org:25", "mail.example.org", 25, False, False),
        ("smtp://me:word@mail.example.org:25", "mail.example.org", 25, False, True),
        ("smtp://[::1]:2525", "::1", 2525, False, False),
    ],
)
def test_where_the_server_is_and_how_the_line_is_encrypted(
    url: str, host: str, port: int, over_tls: bool, required: bool
) -> None:
    found = server.from_url(url)
    assert (found.host, found.port) == (host, port)
    assert (found.tls_from_start, found.tls_required) == (over_tls, required)


@pytest.mark.parametrize(
    "url", ["smtp://:word@mail.example.org", "smtp://mail.example.org/x", "smtp://a@b?tls=1"]
)
def test_what_cannot_be_meant_is_found_at_the_start(url: str) -> None:
    with pytest.raises(BadSettings, match="FORUM_MAIL_URL"):
        mail.check(url, SENDER)
