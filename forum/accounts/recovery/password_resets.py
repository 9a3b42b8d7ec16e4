"""Steps of setting a new password by mail, inside `service`'s transaction."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts.identity import emails
from forum.accounts.models import Account, PasswordReset
from forum.core import clock, ids
from forum.core.errors import Gone, Invalid
from forum.core.translation import _, lazy

VALID_FOR = timedelta(minutes=30)
AT_ONCE_MAX = 5
GONE = lazy("This link has been used or is older than 30 minutes. You can ask for a new one.")


def make(session: Session, email: str) -> list[str]:
    """Return a new token for each account with this address; none when there is none."""
    try:
        address = emails.checked(email)
    except Invalid:
        return []
    if address is None:
        return []
    # The oldest: to sign up with somebody's address must not take their own links away.
    hers = select(Account.id).where(Account.email == address).order_by(Account.id)
    return [make_for(session, one) for one in session.scalars(hers.limit(AT_ONCE_MAX)).all()]


def make_for(session: Session, account_id: int) -> str:
    """Return a new token for one account."""
    token, expires_at = ids.token(), clock.now() + VALID_FOR
    session.add(
        PasswordReset(digest=ids.digest(token), account_id=account_id, expires_at=expires_at)
    )
    return token


def use(session: Session, token: str) -> int:
    """Use a token up and return whose it is. Raises Gone."""
    used = delete(PasswordReset).where(
        PasswordReset.digest == ids.digest(token), PasswordReset.expires_at > clock.now()
    )
    row = session.execute(used.returning(PasswordReset.account_id)).first()
    if row is None:
        raise Gone(GONE)
    return int(row.account_id)


def forget(session: Session, account_id: int) -> None:
    """Make all of somebody's links useless."""
    session.execute(delete(PasswordReset).where(PasswordReset.account_id == account_id))


def forget_old(session: Session) -> None:
    """Delete what has run out."""
    session.execute(delete(PasswordReset).where(PasswordReset.expires_at <= clock.now()))


def letter(site: str, links: list[str]) -> tuple[str, str]:
    """Return subject and words of the mail; nothing in them tells what kind of place this is."""
    words = [
        _("Someone, probably you, asked for a new password at %(site)s.", site=site),
        _("Each of these links sets a new password for one account with this address:")
        if len(links) > 1
        else _("Set your new password here:"),
        *links,
        _(
            "A link works once, for 30 minutes. "
            "If you didn't ask for it, you can ignore this email."
        ),
    ]
    return _("A new password for %(site)s", site=site), "\n\n".join(words) + "\n"
