"""Sending mail, when the operator has named a mail server.

A password for the mail server only ever leaves this machine encrypted, to a server whose
certificate holds. Without one, mails are encrypted where the server offers that.
"""

import ipaddress
import smtplib
import ssl
import unicodedata
from base64 import b64encode
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

import structlog

from forum.core import clock
from forum.settings.values import BadSettings

WITHIN_S = 10
AUTHENTICATED = 235
IN_THE_CLEAR = (
    "The mail server offers no encryption, so the password in FORUM_MAIL_URL was not sent to it. "
    "Use smtps://, or a server with STARTTLS."
)
OTHER_LETTERS = (
    "The mail server takes no addresses with letters such as ü before the @ (SMTPUTF8), so a mail "
    "to one was not sent."
)
LETTERS_OF_LOGIN = (
    "The mail server takes no user or password with letters such as ü (AUTH PLAIN), so no mail was "
    "sent."
)
UNTRUSTED = (
    "The certificate of the mail server does not hold. Name the server in FORUM_MAIL_URL as its "
    "certificate does."
)
# The first that fits: what is wrong, and what the operator can do about it.
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, UNTRUSTED),
    (smtplib.SMTPAuthenticationError, "The mail server refused the user or the password."),
    (smtplib.SMTPNotSupportedError, "The mail server takes no password. Leave it out."),
    (smtplib.SMTPSenderRefused, "The mail server refused the sender in FORUM_MAIL_FROM."),
    (smtplib.SMTPRecipientsRefused, "The mail server refused a recipient."),
    (smtplib.SMTPException, "The mail server refused a mail, or hung up."),
    (ssl.SSLError, "The mail server speaks another kind of encryption. Try smtp:// or smtps://."),
    (OSError, "The mail server in FORUM_MAIL_URL cannot be reached."),
    (ValueError, "The mail could not be written, or FORUM_MAIL_URL holds what no server takes."),
)
log = structlog.get_logger()
_url = ""
_sender = ""


class _InTheClear(smtplib.SMTPException):
    """A password would have to be sent in clear text."""


class _OtherLetters(smtplib.SMTPException):
    """An address has letters that this mail server does not know."""


class _LettersOfLogin(smtplib.SMTPException):
    """A user or password has letters that this mail server does not know."""


def init(url: str, sender: str) -> None:
    """Use this mail server from now on; an empty address means that no mail is sent."""
    global _url, _sender
    _url, _sender = url, sender


def check_sender(sender: str) -> None:
    """Raise BadSettings if no mail could be sent from there."""
    message = EmailMessage()
    try:
        message["From"] = sender
        one = [address for address in message["From"].addresses if "@" in address.addr_spec]
    except (IndexError, AttributeError, ValueError):  # what the library makes of nonsense
        one = []
    if len(one) != 1 or not one[0].username or message["From"].defects:
        raise BadSettings(
            "FORUM_MAIL_FROM must be one address, such as Common Thread <forum@example.org>."
        )


def available() -> bool:
    """Whether mail can be sent at all."""
    return bool(_url)


def send(to: str, subject: str, words: str) -> None:
    """Send one plain mail; a failure is logged, without whom it was for, and not raised."""
    if not available():
        return
    try:
        with _connected(urlsplit(_url)) as connection:
            _deliver(connection, _message(to, subject, words))
    except _InTheClear:
        log.error("mail_not_sent", reason=IN_THE_CLEAR)
    except _OtherLetters:
        log.error("mail_not_sent", reason=OTHER_LETTERS)
    except _LettersOfLogin:
        log.error("mail_not_sent", reason=LETTERS_OF_LOGIN)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        reason = next(words for kind, words in REASONS if isinstance(problem, kind))
        log.error("mail_not_sent", problem=type(problem).__name__, reason=reason)


def _message(to: str, subject: str, words: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = _sender
    sender = message["From"].addresses[0]
    domain = _as_ascii(sender.domain or "localhost")
    del message["From"]
    message["From"] = Address(sender.display_name, sender.username, domain)
    name, _, host = to.rpartition("@")
    message["To"], message["Subject"] = f"{name}@{_as_ascii(host)}", subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # so nobody's holiday notice answers it
    message.set_content(words)
    return message


def _as_ascii(domain: str) -> str:
    """Return a domain as every mail server knows it: münchen.example with Punycode (RFC 5891)."""
    labels = unicodedata.normalize("NFC", domain.lower()).split(".")
    coded = (f"xn--{one.encode('punycode').decode()}" for one in labels)
    return ".".join(one if one.isascii() else code for one, code in zip(labels, coded, strict=True))


def _deliver(connection: smtplib.SMTP, message: EmailMessage) -> None:
    is_ascii = str(message["From"].addresses[0].addr_spec + message["To"]).isascii()
    if not is_ascii and not connection.has_extn("smtputf8"):
        raise _OtherLetters
    connection.send_message(message)


def _connected(server: SplitResult) -> smtplib.SMTP:
    """Return a connection on which a mail can be sent. Raises OSError, SMTPException."""
    host, port = server.hostname or "", server.port or 0
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=WITHIN_S, context=_context(host, secret=bool(server.username))
        )
    else:
        connection = smtplib.SMTP(host, port, timeout=WITHIN_S)
    try:
        _log_in(connection, server)
    except BaseException:
        connection.close()
        raise
    return connection


def _log_in(connection: smtplib.SMTP, server: SplitResult) -> None:
    assert connection.sock is not None  # noqa: S101 - it is connected
    secret, address = bool(server.username), connection.sock.getpeername()[0]
    connection.ehlo()
    encrypted = isinstance(connection, smtplib.SMTP_SSL)
    if not encrypted and connection.has_extn("starttls"):
        connection.starttls(context=_context(address, secret=secret))
        connection.ehlo()
        encrypted = True
    if secret:
        if not (encrypted or _is_this_machine(address)):
            raise _InTheClear
        _give_password(connection, unquote(server.username or ""), unquote(server.password or ""))


def _give_password(connection: smtplib.SMTP, user: str, password: str) -> None:
    if user.isascii() and password.isascii():
        connection.login(user, password)
        return
    if "PLAIN" not in str(connection.esmtp_features.get("auth", "")).split():
        raise _LettersOfLogin
    both = f"\0{user}\0{password}".encode()  # RFC 4616: UTF-8, which the library does not send
    code, words = connection.docmd("AUTH", f"PLAIN {b64encode(both).decode()}")
    if code != AUTHENTICATED:
        raise smtplib.SMTPAuthenticationError(code, words)


def _context(host: str, *, secret: bool) -> ssl.SSLContext:
    """Return how to encrypt. Certificates matter where a secret goes to another machine."""
    context = ssl.create_default_context()
    if not secret or _is_this_machine(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
