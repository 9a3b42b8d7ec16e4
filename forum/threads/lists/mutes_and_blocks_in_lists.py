"""Lists of threads for members who mute, block or are blocked: by the posts that they see.

What the others have said counts nowhere, nor does it bring a thread up. Conditions are on Thread
and Group, of the person "me".
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import Any

from sqlalchemy import and_, bindparam, func, not_, select, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.types import Boolean, Integer

from forum.accounts.models import AccountRelationship
from forum.core.cooperative_yielding import give_way
from forum.core.db import UtcDateTime, at_most, current_connection
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.models import IN_GROUP, Post, Thread

WALK_BATCH = 100
_ME = bindparam("me", type_=Integer)
_GROUP = bindparam("group_id", type_=Integer)
_MUTED_OR_BLOCKED = select(AccountRelationship.other_id).where(AccountRelationship.viewer_id == _ME)
# From the end of the thread, where the last that is met is found soon; and of all shown posts,
# only those of the others are gone through.
LAST_VISIBLE_POST_AT = func.coalesce(
    select(Post.created_at)
    .where(Post.thread_id == Thread.id, policy.was_published(), policy.visible_within(_ME))
    .order_by(Post.number.desc())
    .limit(at_most(1))
    .correlate(Thread, Group)
    .scalar_subquery(),
    Thread.created_at,
)
VISIBLE_POST_COUNT = Thread.post_count - (
    select(func.count())
    .select_from(Post)
    .where(
        Post.thread_id == Thread.id,
        Post.author_id.in_(_MUTED_OR_BLOCKED),
        policy.is_published(),
        not_(policy.meets(_ME, Post.author_id)),
    )
    .correlate(Thread, Group)
    .scalar_subquery()
)
_SECOND_VISIBLE = (
    select(Post.id)
    .where(
        Post.thread_id == Thread.id,
        policy.was_published(),
        not_(policy.is_deleted()),
        policy.visible_within(_ME),
    )
    .order_by(Post.number)
    .limit(at_most(1))
    .offset(at_most(1))
    .correlate(Thread, Group)
    .scalar_subquery()
)
HAS_NO_VISIBLE_REPLY = and_(Thread.post_count > 1, _SECOND_VISIBLE.is_(None))

_THREADS_BEFORE = (
    select(Thread.id, Thread.pinned, Thread.last_post_at, LAST_VISIBLE_POST_AT.label("met_last"))
    .join(Group, IN_GROUP)
    .where(
        Thread.group_id == _GROUP,
        tuple_(Thread.pinned, Thread.last_post_at, Thread.id)
        < tuple_(
            bindparam("pinned", type_=Boolean),
            bindparam("at", type_=UtcDateTime),
            bindparam("id", type_=Integer),
        ),
        policy.thread_visible_to(_ME),
    )
    .order_by(Thread.pinned.desc(), Thread.last_post_at.desc(), Thread.id.desc())
    .limit(at_most(WALK_BATCH))
)
_FIRST_CURSOR = {"pinned": True, "at": datetime(9999, 1, 1, tzinfo=UTC), "id": 2**31 - 1}
_STARTED_BY_THEM = aliased(Thread)
_HIDDEN_THREADS = (
    select(func.count().label("threads"))
    .select_from(Thread)
    .join(Group, IN_GROUP)
    .where(
        Thread.group_id + 0 == _GROUP,  # not by the index, which holds all of the group's
        Thread.id.in_(
            select(_STARTED_BY_THEM.id)
            .join(AccountRelationship, AccountRelationship.other_id == _STARTED_BY_THEM.author_id)
            .where(AccountRelationship.viewer_id == _ME)
        ),
        Thread.last_number > 0,
        not_(policy.has_visible_posts(_ME)),
    )
)


def thread_ids_in_order(viewer_id: int, group_id: int) -> Iterator[int]:
    """Yield a group's threads, pinned ones first, then by the last post that the viewer meets.

    They come in the order of an index, by the last post of all, which is as late or later: a thread
    has its place as soon as those that follow cannot come before it. So what is asked grows with
    how far somebody pages, not with the group.
    """
    waiting: list[tuple[bool, float, int]] = []
    reached: dict[str, Any] = _FIRST_CURSOR
    while True:
        rows = (
            current_connection()
            .execute(_THREADS_BEFORE, {"me": viewer_id, "group_id": group_id, **reached})
            .all()
        )
        for row in rows:
            heappush(waiting, _sort_key(row.pinned, row.met_last, row.id))
        is_end = len(rows) < WALK_BATCH
        if not is_end:
            reached = {"pinned": rows[-1].pinned, "at": rows[-1].last_post_at, "id": rows[-1].id}
        while waiting and (is_end or waiting[0] <= _sort_key(**reached)):
            yield -heappop(waiting)[-1]
        if is_end:
            return
        give_way()


def count_hidden_threads(viewer_id: int, group_id: int) -> int:
    """Return how many of a group's threads hold nothing but words of people not met."""
    return int(
        current_connection()
        .execute(_HIDDEN_THREADS, {"me": viewer_id, "group_id": group_id})
        .all()[0]
        .threads
    )


def _sort_key(pinned: bool, at: datetime, id: int) -> tuple[bool, float, int]:  # noqa: A002
    return not pinned, -at.timestamp(), -id
