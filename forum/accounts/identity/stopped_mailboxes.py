"""Mailboxes to which the forum sends nothing at all: the operator has stopped them.

Their owner has complained, or they send everything back. It holds whoever gives their address, for
a link to confirm it or for a new password, too. Only keyed digests are stored.
"""

from sqlalchemy import delete

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.accounts.identity import emails
from forum.accounts.models import StoppedMailbox
from forum.core import clock
from forum.core.db import current_session


def is_stopped(email: str) -> bool:
    """Whether nothing is sent to the mailbox of an address."""
    return current_session().get(StoppedMailbox, emails.digest(email)) is not None


def stop(session: Session, email: str) -> bool:
    """Send nothing there any more; return whether something was sent there until now."""
    this = insert(StoppedMailbox).values(digest=emails.digest(email), stopped_at=clock.now())
    new = this.on_conflict_do_nothing().returning(StoppedMailbox.digest)
    return session.execute(new).first() is not None


def allow(session: Session, email: str) -> bool:
    """Send there again, when its owner wants it; return whether it was stopped."""
    this = delete(StoppedMailbox).where(StoppedMailbox.digest == emails.digest(email))
    return session.execute(this.returning(StoppedMailbox.digest)).first() is not None
