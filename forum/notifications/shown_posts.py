"""The posts that a line shows to its reader: those of which it tells, and which they may see."""

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, select

from forum.core.db import at_most, current_session
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.models import Notification
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.reader.unread import COUNT_MAX


def select_shown(told: Any) -> Select[Any]:
    """The posts of which a line tells and which its reader may see; around it, Named."""
    return (
        select(Post)
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .where(policy.shows(told))
        .correlate(told, policy.Named)
    )


def first(told: Any) -> ScalarSelect[int]:
    """Return the id of the first post that a line shows."""
    found = select_shown(told).with_only_columns(Post.id).order_by(Post.number)
    return found.limit(at_most(1)).scalar_subquery()


def last_at(told: Any) -> ScalarSelect[datetime]:
    """Return when the last post that a line shows was written."""
    found = select_shown(told).with_only_columns(Post.created_at).order_by(Post.number.desc())
    return found.limit(at_most(1)).scalar_subquery()


def count(told: Any) -> ScalarSelect[int]:
    """Return how many posts a line shows, of which 100 are counted."""
    some = select_shown(told).with_only_columns(literal(1)).limit(at_most(COUNT_MAX + 1)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def first_of(notification_id: int) -> int | None:
    """Return the first post of which a line tells and which its reader may see."""
    shown = (
        select(first(Notification))
        .select_from(Notification)
        .join(policy.Named, policy.Named.id == Notification.post_id)
    )
    return current_session().scalar(shown.where(Notification.id == notification_id))
