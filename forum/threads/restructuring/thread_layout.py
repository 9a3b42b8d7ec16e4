"""Where posts are in threads, as a value that a move can apply, compare and undo."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forum.threads import policy
from forum.threads.models import Post, Thread
from forum.threads.restructuring.merge_order import NumberedLocation, PostLocation


class ThreadEnd(NamedTuple):
    """The last number that a thread has given, and which thread it has become part of.

    `pre_moderated` is whether replies there need approval, where a merge sets that.
    """

    last_number: int
    merged_into_id: int | None
    pre_moderated: bool | None = None


@dataclass(frozen=True)
class ThreadLayout:
    """Where some posts are, and the ends of their threads."""

    locations: dict[int, PostLocation]
    ends: dict[int, ThreadEnd]

    def as_json(self) -> dict[str, Any]:
        """Return the layout as the log keeps it."""
        locations = [[post_id, *location] for post_id, location in self.locations.items()]
        return {
            "posts": locations,
            "threads": [[thread_id, *e] for thread_id, e in self.ends.items()],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "ThreadLayout":
        """Return a layout that the log has kept; an empty one where it was taken out of the log."""
        return cls(
            {
                # Of pending posts, earlier versions of the forum kept a number below 0.
                post_id: PostLocation(thread_id, number if number and number > 0 else None)
                for post_id, thread_id, number in kept.get("posts", ())
            },
            {thread_id: ThreadEnd(*ends) for thread_id, *ends in kept.get("threads", ())},
        )


def locations_in(session: Session, thread_ids: list[int]) -> dict[int, NumberedLocation]:
    """Return the places of all posts with a number in these threads, in their order."""
    rows = session.execute(
        select(Post.id, Post.thread_id, Post.number)
        .where(Post.thread_id.in_(thread_ids), policy.was_published())
        .order_by(Post.thread_id, Post.number)
    )
    return {row.id: (row.thread_id, row.number or 0) for row in rows}


def is_unchanged(session: Session, after: ThreadLayout, before: ThreadLayout) -> bool:
    """Whether everything is as it was left, and can go back to what was before.

    A pending post that was approved since counts as written since: it stays where it is. What was
    written since in a thread that would be empty again has nowhere to stay.
    """
    threads = session.execute(
        select(Thread.id, Thread.merged_into_id, Thread.group_id).where(Thread.id.in_(after.ends))
    ).all()
    posts = session.execute(
        select(Post.id, Post.thread_id, Post.number).where(
            or_(Post.thread_id.in_(after.ends), Post.id.in_(after.locations))
        )
    )
    now = {post_id: PostLocation(thread_id, number) for post_id, thread_id, number in posts}
    others = [location for post_id, location in now.items() if post_id not in after.locations]
    taken = {location for location in others if location.number is not None}
    emptied = {thread_id for thread_id, ends in before.ends.items() if ends.last_number == 0}
    return (
        bool(after.locations)
        and {row.id: row.merged_into_id for row in threads}
        == {thread_id: ends.merged_into_id for thread_id, ends in after.ends.items()}
        and len({row.group_id for row in threads}) == 1
        and all(
            now.get(post_id) == location
            or (location.number is None and now[post_id].number is not None)
            for post_id, location in after.locations.items()
        )
        and not taken & {*before.locations.values()}
        and not {location.thread_id for location in others} & emptied
    )


def reverse_layout(session: Session, after: ThreadLayout, before: ThreadLayout) -> ThreadLayout:
    """Return what an undo has to bring about: as before, without what was said since."""
    approved = set(
        session.scalars(
            select(Post.id).where(
                Post.id.in_(
                    [one for one, location in after.locations.items() if location.number is None]
                ),
                policy.was_published(),
            )
        )
    )
    locations = {
        post_id: location
        for post_id, location in before.locations.items()
        if post_id not in approved
    }
    return ThreadLayout(locations, before.ends)
