"""Suspending somebody, for a time or for good, so that a new account does not end it.

As long as it lasts, keyed digests of the handle and the e-mail address are kept apart from the
account, and outlast its erasure. A browser in which the account was used knows its handle's digest
(`devices`). Who signs up with that address, or in that browser, is refused. Nothing else tells two
people apart honestly: whoever uses another browser and gives no address can come back.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.accounts import handles, sessions
from forum.accounts.models import Account, SuspensionMark
from forum.accounts.policy import FOR_GOOD
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Forbidden, NotFound

BECAUSE_MAX = 500


def suspend(account_id: int, *, until: datetime, because: str) -> None:
    """Pause somebody until then, and end their sessions; they read `because`. Raises Invalid."""
    because = text.checked(because, "because", most=BECAUSE_MAX, name="The reason")
    with transaction() as session:
        _change(session, account_id, suspended_until=until, suspended_because=because)
        sessions.end(session, account_id)
        keep_mark(session, session.get_one(Account, account_id, populate_existing=True))


def lift_suspension(account_id: int) -> None:
    """Let somebody take part again. Raises NotFound."""
    with transaction() as session:
        _change(session, account_id, suspended_until=None, suspended_because="")
        session.execute(delete(SuspensionMark).where(SuspensionMark.account_id == account_id))


def lift_of_erased(handle: str) -> bool:
    """Let somebody sign up again whose suspended account was erased; return whether it was."""
    with transaction() as session:
        gone = delete(SuspensionMark).where(
            SuspensionMark.handle_digest == handles.digest(handle),
            SuspensionMark.account_id.is_(None),
        )
        return session.execute(gone.returning(SuspensionMark.id)).first() is not None


def keep_mark(session: Session, account: Account) -> None:
    """Keep what tells a suspended account's owner again; nothing for anybody else.

    What was kept when the suspension began stays, whatever they have changed since.
    """
    until = account.suspended_until
    if until is None or until <= clock.now():
        return
    kept = update(SuspensionMark).where(SuspensionMark.account_id == account.id)
    if session.execute(kept.values(until=until).returning(SuspensionMark.id)).first():
        return
    session.add(
        SuspensionMark(
            account_id=account.id,
            handle_digest=handles.digest(account.handle),
            email_digest=handles.digest_of(account.email) if account.email else None,
            until=until,
        )
    )
    session.flush()


def require_none(
    session: Session, email: str | None, has_been_used_here: Callable[[str], bool]
) -> None:
    """Raise Forbidden for a new account of somebody whose suspension lasts.

    `has_been_used_here` says of a handle's digest whether its account was used in this browser.
    """
    now = clock.now()
    found = session.execute(
        select(SuspensionMark.handle_digest, SuspensionMark.email_digest, SuspensionMark.until)
        .where(SuspensionMark.until > now)
    )  # fmt: skip
    address = handles.digest_of(email) if email else ""
    for handle_digest, email_digest, until in found:
        if (email_digest and email_digest == address) or has_been_used_here(handle_digest):
            lasts = "for good" if until >= FOR_GOOD else f"until {until:%-d %B %Y, %H:%M} UTC"
            raise Forbidden(
                f"An account that was used with this e-mail address or in this browser is paused "
                f"{lasts}, and a new one doesn't end that. If this is somebody else's account, or "
                f"a mistake, please write to the people who run this site.",
                code="suspended",
            )


def forget_ended() -> None:
    """Forget the marks of suspensions that are over."""
    with transaction() as session:
        session.execute(delete(SuspensionMark).where(SuspensionMark.until <= clock.now()))


def _change(session: Session, account_id: int, **columns: object) -> None:
    changed = update(Account).where(Account.id == account_id).values(**columns)
    if session.execute(changed.returning(Account.id)).first() is None:
        raise NotFound
