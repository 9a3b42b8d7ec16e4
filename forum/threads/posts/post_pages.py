"""The pages of a thread: twenty posts each, counted from what its reader may see.

Numbers of posts that were split away, or that a reader does not meet, fill no page.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.types import Integer

from forum.accounts.policy import Viewer
from forum.core.db import AnyRow, UtcDateTime, current_connection, current_session
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.limits import POSTS_A_PAGE
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.queries import ThreadView

_OPEN_END = 2**31 - 1


@dataclass(frozen=True)
class Pages:
    """The numbers of the posts with which the pages begin, of which the first is 1."""

    starts: Sequence[int]

    @property
    def count(self) -> int:
        """How many pages there are, at least 1."""
        return len(self.starts)

    def span(self, page: int) -> tuple[int, int]:
        """Return the first and the last number that belong to a page; the last page is open."""
        last = self.starts[page] - 1 if page < self.count else _OPEN_END
        return self.starts[page - 1], last

    def holding(self, number: int) -> int:
        """Return the page of a post with this number."""
        return max(1, bisect_right(self.starts, number))


_ME = bindparam("me", type_=Integer)
_NUMBERED = (
    select(Post.number, func.row_number().over(order_by=Post.number).label("place"))
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .where(
        Post.thread_id == bindparam("id", type_=Integer),
        policy.was_published(),
        policy.visible_within(_ME),
    )
    .subquery()
)
_PAGE_STARTS = (
    select(_NUMBERED.c.number)
    .where(_NUMBERED.c.place % POSTS_A_PAGE == 1, _NUMBERED.c.place > 1)
    .order_by(_NUMBERED.c.number)
)


def pages_of(viewer: Viewer, thread: ThreadView) -> Pages:
    """Return the pages of a thread that the viewer may see."""
    if thread.is_whole:
        return Pages(range(1, max(thread.last_number, 1) + 1, POSTS_A_PAGE))
    asked = {"me": viewer.id or 0, "id": thread.id}
    return Pages((1, *current_session().scalars(_PAGE_STARTS, asked)))


_FIRST_SINCE = (
    select(Post.number, Post.id)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .where(
        Post.thread_id == bindparam("id", type_=Integer),
        Post.created_at >= bindparam("since", type_=UtcDateTime),
        policy.was_published(),
        policy.visible_within(_ME),
    )
    .order_by(Post.number)
    .limit(1)
)


def first_post_since(viewer: Viewer, thread_id: int, since: datetime) -> AnyRow | None:
    """Return number and id of the first post from a moment on that the viewer may see."""
    asked = {"me": viewer.id or 0, "id": thread_id, "since": since}
    return current_connection().execute(_FIRST_SINCE, asked).first()


def post_url(viewer: Viewer, thread: ThreadView, number: int | None, post_id: int) -> str:
    """Return the address of a post in its thread, which goes on to lead there wherever it goes.

    A post without a number, which is pending, is on every page.
    """
    page = 1 if number is None else pages_of(viewer, thread).holding(number)
    return (
        f"/threads/{thread.id}?{f'page={page}&' if page > 1 else ''}post={post_id}#post-{post_id}"
    )
