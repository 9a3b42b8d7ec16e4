"""Addresses whose owners have confirmed them, and whether mail still gets there.

A link in a mail to the address confirms it, and nothing else does. Notifications go nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from forum.accounts.identity import emails
from forum.accounts.models import Account, VerifiedEmail
from forum.accounts.policy import Viewer, ViewerId, person_id, row_exists
from forum.core import clock, ids, mail, signed_tokens
from forum.core.db import current_session, transaction
from forum.core.errors import Gone, Invalid
from forum.core.translation import _, lazy
from forum.core.web import private_ids

PURPOSE, VALID_FOR = "confirm an email address", timedelta(days=2)
NO_MAILBOX, FAILING, STOPPED = "no_mailbox", "failing", "stopped"
# Who reads the mails has had enough: only they can want them again, by a new link to the address.
BY_LINK, BY_OPERATOR = "by_link", "by_operator"
BY_READER = (BY_LINK, BY_OPERATOR)
FAILURES_MAX = 3
_LABELS = {
    "": "confirmed addresses in use",
    STOPPED: "addresses whose owners have stopped emails",
    BY_LINK: "addresses switched off by the link in an email",
    NO_MAILBOX: "addresses switched off: no such mailbox",
    FAILING: "addresses switched off: nothing got through for days",
    BY_OPERATOR: "addresses switched off with forum mail off",
}
OLD = lazy("This link is older than two days, or the address of the account has changed since.")
ASK_AGAIN = lazy("Emails to this address were stopped. Ask for a new link to confirm it again.")


@dataclass(frozen=True)
class EmailState:
    """What the account's page says of an address: "" where it is in use, else why not."""

    email: str
    verified: bool
    off_reason: str

    @property
    def needs_link(self) -> bool:
        """Whether a link in a mail has to confirm it before anything is sent there."""
        return not self.verified or self.off_reason in BY_READER


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
    issued = str(clock.now().timestamp())
    token = signed_tokens.sign(PURPOSE, whose, ids.digest(state.email), issued)
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


def letter_to_former(viewer: Viewer) -> mail.Letter | None:
    """Return what to tell the confirmed address that an account has until now, if mail goes there.

    Whoever gets into somebody's account must not be able to change it unnoticed.
    """
    state = state_of(viewer)
    if state is None or not state.verified or state.off_reason not in {"", STOPPED, FAILING}:
        return None
    return mail.Letter(
        to=state.email,
        subject=_("Your email address was changed"),
        paragraphs=(
            _("Emails from %(site)s no longer come to this address.", site=mail.site()),
            _("If it wasn't you who changed it, log in and choose a new password."),
        ),
        link=(f"{mail.origin()}/account", _("Your account")),
    )


def account_of(token: str) -> int:
    """Return whose address a link confirms. Raises Gone for one that is forged, or too old."""
    values = signed_tokens.read(PURPOSE, token, VALID_FOR)
    if values is None or len(values) != 3:
        raise Gone(OLD)
    whose, digest, issued = values
    account_id = private_ids.id_of(whose)
    email = any_address_of(account_id)
    if email is None or ids.digest(email) != digest:
        raise Gone(OLD)
    off = select(VerifiedEmail.off_at).where(
        VerifiedEmail.account_id == account_id, VerifiedEmail.email == email
    )
    off_at = current_session().scalar(off)
    if off_at is not None and float(issued) < off_at.timestamp():
        raise Gone(OLD)  # it was sent before they were stopped
    return account_id


def verify(token: str) -> None:
    """Take an address for confirmed by its owner, and use it from now on. Raises Gone."""
    with transaction() as session:
        account = session.get(Account, account_of(token), with_for_update=True)
        if account is None or account.email is None:
            raise Gone(OLD)
        if address_of(account.id):
            return
        forget(session, account.id)
        session.add(
            VerifiedEmail(account_id=account.id, email=account.email, verified_at=clock.now())
        )


def forget(session: Session, account_id: int) -> None:
    """Know of no confirmed address any more: the account has another, or none."""
    session.execute(delete(VerifiedEmail).where(VerifiedEmail.account_id == account_id))


def switch(viewer: Viewer, *, on: bool) -> None:
    """Send notifications to one's confirmed address again, or no longer.

    Raises Invalid where its reader has stopped them: then only a new link turns them on.
    """
    account_id, state = person_id(viewer), state_of(viewer)
    if state is None:
        return
    if not on:
        if not state.off_reason:
            switch_off(account_id, state.email, STOPPED)
    elif state.off_reason in BY_READER:
        raise Invalid(ASK_AGAIN, code="confirm_again")
    else:
        _change(account_id, state.email, off_at=None, off_reason="", failures=0)


def switch_off(account_id: int, email: str, reason: str) -> None:
    """Send no notifications to this address any more, until its owner wants it again."""
    _change(account_id, email, off_at=clock.now(), off_reason=reason)


def switch_off_address(email: str) -> int:
    """Do so for all accounts with an address, which has complained; return how many there are."""
    this = VerifiedEmail.email == emails.plain(email)
    with transaction() as session:
        off = update(VerifiedEmail).where(this, VerifiedEmail.off_reason != BY_OPERATOR)
        off = off.values(off_at=clock.now(), off_reason=BY_OPERATOR)
        return len(session.scalars(off.returning(VerifiedEmail.account_id)).all())


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


def _change(account_id: int, email: str, **values: object) -> None:
    with transaction() as session:
        hers = update(VerifiedEmail).where(
            VerifiedEmail.account_id == account_id, VerifiedEmail.email == email
        )
        session.execute(hers.values(**values))


def counts() -> list[tuple[str, int]]:
    """Return what to tell the operator of addresses, a line and its number each."""
    by_reason = select(VerifiedEmail.off_reason, func.count()).group_by(VerifiedEmail.off_reason)
    found = {row[0]: row[1] for row in current_session().execute(by_reason)}
    return [(label, found.get(reason, 0)) for reason, label in _LABELS.items()]
