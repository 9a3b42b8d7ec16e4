"""Suspending a member, for a time or for good; a new account does not end it.

As long as it lasts, keyed digests of the person, the handle and the email address are kept apart
from the account, and outlast its erasure. A browser in which the account was used knows the
person's digest (`devices`), whatever the handle was. Who signs up in that browser is refused, and
the address at every door, in words that tell nobody whose it was. Nothing else tells two people
apart honestly: a person who uses another browser and gives no address can come back.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.identity import emails, handles, public_ids
from forum.accounts.login import sessions
from forum.accounts.models import Account, SuspendedIdentity
from forum.accounts.policy import PERMANENT
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Forbidden, NotFound
from forum.core.translation import _, formats, lazy

REASON_MAX_LENGTH = 500
IDENTITIES_MAX = 5_000  # compared when somebody signs up, which keeps others waiting
ADDRESS_REFUSED = lazy(
    "This email address can't be used here. Please enter another, or write to us: “Complaints”, at "
    "the end of every page, says how."
)


def suspend(account_id: int, *, until: datetime, because: str) -> None:
    """Pause somebody until then, and end their sessions; they read `because`. Raises Invalid."""
    because = text.checked(because, "because", most=REASON_MAX_LENGTH, name=_("The reason"))
    with transaction() as session:
        _change(session, account_id, suspended_until=until, suspension_reason=because)
        sessions.end(session, account_id)
        remember_identity(session, session.get_one(Account, account_id, populate_existing=True))


def lift_suspension(account_id: int) -> None:
    """Let somebody take part again. Raises NotFound."""
    with transaction() as session:
        _change(session, account_id, suspended_until=None, suspension_reason="")
        session.execute(delete(SuspendedIdentity).where(SuspendedIdentity.account_id == account_id))


def lift_suspension_of_erased(handle: str) -> bool:
    """Let somebody sign up again whose suspended account was erased; return whether it was.

    The handle is the one that they had when it began, or when they erased the account.
    """
    erased = SuspendedIdentity.account_id.is_(None)
    found = erased & (SuspendedIdentity.handle_digest == handles.digest(handle))
    with transaction() as session:
        people = select(SuspendedIdentity.person_digest).where(found).scalar_subquery()
        gone = delete(SuspendedIdentity).where(
            or_(found, erased & SuspendedIdentity.person_digest.in_(people))
        )
        gone = gone.execution_options(synchronize_session=False)
        return session.execute(gone.returning(SuspendedIdentity.id)).first() is not None


def remember_identity(session: Session, account: Account) -> None:
    """Keep what tells a suspended account's owner again; nothing for anybody else.

    Called when the suspension begins and when the account is closed. What was kept stays, whatever
    they have changed since; what they have changed it to is kept as well.
    """
    until = account.suspended_until
    if until is None or until <= clock.now():
        return
    kept = SuspendedIdentity.account_id == account.id
    session.execute(update(SuspendedIdentity).where(kept).values(until=until))
    mark = SuspendedIdentity(
        account_id=account.id,
        person_digest=public_ids.digest(account.public_id),
        handle_digest=handles.digest(account.handle),
        email_digest=emails.digest(account.email) if account.email else None,
        until=until,
    )
    known = session.scalars(select(SuspendedIdentity).where(kept)).all()
    if not any(_covers(one, mark) for one in known):
        session.add(mark)
        session.flush()


def remember_missed_identities() -> None:
    """Keep marks of people suspended before there were any (before migration 0031)."""
    marked = select(SuspendedIdentity.id).where(SuspendedIdentity.account_id == Account.id)
    paused = select(Account).where(Account.suspended_until > clock.now(), ~marked.exists())
    with transaction() as session:
        for account in session.scalars(paused.with_for_update()).all():
            remember_identity(session, account)


def require_not_suspended(session: Session, has_been_used_here: Callable[[str], bool]) -> None:
    """Raise Forbidden for a new account of somebody whose suspension lasts.

    `has_been_used_here` says of a digest whether the account of that person was used in this
    browser; older cookies hold the handle's. The newest `IDENTITIES_MAX` are asked about.
    """
    found = session.execute(
        select(
            SuspendedIdentity.person_digest,
            SuspendedIdentity.handle_digest,
            SuspendedIdentity.until,
        )
        .where(SuspendedIdentity.until > clock.now())
        .order_by(SuspendedIdentity.id.desc())
        .limit(IDENTITIES_MAX)
    )
    for person_digest, handle_digest, until in found:
        if has_been_used_here(person_digest or "") or has_been_used_here(handle_digest):
            raise Forbidden(_refusal(until), code="suspended")


def require_address_not_suspended(
    session: Session, address: str | None, account_id: int = 0
) -> None:
    """Raise Forbidden for the address of somebody else's account whose suspension lasts.

    The words say no more than that, since anybody can try anybody's address.
    """
    if address is None:
        return
    now = clock.now()
    marked = select(SuspendedIdentity.id).where(
        SuspendedIdentity.email_digest == emails.digest(address),
        SuspendedIdentity.until > now,
        SuspendedIdentity.account_id.is_distinct_from(account_id),
    )
    changed_since = select(Account.id).where(
        Account.email.in_([address, emails.mailbox(address)]),
        Account.suspended_until > now,
        Account.id != account_id,
    )
    if session.execute(marked.union_all(changed_since).limit(1)).first():
        raise Forbidden(fields={"email": ADDRESS_REFUSED}, code="address_refused")


def forget_ended_suspensions() -> None:
    """Forget the marks of suspensions that are over."""
    with transaction() as session:
        session.execute(delete(SuspendedIdentity).where(SuspendedIdentity.until <= clock.now()))


def _covers(known: SuspendedIdentity, new: SuspendedIdentity) -> bool:
    """Whether a mark tells again whom a new one would."""
    return (known.person_digest, known.handle_digest) == (
        new.person_digest,
        new.handle_digest,
    ) and new.email_digest in {None, known.email_digest}


def _change(session: Session, account_id: int, **columns: object) -> None:
    changed = update(Account).where(Account.id == account_id).values(**columns)
    if session.execute(changed.returning(Account.id)).first() is None:
        raise NotFound


def _refusal(until: datetime) -> str:
    if until >= PERMANENT:
        return _(
            "We can't open a new account here, because an account used in this browser is "
            "permanently suspended. If it wasn't yours, or we've made a mistake, please write to "
            "us: “Complaints”, at the end of every page, says how. “Get help now” is always open "
            "to you."
        )
    return _(
        "We can't open a new account here, because an account used in this browser is suspended "
        "until %(day)s, %(time)s UTC. If it wasn't yours, or we've made a mistake, please write to "
        "us: “Complaints”, at the end of every page, says how. “Get help now” is always open to "
        "you.",
        day=formats.day(until),
        time=formats.time_of_day(until),
    )
