"""What happened to an account's protection: logins, refused ones, changes of credentials.

Its owner reads it, and is told of what they should know at once. It holds no address and no more of
a browser than the label that sessions have.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from forum.accounts.events import AccountProtectionChanged
from forum.accounts.models import SecurityEvent
from forum.core import clock
from forum.core.db import transaction
from forum.core.events import announce

LOGGED_IN, REFUSED = "logged_in", "login_refused"
LOGGED_IN_AFTER_REFUSALS = "login_after_refusals"
PASSWORD_CHANGED, PASSWORD_RESET = "password_changed", "password_reset"
EMAIL_CHANGED, CODES_RENEWED = "email_changed", "codes_renewed"
KEPT_FOR = timedelta(days=90)
COUNTED_TOGETHER = timedelta(hours=1)
MANY_REFUSALS = 10


def note_login(session: Session, account_id: int, device: str) -> None:
    """Note a login; after many refusals its owner is told, since somebody may have guessed."""
    earlier = select(func.max(SecurityEvent.id)).where(
        SecurityEvent.account_id == account_id, SecurityEvent.kind != REFUSED
    )
    refused = select(func.coalesce(func.sum(SecurityEvent.count), 0)).where(
        SecurityEvent.account_id == account_id,
        SecurityEvent.kind == REFUSED,
        SecurityEvent.id > func.coalesce(earlier.scalar_subquery(), 0),
    )
    if (session.scalar(refused) or 0) < MANY_REFUSALS:
        _add(session, account_id, LOGGED_IN, device)
    else:
        note_change(session, account_id, LOGGED_IN_AFTER_REFUSALS, device)


def note_change(session: Session, account_id: int, kind: str, device: str = "") -> None:
    """Note what its owner should be told of at once."""
    noted = _add(session, account_id, kind, device)
    announce(AccountProtectionChanged(account_id, noted.id, kind, noted.at))


def note_refusal(account_id: int, device: str) -> None:
    """Note a wrong password or code; those of an hour from one kind of device are one line."""
    now = clock.now()
    with transaction() as session:
        latest = (
            select(func.max(SecurityEvent.id))
            .where(SecurityEvent.account_id == account_id)
            .scalar_subquery()
        )
        again = update(SecurityEvent).where(
            SecurityEvent.id == latest,
            SecurityEvent.kind == REFUSED,
            SecurityEvent.device == device,
            SecurityEvent.at > now - COUNTED_TOGETHER,
        )
        more = again.values(count=SecurityEvent.count + 1).returning(SecurityEvent.id)
        if session.execute(more.execution_options(synchronize_session=False)).first() is None:
            _add(session, account_id, REFUSED, device)


def forget_old(session: Session) -> None:
    """Delete what happened more than 90 days ago."""
    session.execute(delete(SecurityEvent).where(SecurityEvent.at < clock.now() - KEPT_FOR))


def _add(session: Session, account_id: int, kind: str, device: str) -> SecurityEvent:
    noted = SecurityEvent(account_id=account_id, kind=kind, device=device, count=1, at=clock.now())
    session.add(noted)
    session.flush()
    return noted
