"""Notifications are read when their posts are: by reading on, by groups taken for read."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, not_, select, update
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.core import clock
from forum.core.db import UtcDateTime, transaction
from forum.notifications.events import PreferencesSaved
from forum.notifications.models import Notification
from forum.threads import policy as threads
from forum.threads.events import GroupRead, ThreadsRead, ThreadUnfollowed
from forum.threads.models import Post, Thread
from forum.threads.reader import reader_state, unread

_AS_GIVEN = {"synchronize_session": False}
_TABLE = cast("Table", Notification.__table__)
_THREAD = bindparam("thread", type_=Integer)
# Conditions: unread, and about a post that its `reader` has seen now, from `first` to `last`.
_SEEN = (
    Notification.account_id == bindparam("reader", type_=Integer),
    Notification.read_at.is_(None),
    Notification.post_id.in_(
        select(Post.id).where(
            Post.thread_id == _THREAD,
            Post.number.between(
                bindparam("first", type_=Integer), bindparam("last", type_=Integer)
            ),
        )
    ),
)
_READER = bindparam("reader", type_=Integer)
_NEXT = (
    select(func.min(Post.number))
    .where(
        Post.thread_id == _THREAD,
        Post.number > bindparam("last", type_=Integer),
        not_(unread.has_read(_READER)),
        Post.author_id != _READER,
        not_(threads.is_deleted()),  # one that is hidden may come back, and is new to them then
        not_(accounts.mutes_or_blocks(_READER, Post.author_id)),
        not_(accounts.is_blocked_by(_READER, Post.author_id)),
    )
    .scalar_subquery()
)
_NEXT_POST = (
    select(Post.id).where(Post.thread_id == _THREAD, Post.number == _NEXT).scalar_subquery()
)
_LEAD_ON = (
    update(Notification)
    .where(*_SEEN, Notification.thread_id == _THREAD, _NEXT_POST.is_not(None))
    .values(post_id=_NEXT_POST)
    .execution_options(**_AS_GIVEN)
)


def lead_on(connection: Connection, seen: Sequence[dict[str, Any]]) -> None:
    """Let lines of readers who have read only a part cover the rest of it.

    `seen` is by `reader`, `thread`, `first`, `last`. Replies may have come between what somebody
    saw and this: these would never be notified.
    """
    connection.execute(_LEAD_ON, seen)


_READ = update(_TABLE).where(*_SEEN).values(read_at=bindparam("at", type_=UtcDateTime))
_WITH_UNREAD = (
    select(_TABLE.c.account_id)
    .where(
        _TABLE.c.account_id.in_(bindparam("readers", type_=Integer, expanding=True)),
        _TABLE.c.read_at.is_(None),
    )
    .distinct()
)


def read_posts(event: ThreadsRead) -> None:
    """Mark as read what was told of posts that people have now seen in their threads."""
    with transaction() as session:
        connection = session.connection()
        readers = sorted({one.account_id for one in event.readings})
        waiting = set(connection.scalars(_WITH_UNREAD, {"readers": readers}))
        seen = [
            {
                "reader": one.account_id,
                "thread": one.thread_id,
                "first": first,
                "last": last,
                "at": event.at,
            }
            for one in event.readings
            if one.account_id in waiting
            for first, last in one.ranges
        ]
        if seen:
            lead_on(connection, seen)
            connection.execute(_READ, seen)


def read_group(event: GroupRead) -> None:
    """End the lines about threads of a group that somebody takes for read.

    Lines about single posts, as where one is mentioned, wait until that post is read.
    """
    read = select(Thread.id).where(
        Thread.group_id == event.group_id, Thread.last_post_at <= event.until
    )
    mark_read(event.account_id, Notification.thread_id.in_(read))


def stop_watching(event: ThreadUnfollowed) -> None:
    """End the line of a member who unfollows a thread: it would go on growing."""
    mark_read(event.account_id, Notification.thread_id == event.thread_id)


def end_unlisted(event: PreferencesSaved) -> None:
    """Let what somebody chose not to see until now be read: the list begins with what comes next.

    They would find lines of weeks that they did without.
    """
    if event.shown_again:
        mark_read(event.account_id, Notification.type.in_(event.shown_again))


def mark_read(account_id: int, *which: ColumnElement[bool]) -> None:
    """Mark the account's lines as read of which all this is true."""
    unread_lines = (Notification.account_id == account_id, Notification.read_at.is_(None), *which)
    with transaction() as session:
        # A reply that is being written relies on a line which is unread, or waits for a new one.
        about = session.scalars(
            select(Notification.thread_id).where(*unread_lines, Notification.thread_id.is_not(None))
        )
        reader_state.lock_threads(session.connection(), about)
        session.execute(
            update(Notification)
            .where(*unread_lines)
            .values(read_at=clock.now())
            .execution_options(**_AS_GIVEN)
        )
