"""When what a notification tells of is, on the clock of who reads it.

That is the clock of the zone in their preferences; of the meeting's own where they have none there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, null, select, type_coerce
from sqlalchemy.types import String

from forum.accounts.policy import ViewerId
from forum.core.db import UtcDateTime
from forum.core.translation import _, formats
from forum.notifications import policy
from forum.notifications.preferences.models import ZONE, NotificationSettings
from forum.notifications.registry import NotificationType, sharing

NAMES = ("moment_at", "moment_before", "moment_zone")


@dataclass(frozen=True)
class ShownMoments:
    """When something is, when it was to be before it moved, and the zone of its reader."""

    at: datetime
    before: datetime | None
    zone: str

    def in_words(self) -> str:
        """Return the same as a sentence of an email, on the clock of its reader's zone."""
        if self.before is None:
            return _("When: %(at)s.", at=self.on_clock(self.at))
        return _(
            "It was to be %(before)s. Now it is %(at)s.",
            before=self.on_clock(self.before),
            at=self.on_clock(self.at),
        )

    def on_clock(self, at: datetime) -> str:
        """Return a moment as clocks in the zone show it, and the name of the zone."""
        there = at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return f"{formats.weekday_and_time(there)} ({self.zone})"


def columns_of(
    one: NotificationType, about_id: SQLColumnExpression[Any], reader_id: ViewerId
) -> tuple[ColumnElement[Any], ...]:
    """Return the columns from which `of` makes what one type tells."""
    if one.moments is None:
        return ()
    zone = _zone_of(reader_id, one.moments.zone(about_id))
    found = one.moments.at(about_id), one.moments.before(about_id), zone
    return tuple(column.label(name) for column, name in zip(found, NAMES, strict=True))


def columns(
    type_: SQLColumnExpression[str], about_id: SQLColumnExpression[Any], reader_id: ViewerId
) -> tuple[ColumnElement[Any], ...]:
    """Return the same for lines of any type."""
    rules = {each: names for each, names in sharing(lambda one: one.moments).items() if each}

    def found(part: str, kind: Any) -> ColumnElement[Any]:
        whens = [
            (policy.is_any(type_, names), getattr(each, part)(about_id))
            for each, names in rules.items()
        ]
        return type_coerce(case(*whens, else_=null()), kind)

    zone = _zone_of(reader_id, found("zone", String()))
    moments = found("at", UtcDateTime()), found("before", UtcDateTime()), zone
    return tuple(column.label(name) for column, name in zip(moments, NAMES, strict=True))


def of(row: Any) -> ShownMoments | None:
    """Return what such columns hold; None for what has no time of its own."""
    at = getattr(row, NAMES[0], None)
    return ShownMoments(at, row.moment_before, row.moment_zone or ZONE) if at else None


def _zone_of(reader_id: ViewerId, otherwise: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    chosen = select(func.nullif(NotificationSettings.zone, ZONE)).where(
        NotificationSettings.account_id == reader_id
    )
    return func.coalesce(chosen.correlate_except(NotificationSettings).scalar_subquery(), otherwise)
