"""One line for all that is new in a thread, however many replies come before it is read.

To be told of each reply would be a list of thirty lines about one conversation for whoever comes
back after a weekend, and as many rows to write for each reply as people watch.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    bindparam,
    func,
    literal,
    not_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.core.background.yielding import in_batches
from forum.core.db import UtcDateTime, at_most, transaction
from forum.core.db.compiled_sql import Prepared
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.models import MENTION, REPLY, Notification
from forum.threads import policy as threads
from forum.threads.events import PostCreated, ThreadsRestructured
from forum.threads.models import Post, ReadPosition, Thread
from forum.threads.reader import unread

_AS_GIVEN = {"synchronize_session": False}
_THREAD = bindparam("thread", type_=Integer)
_POST = bindparam("post", type_=Integer)
# Of those who are left of these it is asked what they may see, which takes longer.
_UNTOLD = (
    select(ReadPosition.account_id)
    .where(ReadPosition.thread_id == _THREAD, ReadPosition.following)
    .except_(
        select(Notification.account_id).where(
            Notification.thread_id == _THREAD, Notification.read_at.is_(None)
        ),
        select(Notification.account_id).where(
            Notification.post_id == _POST, Notification.kind == MENTION
        ),
    )
    .subquery("untold")
)
_LEFT = _UNTOLD.c.account_id
_NEWS = (
    select(_LEFT, literal(REPLY), Post.id, Post.thread_id, bindparam("at", type_=UtcDateTime))
    .select_from(Post)
    .join(Thread, Thread.id == Post.thread_id)
    .join(Group, Group.id == Thread.group_id)
    .join(_UNTOLD, true())
    .where(Post.id == _POST, policy.concerns(_LEFT, Post.author_id))
)
_TELL = Prepared(
    insert(Notification)
    .from_select(["account_id", "kind", "post_id", "thread_id", "created_at"], _NEWS)
    .on_conflict_do_nothing()
)


def tell(event: PostCreated) -> None:
    """Tell those who watch a thread, and were not told that the post names them, of it.

    Whoever has an unread line about the thread has been told.
    """
    _TELL.run(thread=event.thread_id, post=event.post_id, at=event.at)


# Conditions: unread, and about a post that its `reader` has seen now, from `first` to `last`.
SEEN = (
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
    .where(*SEEN, Notification.thread_id == _THREAD, _NEXT_POST.is_not(None))
    .values(post_id=_NEXT_POST)
    .execution_options(**_AS_GIVEN)
)


def lead_on(connection: Connection, seen: Sequence[dict[str, Any]]) -> None:
    """Let lines of those who have read only a part tell of the rest of it.

    `seen` is by `reader`, `thread`, `first`, `last`. Replies may have come between what somebody
    saw and this: those would never be told.
    """
    connection.execute(_LEAD_ON, seen)


_LEFT_BEHIND = select(Notification.account_id, Notification.thread_id, Notification.post_id).where(
    Notification.post_id.in_(bindparam("moved", expanding=True)),
    Notification.thread_id.is_not(None),
    Notification.read_at.is_(None),
)


def _next_said(place: Any, *but: ColumnElement[bool]) -> ScalarSelect[int]:
    """The post that comes after one in its thread."""
    return (
        select(Post.id)
        .where(
            Post.thread_id == place.thread_id,
            Post.id > place.post_id,
            threads.was_published(),
            not_(threads.is_deleted()),
            Post.author_id.is_not(None),
            *but,
        )
        .order_by(Post.number)
        .limit(at_most(1))
        .scalar_subquery()
    )


# Many have a line about the same post: what comes after it is looked for once, and once more for
# whoever has said that.
_places = _LEFT_BEHIND.with_only_columns(Notification.thread_id, Notification.post_id)
_place = _places.distinct().subquery("place").c
_firsts = select(_place.thread_id, _place.post_id, _next_said(_place).label("next")).subquery()
_first = _firsts.c
_said = aliased(Post)
_by = select(_said.author_id).where(_said.id == _first.next).correlate(_firsts).scalar_subquery()
_GOES_ON = select(
    _first.thread_id,
    _first.post_id,
    _first.next,
    _next_said(_first, Post.author_id != _by).label("by_another"),
)
_SAID = select(Post.id, Post.author_id, Post.created_at).where(
    Post.id.in_(bindparam("posts", expanding=True))
)


def told_apart(event: ThreadsRestructured) -> None:
    """Let lines that name a post which is in another thread now tell of that post alone.

    Of what was said after it and stays where it was, another line tells. Others go on in between.
    """
    with transaction() as session:
        connection = session.connection()
        for some in in_batches(event.post_ids):
            again = _that_go_on(connection, some)
            connection.execute(
                update(Notification)
                .where(Notification.post_id.in_(some), Notification.thread_id.is_not(None))
                .values(thread_id=None)
            )
            for rows in in_batches(again):
                connection.execute(insert(Notification).on_conflict_do_nothing(), rows)


def _that_go_on(connection: Connection, moved: Sequence[int]) -> list[dict[str, Any]]:
    lines = connection.execute(_LEFT_BEHIND, {"moved": moved}).all()
    if not lines:
        return []
    places = connection.execute(_GOES_ON, {"moved": moved}).all()
    ids = {post_id for place in places for post_id in (place.next, place.by_another) if post_id}
    said = {post.id: post for post in connection.execute(_SAID, {"posts": list(ids)})}
    after = {
        (place.thread_id, place.post_id): [said[one] for one in place[2:] if one]
        for place in places
    }
    rows: dict[tuple[int, int | None], dict[str, Any]] = {}
    for account_id, thread_id, named in lines:
        for post in after[thread_id, named]:
            if post.author_id != account_id:
                rows[account_id, thread_id] = {
                    "account_id": account_id,
                    "kind": REPLY,
                    "thread_id": thread_id,
                    "post_id": post.id,
                    "created_at": post.created_at,
                }
                break
    return list(rows.values())
