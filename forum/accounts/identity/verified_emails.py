"""Addresses whose owners have confirmed them, and whether mail still gets there.

A link in a mail to the address confirms it, and nothing else does. Notifications go nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from forum.accounts.identity import emails
from forum.accounts.models import Account, VerifiedEmail
from forum.accounts.policy import Viewer, ViewerId, person_id, row_exists
from forum.core import clock, ids, mail, signed_tokens
from forum.core.db import current_session, transaction
from forum.core.errors import Gone, Invalid
from forum.core.translation import _, lazy
from forum.core.web import private_ids

PURPOSE, VALID_FOR = "confirm an email address", timedelta(days=2)
NO_MAILBOX, FAILING, STOPPED, BY_OPERATOR = "no_mailbox", "failing", "stopped", "by_operator"
FAILURES_MAX = 3
_LABELS = {
    "": "confirmed addresses in use",
    STOPPED: "addresses whose owners have stopped emails",
    NO_MAILBOX: "addresses switched off: no such mailbox",
    FAILING: "addresses switched off: nothing got through for days",
    BY_OPERATOR: "addresses switched off with forum mail off",
}
OLD = lazy("This link is older than two days, or the address of the account has changed since.")


@dataclass(frozen=True)
class EmailState:
    """What the account's page says of an address: "" where it is in use, else why not."""

    email: str
    verified: bool
    off_reason: str


def reaches(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the account has a confirmed address to which mail may go."""
    return row_exists(
        VerifiedEmail,
        VerifiedEmail.account_id == account_id,
        VerifiedEmail.off_at.is_(None),
        row_exists(Account, Account.id == VerifiedEmail.account_id, _is_current()),
    )


def _is_current() -> ColumnElement[bool]:
    return Account.email == VerifiedEmail.email


def address_of(account_id: int) -> tuple[str, int] | None:
    """Return where an account's notifications go, and how many in a row were given up."""
    found = (
        select(VerifiedEmail.email, VerifiedEmail.failures)
        .join(Account, (Account.id == VerifiedEmail.account_id) & _is_current())
        .where(Account.id == account_id, VerifiedEmail.off_at.is_(None))
    )
    row = current_session().execute(found).one_or_none()
    return (row.email, row.failures) if row else None


def any_address_of(account_id: int) -> str | None:
    """Return the address of an account, confirmed or not."""
    return current_session().scalar(select(Account.email).where(Account.id == account_id))


def state_of(viewer: Viewer) -> EmailState | None:
    """Return how it is with one's own address; None where there is none."""
    mine = (
        select(Account.email, VerifiedEmail.verified_at, VerifiedEmail.off_reason)
        .outerjoin(VerifiedEmail, (VerifiedEmail.account_id == Account.id) & _is_current())
        .where(Account.id == person_id(viewer))
    )
    row = current_session().execute(mine).one()
    if row.email is None:
        return None
    return EmailState(row.email, row.verified_at is not None, row.off_reason or "")


def letter(viewer: Viewer) -> mail.Letter:
    """Return the letter with the link that confirms the address of an account.

    Raises Invalid where there is no address.
    """
    state = state_of(viewer)
    if state is None:
        raise Invalid(_("Add an email address first."))
    whose = private_ids.of(person_id(viewer))
    token = signed_tokens.sign(PURPOSE, whose, ids.digest(state.email))
    site = mail.site()
    return mail.Letter(
        to=state.email,
        subject=_("Confirm your email address for %(site)s", site=site),
        paragraphs=(
            _("Someone, probably you, wants emails from %(site)s to come here.", site=site),
            _("If it wasn't you, ignore this email. Nothing more will come."),
        ),
        link=(f"{mail.origin()}/account/email/confirm/{token}", _("Confirm this address")),
    )


def account_of(token: str) -> int:
    """Return whose address a link confirms. Raises Gone for one that is forged, or too old."""
    values = signed_tokens.read(PURPOSE, token, VALID_FOR)
    if values is None:
        raise Gone(OLD)
    whose, digest = values
    account_id = private_ids.id_of(whose)
    email = any_address_of(account_id)
    if email is None or ids.digest(email) != digest:
        raise Gone(OLD)
    return account_id


def verify(token: str) -> None:
    """Take an address for confirmed by its owner, and use it from now on. Raises Gone."""
    with transaction() as session:
        account = session.get(Account, account_of(token), with_for_update=True)
        if account is None or account.email is None:
            raise Gone(OLD)
        session.execute(delete(VerifiedEmail).where(VerifiedEmail.account_id == account.id))
        session.add(
            VerifiedEmail(account_id=account.id, email=account.email, verified_at=clock.now())
        )


def switch(viewer: Viewer, *, on: bool) -> None:
    """Send notifications to one's confirmed address again, or no longer."""
    account_id = person_id(viewer)
    if on:
        _change(account_id, off_at=None, off_reason="", failures=0)
    else:
        switch_off(account_id, STOPPED)


def switch_off(account_id: int, reason: str) -> None:
    """Send no notifications there any more, until its owner wants it again."""
    _change(account_id, off_at=clock.now(), off_reason=reason)


def switch_off_address(email: str) -> int:
    """Do so for all accounts with an address, which has complained; return how many there are."""
    this = VerifiedEmail.email == emails.plain(email)
    with transaction() as session:
        off = update(VerifiedEmail).where(this, VerifiedEmail.off_at.is_(None))
        off = off.values(off_at=clock.now(), off_reason=BY_OPERATOR)
        return len(session.scalars(off.returning(VerifiedEmail.account_id)).all())


def note_success(account_id: int) -> None:
    """Forget what was given up before: mail gets there."""
    with transaction() as session:
        again = update(VerifiedEmail).where(
            VerifiedEmail.account_id == account_id, VerifiedEmail.failures > 0
        )
        session.execute(again.values(failures=0))


def note_failure(account_id: int) -> None:
    """Note that a mail was given up; after several in a row the address is switched off."""
    with transaction() as session:
        once_more = update(VerifiedEmail).where(VerifiedEmail.account_id == account_id)
        counted = once_more.values(failures=VerifiedEmail.failures + 1)
        failures = session.scalar(counted.returning(VerifiedEmail.failures))
        if failures is not None and failures >= FAILURES_MAX:
            switch_off(account_id, FAILING)


def _change(account_id: int, **values: object) -> None:
    with transaction() as session:
        hers = update(VerifiedEmail).where(VerifiedEmail.account_id == account_id)
        session.execute(hers.values(**values))


def counts() -> list[tuple[str, int]]:
    """Return what to tell the operator of addresses, a line and its number each."""
    by_reason = select(VerifiedEmail.off_reason, func.count()).group_by(VerifiedEmail.off_reason)
    found = {row[0]: row[1] for row in current_session().execute(by_reason)}
    return [(label, found.get(reason, 0)) for reason, label in _LABELS.items()]
