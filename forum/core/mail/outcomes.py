"""What can come of a mail, and in plain words why; nothing says whom it was for."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Delivered:
    """The mail server has taken it."""


@dataclass(frozen=True)
class Later:
    """It may go well later. With `for_all`, no mail gets through just now.

    With `maybe_for_all`, the server said so of one recipient. Whether it means all shows only when
    it says so of several in a row.
    """

    reason: str
    for_all: bool = False
    maybe_for_all: bool = False


@dataclass(frozen=True)
class Refused:
    """There is no such mailbox, or none that this server will ever reach."""

    reason: str


@dataclass(frozen=True)
class Rejected:
    """The server will never take this one mail; no mailbox is to blame."""

    reason: str


Outcome: TypeAlias = Delivered | Later | Refused | Rejected

IN_THE_CLEAR = (
    "The mail server offers no encryption, so the password in FORUM_MAIL_URL was not sent to it. "
    "Use smtps://, or a server with STARTTLS."
)
NO_ENCRYPTION = (
    "The mail server offers no encryption on port 587, so no mail was sent. Use a server with "
    "STARTTLS, smtps://, or port 25."
)
OTHER_LETTERS = (
    "The mail server takes no addresses with letters such as ü before the @ (SMTPUTF8), so a mail "
    "to one was not sent."
)
LETTERS_OF_SENDER = (
    "The mail server takes no sender with letters such as ü before the @ (SMTPUTF8). Change "
    "FORUM_MAIL_FROM."
)
LETTERS_OF_LOGIN = (
    "The mail server takes no user or password with letters such as ü (AUTH PLAIN), so no mail was "
    "sent."
)
UNTRUSTED = (
    "The certificate of the mail server does not hold. Name the server in FORUM_MAIL_URL as its "
    "certificate does."
)
TOO_SLOW = "The mail server took too long to answer."
HUNG_UP = "The mail server hung up."
NO_MAILBOX = "The mail server says that there is no such mailbox."
NOT_NOW = "The mail server does not take mail to this address now."
FULL = "The mailbox is full."
NO_RELAY = (
    "The mail server does not send mail for this forum. Does it need a user and a password, or "
    "another sender in FORUM_MAIL_FROM?"
)
REFUSES_MANY = "The mail server says of one address after the other that there is no such mailbox."
NOT_TAKEN = "The mail server did not take the mail."
# The first that fits: what is wrong, and what the operator can do about it.
_FOR_ALL: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, UNTRUSTED),
    (smtplib.SMTPAuthenticationError, "The mail server refused the user or the password."),
    (smtplib.SMTPNotSupportedError, "The mail server takes no password. Leave it out."),
    (smtplib.SMTPSenderRefused, "The mail server refused the sender in FORUM_MAIL_FROM."),
    (smtplib.SMTPServerDisconnected, HUNG_UP),
    (smtplib.SMTPException, "The mail server refused the forum."),
    (ssl.SSLError, "The mail server speaks another kind of encryption. Try smtp:// or smtps://."),
    (TimeoutError, TOO_SLOW),
    (OSError, "The mail server in FORUM_MAIL_URL cannot be reached."),
)
_GOES_AWAY = 421
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")
# RFC 3463: only these say that there is no such mailbox, and these that the forum is to blame.
_ABOUT_MAILBOX = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
_ABOUT_FORUM = frozenset({"1.0", "1.7", "1.8", "4.5"})
_BARE_ABOUT_MAILBOX = frozenset({550, 551, 553})
_BARE_ABOUT_FORUM = re.compile(
    r"relay|sender|\bfrom\b|spf|dkim|dmarc|spam|block|policy|reputation|too many|verif|authenti",
    re.IGNORECASE,
)

_ABOUT_SENDER = re.compile(r"relay|sender|spf|dkim|dmarc|authenti", re.IGNORECASE)


class NotEncrypted(smtplib.SMTPException):
    """Something would have to be sent in clear text that may not be."""


class UnknownLetters(smtplib.SMTPException):
    """A user or password has letters that this mail server does not know."""


def of(problem: Exception, *, at_recipient: bool = False) -> Outcome:
    """Return what an error of sending means; `at_recipient` once a recipient was named."""
    outcome = _of(problem)
    if at_recipient and isinstance(outcome, Later) and outcome.for_all:
        return Later(outcome.reason, maybe_for_all=True)
    return outcome


def names_no_mailbox(status: str) -> bool:
    """Whether a status such as 5.1.1 (RFC 3463) says for good that there is no such mailbox."""
    return status.startswith("5.") and status.removeprefix("5.") in _ABOUT_MAILBOX


def _of(problem: Exception) -> Outcome:
    if isinstance(problem, NotEncrypted | UnknownLetters):
        return Later(str(problem), for_all=True)
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(problem.recipients.values()))
        return _of_recipient(code, words.decode("utf-8", "replace"))
    if isinstance(problem, smtplib.SMTPDataError):
        return _of_data(problem)
    if isinstance(problem.__context__, TimeoutError):  # for the library, that is a hang-up
        return Later(TOO_SLOW, for_all=True)
    for kind, reason in _FOR_ALL:
        if isinstance(problem, kind):
            return Later(reason, for_all=True)
    return Later("The mail could not be written, or FORUM_MAIL_URL holds what no server takes.")


def _of_data(problem: smtplib.SMTPDataError) -> Outcome:
    """Return what it means that a server takes a sender and a recipient, but not the mail."""
    if problem.smtp_code < 500:
        return Later(NOT_TAKEN, for_all=problem.smtp_code == _GOES_AWAY)
    said = problem.smtp_error
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    found = _ENHANCED.search(words)
    if (found and found[1] in _ABOUT_FORUM) or _ABOUT_SENDER.search(words):
        return Later(NO_RELAY, maybe_for_all=True)
    return Rejected(NOT_TAKEN)


def _of_recipient(code: int, words: str) -> Outcome:
    """Return what it means that a server does not take a recipient.

    A server that sends for nobody, or not from this sender, says so here, too: no mailbox is to
    blame for that. When in doubt it is tried again, as an address that is switched off is lost.
    """
    if code < 500:
        return Later(NOT_NOW, maybe_for_all=code == _GOES_AWAY)
    found = _ENHANCED.search(words)
    enhanced = found[1] if found else ""
    if enhanced:
        about_forum = enhanced in _ABOUT_FORUM or enhanced.startswith("7.")
        about_mailbox = enhanced in _ABOUT_MAILBOX
    else:
        about_forum = code == 530 or bool(_BARE_ABOUT_FORUM.search(words))
        about_mailbox = code in _BARE_ABOUT_MAILBOX
    if about_forum:
        return Later(NO_RELAY, maybe_for_all=True)
    if about_mailbox:
        return Refused(NO_MAILBOX)
    return Later(FULL if enhanced == "2.2" else NOT_NOW)
