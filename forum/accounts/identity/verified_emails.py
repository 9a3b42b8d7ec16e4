"""Addresses whose owners have confirmed them, and whether mail still gets there.

A link in a mail to the address confirms it, and nothing else does. Notifications go nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from forum.accounts.identity import stopped_mailboxes
from forum.accounts.models import Account, VerifiedEmail
from forum.accounts.policy import Viewer, ViewerId, person_id, row_exists
from forum.core import clock, ids, signed_tokens
from forum.core.db import current_session, transaction
from forum.core.errors import Gone
from forum.core.translation import lazy
from forum.core.web import private_ids

PURPOSE, VALID_FOR = "confirm an email address", timedelta(days=2)
NO_MAILBOX, FAILING, STOPPED = "no_mailbox", "failing", "stopped"
# Who reads the mails has had enough: only they can want them again, by a new link to the address.
BY_LINK, COMPLAINED = "by_link", "complained"
BY_READER = (BY_LINK, COMPLAINED)
# Nothing at all is sent there, and only the operator can change that; see `stopped_mailboxes`.
BY_OPERATOR = "by_operator"
OLD = lazy("This link is older than two days, or the address of the account has changed since.")


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

    @property
    def is_stopped(self) -> bool:
        """Whether nothing goes there, whatever its owner wants: the operator has stopped it."""
        return self.verified and self.off_reason == BY_OPERATOR


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


def token_of(viewer: Viewer, email: str) -> str:
    """Return the token of a link that confirms this address of an account, if it has it still."""
    whose = private_ids.of(person_id(viewer))
    return signed_tokens.sign(PURPOSE, whose, ids.digest(email), str(clock.now().timestamp()))


def account_of(token: str) -> int:
    """Return whose address a link confirms.

    Raises Gone for one that is forged or too old, or whose address was stopped meanwhile.
    """
    values = signed_tokens.read(PURPOSE, token, VALID_FOR)
    if values is None or len(values) != 3:
        raise Gone(OLD)
    whose, digest, issued = values
    account_id = private_ids.id_of(whose)
    email = any_address_of(account_id)
    if email is None or ids.digest(email) != digest or stopped_mailboxes.is_stopped(email):
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
