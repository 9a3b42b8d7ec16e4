"""How much is unread, as the badge on every page says: up to 100 lines, and of them, messages."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, literal, select

from forum.accounts.policy import row_exists
from forum.core.db import at_most
from forum.core.db.compiled_sql import CompiledStatement
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.models import Notification
from forum.notifications.preferences import policy as preferences
from forum.notifications.registry import all_types
from forum.threads.models import Post, Thread

UNREAD_MAX = 100
_ME = bindparam("me", type_=Integer)


def _unread_of_posts() -> Select[Any]:
    # A subquery, not an EXISTS: PostgreSQL would join that with all posts of all threads.
    any_post = (
        select(literal(1))
        .where(
            policy.Named.id == Notification.post_id,
            policy.shows(Notification),
            Thread.id == Post.thread_id,
            Group.id == Thread.group_id,
        )
        .limit(at_most(1))
        .correlate(Notification)
        .scalar_subquery()
    )
    found = select(Notification.type, Notification.post_id)
    return _count_of(found.where(*_counted(), any_post.is_not(None)).distinct())


def _unread_of_others() -> Select[Any]:
    seen = policy.about_visible(Notification.type, Notification.account_id, Notification.about_id)
    of_messages = [one.name for one in all_types() if one.of_messages]
    is_one = case((policy.is_any(Notification.type, of_messages), 1), else_=0)
    found = select(is_one.label("of_messages")).select_from(Notification)
    counted = found.where(*_counted(), Notification.about_id.is_not(None), seen)
    some = counted.limit(at_most(UNREAD_MAX + 1)).subquery()
    messages = func.coalesce(func.sum(some.c.of_messages), 0)
    return select(func.count().label("unread"), messages.label("messages")).select_from(some)


def _counted() -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.account_id == _ME,
        Notification.read_at.is_(None),
        preferences.is_counted(Notification),
    )


def _count_of(found: Select[*tuple[Any, ...]]) -> Select[Any]:
    some = found.limit(at_most(UNREAD_MAX + 1)).subquery()
    return select(func.count().label("unread")).select_from(some)


# Each half is asked only where it has lines. Together they save 20 % of a page with something
# unread, and PostgreSQL needs longer to begin the half of other things than to answer both.
_UNREAD_OF_POSTS = CompiledStatement(_unread_of_posts)
_UNREAD_OF_OTHERS = CompiledStatement(_unread_of_others)
_HALVES = CompiledStatement(  # saves 9 % of the page of a group
    select(
        *(
            row_exists(
                Notification,
                Notification.account_id == _ME,
                Notification.read_at.is_(None),
                column.is_not(None),
            ).label(name)
            for name, column in (
                ("of_posts", Notification.post_id),
                ("of_others", Notification.about_id),
            )
        )
    )
)


class Unread(NamedTuple):
    """How many lines are unread, and how many of them tell of private messages."""

    lines: int
    messages: int


def unread_counts(account_id: int) -> Unread:
    """Return how much is unread; 101 is "more than 100"."""
    halves, lines, messages = _HALVES.first(me=account_id), 0, 0
    if halves is not None and halves.of_posts:
        lines += _UNREAD_OF_POSTS.all(me=account_id)[0].unread
    if halves is not None and halves.of_others:
        others = _UNREAD_OF_OTHERS.all(me=account_id)[0]
        lines, messages = lines + others.unread, others.messages
    return Unread(min(lines, UNREAD_MAX + 1), min(messages, UNREAD_MAX + 1))
