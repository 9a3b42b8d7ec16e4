"""Lines about replies, when posts have come to another thread."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, not_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from forum.core.cooperative_yielding import in_batches
from forum.core.db import at_most, transaction
from forum.notifications.models import REPLY, Notification
from forum.threads import policy as threads
from forum.threads.events import ThreadsRestructured
from forum.threads.models import Post

_LEFT_BEHIND = select(Notification.account_id, Notification.thread_id, Notification.post_id).where(
    Notification.post_id.in_(bindparam("moved", expanding=True)),
    Notification.thread_id.is_not(None),
    Notification.read_at.is_(None),
)


def _next_post(place: Any, *but: ColumnElement[bool]) -> ScalarSelect[int]:
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
# its author.
_places = _LEFT_BEHIND.with_only_columns(Notification.thread_id, Notification.post_id)
_place = _places.distinct().subquery("place").c
_firsts = select(_place.thread_id, _place.post_id, _next_post(_place).label("next")).subquery()
_first = _firsts.c
_said = aliased(Post)
_by = select(_said.author_id).where(_said.id == _first.next).correlate(_firsts).scalar_subquery()
_WHAT_FOLLOWS = select(
    _first.thread_id,
    _first.post_id,
    _first.next,
    _next_post(_first, Post.author_id != _by).label("by_another"),
)
_FOLLOWING_POSTS = select(Post.id, Post.author_id, Post.created_at).where(
    Post.id.in_(bindparam("posts", expanding=True))
)


def split_lines(event: ThreadsRestructured) -> None:
    """Let lines that name a post which is in another thread now tell of that post alone.

    Of what was said after it and stays where it was, another line tells. Others go on in between.
    """
    with transaction() as session:
        connection = session.connection()
        for some in in_batches(event.post_ids):
            again = _lines_that_go_on(connection, some)
            connection.execute(
                update(Notification)
                .where(Notification.post_id.in_(some), Notification.thread_id.is_not(None))
                .values(thread_id=None)
            )
            for rows in in_batches(again):
                connection.execute(insert(Notification).on_conflict_do_nothing(), rows)


def _lines_that_go_on(connection: Connection, moved: Sequence[int]) -> list[dict[str, Any]]:
    lines = connection.execute(_LEFT_BEHIND, {"moved": moved}).all()
    if not lines:
        return []
    places = connection.execute(_WHAT_FOLLOWS, {"moved": moved}).all()
    ids = {post_id for place in places for post_id in (place.next, place.by_another) if post_id}
    said = {post.id: post for post in connection.execute(_FOLLOWING_POSTS, {"posts": list(ids)})}
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
                    "type": REPLY,
                    "thread_id": thread_id,
                    "post_id": post.id,
                    "created_at": post.created_at,
                }
                break
    return list(rows.values())
