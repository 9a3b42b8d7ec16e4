"""What comes back of a mail: a report that it was not delivered (RFC 3464), or that its reader
called it spam (RFC 5965).

Only such a report is read, and only if it is a whole mail of its own, as a mail server sends it:
answers, holiday notices and reports that somebody forwards say nothing. What it says of whom the
mail was for is not read either, as anybody can write that. It holds the headers of the mail that
came back, and nobody but its recipient has ever seen our Message-ID in them.
"""

import email
from dataclasses import dataclass
from email.message import Message

from forum.core.mail import outcomes

READ_AT_MOST = 1_000_000
NO_MAILBOX, NOT_DELIVERED, SPAM = "no_mailbox", "not_delivered", "spam"
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})


@dataclass(frozen=True)
class Returned:
    """What became of the mail that has this Message-ID."""

    message_id: str
    what: str


def read(raw: bytes) -> Returned | None:
    """Return what a mail to the forum reports; None for any other mail."""
    try:
        parts = _parts(email.message_from_bytes(raw[:READ_AT_MOST]))
        what = _what(parts)
        message_id = _message_id(parts)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # what the library makes of nonsense
    return Returned(message_id, what) if what and message_id else None


def _parts(whole: Message) -> list[Message]:
    return _inside(whole) if whole.get_content_type() == "multipart/report" else []


def _inside(part: Message) -> list[Message]:
    within = part.get_payload()
    return [one for one in within if isinstance(one, Message)] if isinstance(within, list) else []


def _what(parts: list[Message]) -> str:
    for part in parts:
        fields = _inside(part)
        if part.get_content_type() == "message/delivery-status":
            return _of_delivery(fields)
        if fields and part.get_content_type() == "message/feedback-report":
            kind = str(fields[0].get("Feedback-Type", "")).strip().lower()
            return SPAM if kind in _COMPLAINTS else ""
    return ""


def _of_delivery(recipients: list[Message]) -> str:
    statuses = [
        str(one.get("Status", "")).split()[:1]
        for one in recipients
        if str(one.get("Action", "")).strip().lower() == "failed"
    ]
    if not statuses:
        return ""  # delayed, relayed, delivered
    lasting = any(status and outcomes.names_no_mailbox(status[0]) for status in statuses)
    return NO_MAILBOX if lasting else NOT_DELIVERED


def _message_id(parts: list[Message]) -> str:
    """Return the Message-ID in the headers of the mail that came back."""
    for part in parts:
        inside = _inside(part)
        if inside and part.get_content_type() in {"message/rfc822", "message/rfc822-headers"}:
            return str(inside[0].get("Message-ID", "")).strip()
        if part.get_content_type() == "text/rfc822-headers":
            words = part.get_payload(decode=True)
            if isinstance(words, bytes):
                return str(email.message_from_bytes(words).get("Message-ID", "")).strip()
    return ""
