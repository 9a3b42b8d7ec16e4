"""What approval goes by: who is new in a group, and how long it usually takes there."""

from statistics import median

from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.core.db import at_most, current_connection, current_session
from forum.threads import policy
from forum.threads.models import APPROVED, DECLINED, IN_THREAD, Post, PostReview, Thread
from forum.threads.reader.models import ReadPosition

RECENT_REVIEWS, MIN_REVIEWS = 20, 3
_ME = bindparam("me", type_=Integer)
_ID = bindparam("id", type_=Integer)

# By way of what the author has read, which is as little as a newcomer's first steps.
_HAS_PUBLISHED = (
    select(Post.id)
    .select_from(ReadPosition)
    .join(Thread, Thread.id == ReadPosition.thread_id)
    .join(Post, Post.thread_id == Thread.id)
    .where(
        ReadPosition.account_id == _ME,
        Thread.group_id == _ID,
        Post.author_id == _ME,
        policy.is_published(),
        Post.id != bindparam("besides", type_=Integer),
    )
    .limit(at_most(1))
)


def has_published(account_id: int, group_id: int, *, besides: int = 0) -> bool:
    """Whether something that somebody wrote is shown in a group, besides this post."""
    return (
        current_connection()
        .execute(_HAS_PUBLISHED, {"me": account_id, "id": group_id, "besides": besides})
        .first()
        is not None
    )


_DECLINED = (
    select(Post.id)
    .join(PostReview, PostReview.post_id == Post.id)
    .join(Thread, IN_THREAD)
    .where(Post.thread_id == _ID, Thread.last_number == 0, PostReview.outcome == DECLINED)
    .limit(at_most(1))
)


def was_declined(thread_id: int) -> bool:
    """Whether somebody has decided not to show a thread's first post."""
    return current_connection().execute(_DECLINED, {"id": thread_id}).first() is not None


def usual_wait_minutes(group_id: int) -> int | None:
    """Return the middle of how long a group's last approvals took; None for fewer than three."""
    rows = (
        current_session()
        .execute(
            select(PostReview.pending_since, PostReview.decided_at)
            .where(PostReview.group_id == group_id, PostReview.outcome == APPROVED)
            .order_by(PostReview.decided_at.desc())
            .limit(RECENT_REVIEWS)
        )
        .all()
    )
    if len(rows) < MIN_REVIEWS:
        return None
    waits = [(row.decided_at - row.pending_since).total_seconds() for row in rows]
    return round(float(median(waits)) / 60)
