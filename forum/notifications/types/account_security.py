"""What has changed about the protection of an account: its owner is notified at once."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, SQLColumnExpression

from forum.accounts.events import AccountProtectionChanged
from forum.accounts.login import security_log
from forum.accounts.models import SecurityEvent
from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.notifications.notification_choices import DIRECT, SECURITY
from forum.notifications.registry import NotificationType


def _is_own(account_id: ViewerId, about_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    own = SecurityEvent.account_id == account_id
    return row_exists(SecurityEvent, SecurityEvent.id == about_id, own)


def _type(name: str, text: str, address: str = "/account/security") -> NotificationType:
    def owner(event: AccountProtectionChanged) -> Iterable[int]:
        return [event.account_id] if event.kind == name else []

    return NotificationType(
        name=name,
        choice=SECURITY,
        urgency=DIRECT,
        text=text,
        address=address,
        icon="shield-check",
        visible=_is_own,
        about="event_id",
        sent_on={AccountProtectionChanged: owner},
    )


TYPES = (
    _type(security_log.PASSWORD_CHANGED, lazy("Your password was changed")),
    _type(security_log.PASSWORD_RESET, lazy("A new password was set for your account")),
    _type(security_log.EMAIL_CHANGED, lazy("Your email address was changed")),
    _type(
        security_log.EMAILS_STOPPED,
        lazy("Emails to your address have stopped: see why, and how to turn them on again"),
        "/account/email",
    ),
    _type(security_log.HANDLE_CHANGED, lazy("Your username was changed")),
    _type(
        security_log.NOT_CONFIRMED,
        lazy(
            "A wrong password was entered several times while logged in to your account. If it "
            "wasn't you, change your password"
        ),
    ),
    _type(security_log.CODES_RENEWED, lazy("You have new recovery codes")),
    _type(
        security_log.LOGGED_IN_AFTER_REFUSALS,
        lazy(
            "Your account was logged in to after many wrong passwords. If it wasn't you, change "
            "your password"
        ),
    ),
)
