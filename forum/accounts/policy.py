"""Who someone is to the rest of the house, and who does not meet whom."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
    exists,
    literal,
    or_,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import ADMINISTRATOR, BLOCKED_BY, Account, AccountRelationship
from forum.core import clock
from forum.core.db import this_moment
from forum.core.errors import Forbidden, LoginNeeded
from forum.core.text import stock_reasons
from forum.core.translation import _, formats

ViewerId: TypeAlias = SQLColumnExpression[Any]
# One for all rules: each uses it in an EXISTS of its own, and to make an alias takes a millisecond.
_SOMEONE = aliased(Account)


@dataclass(frozen=True)
class Viewer:
    """The viewer: a logged-in person, or a visitor, whose `id` is None."""

    id: int | None = None
    handle: str = ""
    role: str = ""
    session_id: int | None = None
    invisible: bool = False
    suspended_until: datetime | None = None
    suspension_reason: str = ""
    public_id: str = ""
    language: str = ""

    @property
    def suspended(self) -> bool:
        """Whether the person may only manage their own account for now."""
        return self.suspended_until is not None and self.suspended_until > clock.now()

    @property
    def banned(self) -> bool:
        """Whether that pause has no end."""
        return self.suspended_until is not None and self.suspended_until >= PERMANENT

    @property
    def is_administrator(self) -> bool:
        """Whether the person is an administrator."""
        return self.role == ADMINISTRATOR and not self.suspended

    def sql_id(self) -> ViewerId:
        """Return this viewer's id for use in a SQL condition; 0, nobody's id, for a visitor."""
        return literal(self.id or 0, Integer)


VISITOR = Viewer()
PERMANENT = datetime(9000, 1, 1, tzinfo=UTC)


def member_id(viewer: Viewer) -> int:
    """Return the id of a person who may take part. Raises LoginNeeded or Forbidden."""
    if viewer.id is None:
        raise LoginNeeded
    if viewer.suspended:
        raise Forbidden(suspension_message(viewer), code="suspended")
    return viewer.id


def suspension_message(viewer: Viewer) -> str:
    """Say until when, and why, somebody may only manage their own account."""
    until = viewer.suspended_until
    if viewer.banned or until is None:
        message = _(
            "Your account is permanently suspended. In your account, you can still read why, "
            "download what you wrote, and appeal. “Get help now” is always open to you."
        )
    else:
        message = _(
            "Your account is suspended until %(day)s, %(time)s UTC. In your account, you can still "
            "read why, download what you wrote, and appeal. “Get help now” is always open to you.",
            day=formats.day(until),
            time=formats.time_of_day(until),
        )
    if viewer.suspension_reason:
        reason = stock_reasons.in_words(viewer.suspension_reason)
        message += " " + _("The reason: %(reason)s", reason=reason)
    return message


def person_id(viewer: Viewer) -> int:
    """Return the id of a logged-in person, suspended or not. Raises LoginNeeded."""
    if viewer.id is None:
        raise LoginNeeded
    return viewer.id


def row_exists(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition: `table` has such a row, every other table being that of the query around it.

    Left to itself, SQLAlchemy may put a table of the outer query into a deeply nested EXISTS a
    second time, and a rule about this group would become one about any group.
    """
    return exists().where(*conditions).correlate_except(table)


def is_active(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: this is somebody's id, and they are not suspended."""
    return row_exists(_SOMEONE, _SOMEONE.id == viewer_id, _not_suspended(_SOMEONE))


def administers(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: this person is an administrator."""
    return row_exists(
        _SOMEONE,
        _SOMEONE.id == viewer_id,
        _SOMEONE.role == ADMINISTRATOR,
        _not_suspended(_SOMEONE),
    )


def has_any_mute_or_block(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the viewer mutes or blocks somebody, or somebody has blocked them."""
    return row_exists(AccountRelationship, AccountRelationship.viewer_id == viewer_id)


def mutes_or_blocks(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the viewer has chosen not to meet this other, by mute or block."""
    return row_exists(
        AccountRelationship,
        AccountRelationship.viewer_id == viewer_id,
        AccountRelationship.other_id == other_id,
        AccountRelationship.kind != BLOCKED_BY,
    )


def is_blocked_by(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the other has blocked the viewer."""
    return row_exists(
        AccountRelationship,
        AccountRelationship.viewer_id == viewer_id,
        AccountRelationship.other_id == other_id,
        AccountRelationship.kind == BLOCKED_BY,
    )


def _not_suspended(account: type[Account]) -> ColumnElement[bool]:
    return or_(account.suspended_until.is_(None), account.suspended_until <= this_moment())
