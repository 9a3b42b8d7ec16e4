"""Mails that come back later, and mails that were reported as spam.

Each notification's Message-ID holds whose mail it is and to which address, signed by the forum. A
report without it, or with one that was made up, does nothing: so nobody switches off another's.
"""

import hmac
import re

from forum.accounts.email_delivery import switched_off_emails
from forum.accounts.identity import verified_emails
from forum.accounts.models import VerifiedEmail
from forum.core import ids, signed_tokens
from forum.core.db import current_session
from forum.core.mail import returned
from forum.core.web import private_ids

_TOKEN = re.compile(r"<[0-9a-f]{40}\.([0-9a-f]{16})\.([0-9a-f]{32})@[^<>\s]+>")


def token_of(account_id: int, email: str) -> str:
    """Return what the Message-IDs of an account's mails to this address end with."""
    whose = private_ids.of(account_id)
    return f"{whose}.{_signature(whose, email)}"


def take_in(raw: bytes) -> str:
    """Do what a mail that came back calls for; return what it was, "" for any other mail.

    An address that is no more is switched off, and so is one whose reader called a mail spam. What
    was not delivered otherwise counts once a day, and switches it off after several days.
    """
    report = returned.read(raw)
    found = report and _TOKEN.fullmatch(report.message_id)
    if not report or not found:
        return ""
    account_id = private_ids.id_of(found[1])
    row = current_session().get(VerifiedEmail, account_id)
    if row is None or not hmac.compare_digest(found[2], _signature(found[1], row.email)):
        return ""
    if report.what == returned.SPAM:
        switched_off_emails.switch_off(account_id, row.email, verified_emails.COMPLAINED)
    elif report.what == returned.NO_MAILBOX:
        switched_off_emails.switch_off(account_id, row.email, verified_emails.NO_MAILBOX)
    else:
        switched_off_emails.note_bounce(account_id)
    return report.what


def _signature(whose: str, email: str) -> str:
    return ids.keyed_digest(f"bounce {whose} {email}", signed_tokens.key())[:32]
