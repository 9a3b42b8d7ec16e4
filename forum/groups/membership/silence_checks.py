"""Whether somebody may be heard in a group now, or only read there for a time."""

from datetime import datetime

from sqlalchemy import select

from forum.core.db import current_session
from forum.core.errors import Forbidden
from forum.core.text import stock_reasons
from forum.core.translation import _, formats
from forum.groups.models import Membership


def silenced_message(until: datetime, because: str) -> str:
    """Say until when, and why, somebody can read and not write."""
    message = _(
        "A moderator has paused your posting in this group until %(day)s, %(time)s UTC. You can "
        "still read. In your account, you can see why, and appeal.",
        day=formats.day(until),
        time=formats.time_of_day(until),
    )
    if not because:
        return message
    return message + " " + _("The reason: %(reason)s", reason=stock_reasons.in_words(because))


def require_not_silenced(until: datetime | None, because: str | None, at: datetime) -> None:
    """Raise Forbidden for a member who is silenced for longer than `at`."""
    if until is not None and until > at:
        raise Forbidden(silenced_message(until, because or ""), code="silenced")


def require_not_silenced_in(account_id: int, group_id: int, at: datetime) -> None:
    """Raise Forbidden while this member is silenced in the group."""
    found = current_session().execute(
        select(Membership.silenced_until, Membership.silence_reason).where(
            Membership.account_id == account_id, Membership.group_id == group_id
        )
    )
    for until, because in found:
        require_not_silenced(until, because, at)
