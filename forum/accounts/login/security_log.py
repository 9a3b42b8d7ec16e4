"""What happened to an account: logins, refused ones, changes of credentials and of the handle.

Its owner can read it, and is notified at once of what matters. It holds no address and no more of a
browser than the label that sessions have.
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
HANDLE_CHANGED, NOT_CONFIRMED = "handle_changed", "not_confirmed"
EMAILS_STOPPED = "emails_stopped"
KEPT_FOR = timedelta(days=90)
COUNTED_TOGETHER = timedelta(hours=1)
MANY_REFUSALS = 10
MANY_NOT_CONFIRMED = 5


def log_login(session: Session, account_id: int, device: str) -> None:
    """Note a login; after many refusals notify its owner, since somebody may have guessed."""
    earlier = select(func.max(SecurityEvent.id)).where(
        SecurityEvent.account_id == account_id, SecurityEvent.kind.not_in([REFUSED, NOT_CONFIRMED])
    )
    refused = select(func.coalesce(func.sum(SecurityEvent.count), 0)).where(
        SecurityEvent.account_id == account_id,
        SecurityEvent.kind == REFUSED,
        SecurityEvent.id > func.coalesce(earlier.scalar_subquery(), 0),
    )
    if (session.scalar(refused) or 0) < MANY_REFUSALS:
        _add(session, account_id, LOGGED_IN, device)
    else:
        log_change(session, account_id, LOGGED_IN_AFTER_REFUSALS, device)


def log_change(session: Session, account_id: int, kind: str, device: str = "") -> None:
    """Note what its owner should be told of at once."""
    noted = _add(session, account_id, kind, device)
    announce(AccountProtectionChanged(account_id, noted.id, kind, noted.at))


def log_refused_login(account_id: int, device: str) -> None:
    """Note a wrong password or code at a login."""
    with transaction() as session:
        _count(session, account_id, REFUSED, device)


def log_wrong_password(account_id: int, device: str) -> None:
    """Note a wrong password where a logged-in person was asked for it again.

    Anybody mistypes; but after several the owner is notified, since it may be somebody at their
    screen.
    """
    with transaction() as session:
        noted = _count(session, account_id, NOT_CONFIRMED, device)
        if noted.count == MANY_NOT_CONFIRMED:
            announce(AccountProtectionChanged(account_id, noted.id, noted.kind, clock.now()))


def forget_old(session: Session) -> None:
    """Delete what happened more than 90 days ago."""
    session.execute(delete(SecurityEvent).where(SecurityEvent.at < clock.now() - KEPT_FOR))


def _count(session: Session, account_id: int, kind: str, device: str) -> SecurityEvent:
    """Note what may happen often: times within an hour from one kind of device are one line."""
    latest = (
        select(func.max(SecurityEvent.id))
        .where(SecurityEvent.account_id == account_id)
        .scalar_subquery()
    )
    again = update(SecurityEvent).where(
        SecurityEvent.id == latest,
        SecurityEvent.kind == kind,
        SecurityEvent.device == device,
        SecurityEvent.at > clock.now() - COUNTED_TOGETHER,
    )
    more = again.values(count=SecurityEvent.count + 1).returning(SecurityEvent)
    noted = session.scalars(more.execution_options(populate_existing=True)).one_or_none()
    return noted or _add(session, account_id, kind, device)


def _add(session: Session, account_id: int, kind: str, device: str) -> SecurityEvent:
    noted = SecurityEvent(account_id=account_id, kind=kind, device=device, count=1, at=clock.now())
    session.add(noted)
    session.flush()
    return noted
