"""Which devices take push messages now, as conditions."""

from sqlalchemy import ColumnElement, String, and_, bindparam

from forum.accounts.models import LoginSession
from forum.accounts.policy import ViewerId, row_exists
from forum.core import web_push
from forum.notifications.devices.models import PushDevice


def takes_messages() -> ColumnElement[bool]:
    """Condition on a PushDevice: its owner is logged in there, and it knows the forum's key."""
    # Asked for when a statement is run: statements are kept.
    key = bindparam(None, type_=String, callable_=web_push.key_digest, unique=True)
    return and_(
        PushDevice.key_digest == key,
        row_exists(
            LoginSession,
            LoginSession.id == PushDevice.session_id,
            LoginSession.account_id == PushDevice.account_id,
            LoginSession.ended_at.is_(None),
        ),
    )


def reaches(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the account has a device that takes messages."""
    return row_exists(PushDevice, PushDevice.account_id == account_id, takes_messages())
