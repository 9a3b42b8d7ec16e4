"""Switching confirmed addresses off and on: by their owner, their mailbox or the operator.

Whoever has not done it in their account is told there.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from forum.accounts.identity import emails, stopped_mailboxes, verified_emails
from forum.accounts.identity.verified_emails import (
    BY_LINK,
    BY_OPERATOR,
    BY_READER,
    COMPLAINED,
    FAILING,
    NO_MAILBOX,
    STOPPED,
)
from forum.accounts.login import password_confirmation, security_log
from forum.accounts.models import VerifiedEmail
from forum.accounts.policy import Viewer, person_id
from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Invalid
from forum.core.translation import lazy

FAILURES_MAX = 3
A_DAY, FORGOTTEN_AFTER = timedelta(days=1), timedelta(days=30)
ASK_AGAIN = lazy("Emails to this address were stopped. Ask for a new link to confirm it again.")
OFF_FOR_GOOD = lazy(
    "The people who run this forum have stopped all emails to this address. Add another address, "
    "or ask them to allow it again."
)
# What wants a new link, or the operator, is not made into what its owner can undo by a button.
_WEIGHTS = {STOPPED: 0, FAILING: 0, NO_MAILBOX: 0, BY_LINK: 1, COMPLAINED: 1, BY_OPERATOR: 2}
_LABELS = {
    "": "confirmed addresses in use",
    STOPPED: "addresses whose owners have stopped emails",
    BY_LINK: "addresses switched off by the link in an email",
    COMPLAINED: "addresses switched off: reported as spam",
    NO_MAILBOX: "addresses switched off: no such mailbox",
    FAILING: "addresses switched off: nothing got through for days",
    BY_OPERATOR: "addresses switched off with forum mail off",
}


def stop_own(viewer: Viewer, password: str) -> None:
    """Send nothing to one's own address, not even about the safety of the account.

    It asks for the password: whoever finds an open screen must not be able to work unnoticed.
    Raises LoginNeeded, Invalid.
    """
    account_id, _hash = password_confirmation.confirmed(viewer, password)
    if state := verified_emails.state_of(viewer):
        switch_off(account_id, state.email, STOPPED)


def turn_on_own(viewer: Viewer) -> None:
    """Send to one's confirmed address again.

    Raises Invalid where its reader has stopped them, as then only a new link turns them on, and
    where the operator has.
    """
    account_id, state = person_id(viewer), verified_emails.state_of(viewer)
    if state is None:
        return
    if state.is_stopped:
        raise Invalid(OFF_FOR_GOOD, code="mail_off")
    if state.off_reason in BY_READER:
        raise Invalid(ASK_AGAIN, code="confirm_again")
    on_again = update(VerifiedEmail).where(
        VerifiedEmail.account_id == account_id, VerifiedEmail.email == state.email
    )
    with transaction() as session:
        session.execute(on_again.values(off_at=None, off_reason="", failures=0, bounces=0))


def switch_off(account_id: int, email: str, reason: str) -> None:
    """Send nothing to this address any more, until its owner wants it again."""
    with transaction() as session:
        hers = session.get(VerifiedEmail, account_id, with_for_update=True)
        if hers is None or hers.email != email:
            return
        was_on = hers.off_at is None
        if not was_on and _WEIGHTS[reason] < _WEIGHTS.get(hers.off_reason, 0):
            return
        hers.off_at, hers.off_reason = clock.now(), reason
        session.flush()
        if was_on and reason != STOPPED:
            security_log.log_change(session, account_id, security_log.EMAILS_STOPPED)


def stop_mailbox(email: str) -> tuple[int, bool]:
    """Send nothing at all to a mailbox, which has complained.

    Return how many accounts got mails there, and whether it was not stopped before.
    """
    address = emails.plain(email)
    with transaction() as session:
        found = session.scalars(select(VerifiedEmail).where(_is_mailbox(address))).all()
        for one in found:
            switch_off(one.account_id, one.email, BY_OPERATOR)
        return len(found), stopped_mailboxes.stop(session, address)


def allow_mailbox(email: str) -> bool:
    """Send to a mailbox again once its owner has confirmed it; return whether it was stopped."""
    address = emails.plain(email)
    with transaction() as session:
        stopped = delete(VerifiedEmail).where(
            _is_mailbox(address), VerifiedEmail.off_reason == BY_OPERATOR
        )
        session.execute(stopped.execution_options(synchronize_session=False))
        return stopped_mailboxes.allow(session, address)


def note_success(account_id: int, email: str) -> None:
    """Forget what was given up before: mail gets there."""
    with transaction() as session:
        again = update(VerifiedEmail).where(
            VerifiedEmail.account_id == account_id,
            VerifiedEmail.email == email,
            VerifiedEmail.failures > 0,
        )
        session.execute(again.values(failures=0))


def note_failure(account_id: int) -> None:
    """Note that a mail was given up; after several in a row the address is switched off."""
    with transaction() as session:
        once_more = update(VerifiedEmail).where(VerifiedEmail.account_id == account_id)
        counted = once_more.values(failures=VerifiedEmail.failures + 1)
        noted = counted.returning(VerifiedEmail.failures, VerifiedEmail.email)
        now = session.execute(noted).one_or_none()
        if now is not None and now.failures >= FAILURES_MAX:
            switch_off(account_id, now.email, FAILING)


def note_bounce(account_id: int) -> None:
    """Note that a mail came back later; after several days with some the address is switched off.

    Of each day one counts: they often come by the dozen, or again.
    """
    now = clock.now()
    with transaction() as session:
        hers = session.get(VerifiedEmail, account_id, with_for_update=True)
        if hers is None or (hers.bounced_at and now - hers.bounced_at < A_DAY):
            return
        is_first = hers.bounced_at is None or now - hers.bounced_at > FORGOTTEN_AFTER
        hers.bounces = 1 if is_first else hers.bounces + 1
        hers.bounced_at = now
        session.flush()
        if hers.bounces >= FAILURES_MAX:
            switch_off(account_id, hers.email, FAILING)


def counts() -> list[tuple[str, int]]:
    """Return what to tell the operator of addresses, a line and its number each."""
    by_reason = select(VerifiedEmail.off_reason, func.count()).group_by(VerifiedEmail.off_reason)
    found = {row[0]: row[1] for row in current_session().execute(by_reason)}
    return [(label, found.get(reason, 0)) for reason, label in _LABELS.items()]


def _is_mailbox(address: str) -> ColumnElement[bool]:
    """Condition: an address leads to this mailbox, whatever follows a "+" in it."""
    name, _at, domain = emails.mailbox(address).rpartition("@")
    column = VerifiedEmail.email
    written = column.startswith(f"{name}+", autoescape=True)
    return or_(
        column == f"{name}@{domain}", written & column.endswith(f"@{domain}", autoescape=True)
    )
