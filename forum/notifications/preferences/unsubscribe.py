"""Leaving mails by a link in each of them, without logging in.

The link holds whose mails they are, of what, and to which address; it can do nothing else. It works
for a year, and as long as the account has that address.
"""

from dataclasses import dataclass
from datetime import timedelta

# Both databases understand this dialect's ON CONFLICT; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.email_delivery import switched_off_emails
from forum.accounts.identity import verified_emails
from forum.core import ids, mail, signed_tokens
from forum.core.db import transaction
from forum.core.errors import Gone
from forum.core.translation import lazy
from forum.core.web import private_ids
from forum.notifications.notification_choices import EMAIL, NEVER, Choice
from forum.notifications.preferences.models import NotificationChoice
from forum.notifications.registry import names_by_choice

PURPOSE, VALID_FOR = "leave mails", timedelta(days=365)
OLD = lazy(
    "This link is too old, or these emails have ended already. "
    "You can change which emails you get in your account."
)


@dataclass(frozen=True)
class Leaving:
    """Whose mails a link ends, and of what they are."""

    account_id: int
    email: str
    choice: str
    label: str


def address(account_id: int, choice: Choice, email: str) -> str:
    """Return the address for a mail's header and its last line."""
    whose = private_ids.of(account_id)
    token = signed_tokens.sign(PURPOSE, whose, choice.name, ids.digest(email)[:16])
    return f"{mail.origin()}/unsubscribe/{token}"


def asked_by(token: str) -> Leaving:
    """Return what a link is about. Raises Gone for one that was made up, or is too old."""
    values = signed_tokens.read(PURPOSE, token, VALID_FOR)
    if values is None:
        raise Gone(OLD)
    whose, choice, digest = values
    account_id = private_ids.id_of(whose)
    email = verified_emails.any_address_of(account_id)
    if email is None or ids.digest(email)[:16] != digest:
        raise Gone(OLD)
    return Leaving(account_id, email, choice, _label(choice))


def stop_kind(leaving: Leaving) -> None:
    """Send no more mails of this kind."""
    _stop(leaving, [leaving.choice])


def stop_ordinary(leaving: Leaving) -> None:
    """Send no more mails but those that press: of an account's safety, and alarms."""
    _stop(leaving, [one.name for one in names_by_choice() if not one.pressing])


def _stop(leaving: Leaving, choices: list[str]) -> None:
    key = {"account_id": leaving.account_id, "channel": EMAIL, "frequency": NEVER}
    never = insert(NotificationChoice).values([{**key, "choice": one} for one in choices])
    with transaction() as session:
        session.execute(
            never.on_conflict_do_update(
                index_elements=["account_id", "choice", "channel"],
                set_={"frequency": never.excluded.frequency},
            )
        )


def stop_all(leaving: Leaving) -> None:
    """Send no more notifications by mail at all, until their reader turns them on again."""
    switched_off_emails.switch_off(leaving.account_id, leaving.email, verified_emails.BY_LINK)


def _label(name: str) -> str:
    """Return what is told of a kind; "" for one that this version does not have."""
    return next((str(one.label) for one in names_by_choice() if one.name == name), "")
