"""Lists of threads for those who mute, block or are blocked: by the posts that they meet.

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

from forum.accounts.models import Separation
from forum.core.background.yielding import give_way
from forum.core.db import UtcDateTime, at_most
from forum.core.db.compiled_sql import Prepared
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.models import Post, Thread

STEP = 100
_ME = bindparam("me", type_=Integer)
_GROUP = bindparam("group_id", type_=Integer)
_OTHERS = select(Separation.other_id).where(Separation.viewer_id == _ME)
# From the end of the thread, where the last that is met is found soon; and of all shown posts,
# only those of the others are gone through.
MET_LAST = func.coalesce(
    select(Post.created_at)
    .where(Post.thread_id == Thread.id, Post.number > 0, policy.visible_within(_ME))
    .order_by(Post.number.desc()).limit(at_most(1)).correlate(Thread, Group).scalar_subquery(),
    Thread.created_at,
)  # fmt: skip
MET_COUNT = Thread.post_count - (
    select(func.count()).select_from(Post)
    .where(
        Post.thread_id == Thread.id, Post.author_id.in_(_OTHERS), Post.number > 0,
        Post.deleted_at.is_(None), Post.hidden_at.is_(None), Post.held_at.is_(None),
        not_(policy.meets(_ME, Post.author_id)),
    )
    .correlate(Thread, Group).scalar_subquery()
)  # fmt: skip
_SECOND_MET = (
    select(Post.id)
    .where(
        Post.thread_id == Thread.id, Post.number > 0, Post.deleted_at.is_(None),
        policy.visible_within(_ME),
    )
    .order_by(Post.number).limit(at_most(1)).offset(at_most(1))
    .correlate(Thread, Group).scalar_subquery()
)  # fmt: skip
ANSWERED_BY_OTHERS_ALONE = and_(Thread.post_count > 1, _SECOND_MET.is_(None))

_WALK = Prepared(
    select(Thread.id, Thread.pinned, Thread.last_post_at, MET_LAST.label("met_last"))
    .join(Group, Group.id == Thread.group_id)
    .where(
        Thread.group_id == _GROUP,
        tuple_(Thread.pinned, Thread.last_post_at, Thread.id) < tuple_(
            bindparam("pinned", type_=Boolean), bindparam("at", type_=UtcDateTime),
            bindparam("id", type_=Integer),
        ),
        policy.thread_visible_to(_ME),
    )
    .order_by(Thread.pinned.desc(), Thread.last_post_at.desc(), Thread.id.desc())
    .limit(at_most(STEP))
)  # fmt: skip
_FROM_THE_TOP = {"pinned": True, "at": datetime(9999, 1, 1, tzinfo=UTC), "id": 2**31 - 1}
_STARTED = aliased(Thread)
_UNSEEN = Prepared(
    select(func.count().label("threads")).select_from(Thread)
    .join(Group, Group.id == Thread.group_id)
    .where(
        Thread.group_id + 0 == _GROUP,  # not by the index, in which all of the group's stand
        Thread.id.in_(
            select(_STARTED.id).join(Separation, Separation.other_id == _STARTED.author_id)
            .where(Separation.viewer_id == _ME)
        ),
        Thread.last_number > 0, not_(policy.worth_opening(_ME)),
    )
)  # fmt: skip


def in_order(viewer_id: int, group_id: int) -> Iterator[int]:
    """Yield a group's threads, pinned ones first, then by the last post that the viewer meets.

    They come in the order of an index, by the last post of all, which is as late or later: a thread
    has its place as soon as those that follow cannot come before it. So what is asked grows with
    how far somebody pages, not with the group.
    """
    waiting: list[tuple[bool, float, int]] = []
    reached: dict[str, Any] = _FROM_THE_TOP
    while True:
        rows = _WALK.all(me=viewer_id, group_id=group_id, **reached)
        for row in rows:
            heappush(waiting, _place(row.pinned, row.met_last, row.id))
        is_end = len(rows) < STEP
        if not is_end:
            reached = {"pinned": rows[-1].pinned, "at": rows[-1].last_post_at, "id": rows[-1].id}
        while waiting and (is_end or waiting[0] <= _place(**reached)):
            yield -heappop(waiting)[-1]
        if is_end:
            return
        give_way()


def count_unseen(viewer_id: int, group_id: int) -> int:
    """Return how many of a group's threads hold nothing but words of people not met."""
    return int(_UNSEEN.all(me=viewer_id, group_id=group_id)[0].threads)


def _place(pinned: bool, at: datetime, id: int) -> tuple[bool, float, int]:  # noqa: A002
    return not pinned, -at.timestamp(), -id
