"""Telling people at once what has changed about the protection of their account."""

from sqlalchemy import ColumnElement, SQLColumnExpression

from forum.accounts.events import AccountProtectionChanged
from forum.accounts.login import security_log
from forum.accounts.models import SecurityEvent
from forum.accounts.policy import ViewerId, row_exists
from forum.notifications import type_rules as rules
from forum.notifications.service import tell
from forum.notifications.types import Kind


def _own(account_id: ViewerId, about_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return row_exists(
        SecurityEvent, SecurityEvent.id == about_id, SecurityEvent.account_id == account_id
    )


def _kind(words: str) -> Kind:
    return Kind(words, "/account/security", "shield-check", rules.untitled, _own)


KINDS = {
    security_log.PASSWORD_CHANGED: _kind("Your password was changed"),
    security_log.PASSWORD_RESET: _kind("A new password was set for your account"),
    security_log.EMAIL_CHANGED: _kind("Your e-mail address was changed"),
    security_log.HANDLE_CHANGED: _kind("Your handle was changed"),
    security_log.NOT_CONFIRMED: _kind(
        "Someone who is logged in to your account gave a wrong password several times. Was it you?"
    ),
    security_log.CODES_RENEWED: _kind("You have new recovery codes"),
    security_log.LOGGED_IN_AFTER_REFUSALS: _kind(
        "Someone logged in to your account after many wrong passwords. Was it you?"
    ),
}


def tell_of_change(event: AccountProtectionChanged) -> None:
    """Tell the owner."""
    tell([event.account_id], event.kind, event.event_id, event.at)
