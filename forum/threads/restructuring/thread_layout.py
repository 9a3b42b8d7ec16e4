"""What an act makes of posts and threads, so that it can be done, compared, and undone alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forum.threads.models import Post, Thread
from forum.threads.restructuring.merge_order import PostLocation


class ThreadEnd(NamedTuple):
    """The last number that a thread has given, and which thread it has become part of.

    `reviewed` is whether what is written there is looked at first, where an act sets that.
    """

    last_number: int
    merged_into_id: int | None
    reviewed: bool | None = None


@dataclass(frozen=True)
class ThreadLayout:
    """Where some posts stand, and the ends of the threads that they stand in."""

    spots: dict[int, PostLocation]
    ends: dict[int, ThreadEnd]

    def as_json(self) -> dict[str, Any]:
        """Return the shape as the log keeps it."""
        spots = [[post_id, *spot] for post_id, spot in self.spots.items()]
        return {"posts": spots, "threads": [[thread_id, *e] for thread_id, e in self.ends.items()]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ThreadLayout":
        """Return a shape that the log has kept; an empty one where it was taken out of the log."""
        return cls(
            {post_id: PostLocation(*spot) for post_id, *spot in kept.get("posts", ())},
            {thread_id: ThreadEnd(*ends) for thread_id, *ends in kept.get("threads", ())},
        )


def locations_in(session: Session, thread_ids: list[int]) -> dict[int, PostLocation]:
    """Return where all posts stand that have a place in these threads, in their order."""
    rows = session.execute(
        select(Post.id, Post.thread_id, Post.number)
        .where(Post.thread_id.in_(thread_ids), Post.number > 0)
        .order_by(Post.thread_id, Post.number)
    )
    return {post_id: PostLocation(thread_id, number) for post_id, thread_id, number in rows}


def is_unchanged(session: Session, after: ThreadLayout, before: ThreadLayout) -> bool:
    """Whether everything stands as an act left it, so that it can go back to what was before.

    A held post that was approved since has been said since: it stays where it is. What was said
    since in a thread that would be empty again has nowhere to stay.
    """
    threads = session.execute(
        select(Thread.id, Thread.merged_into_id, Thread.group_id).where(Thread.id.in_(after.ends))
    ).all()
    posts = session.execute(
        select(Post.id, Post.thread_id, Post.number).where(
            or_(Post.thread_id.in_(after.ends), Post.id.in_(after.spots))
        )
    )
    now = {post_id: PostLocation(thread_id, number) for post_id, thread_id, number in posts}
    others = {post_id: spot for post_id, spot in now.items() if post_id not in after.spots}
    emptied = {thread_id for thread_id, ends in before.ends.items() if ends.last_number == 0}
    return (
        bool(after.spots)
        and {row.id: row.merged_into_id for row in threads}
        == {thread_id: ends.merged_into_id for thread_id, ends in after.ends.items()}
        and len({row.group_id for row in threads}) == 1
        and all(
            now.get(post_id) == spot or spot.number < 0 < now[post_id].number
            for post_id, spot in after.spots.items()
        )
        and not {*others.values()} & {*before.spots.values()}
        and not {spot.thread_id for spot in others.values()} & emptied
    )


def reverse_layout(session: Session, after: ThreadLayout, before: ThreadLayout) -> ThreadLayout:
    """Return what an undo has to bring about: as before, without what was said since."""
    approved = set(
        session.scalars(
            select(Post.id).where(
                Post.id.in_([post_id for post_id, spot in after.spots.items() if spot.number < 0]),
                Post.number > 0,
            )
        )
    )
    spots = {post_id: spot for post_id, spot in before.spots.items() if post_id not in approved}
    return ThreadLayout(spots, before.ends)
