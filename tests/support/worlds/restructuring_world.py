"""Two groups, their people, and which posts are in which thread, for the tests of moving."""

from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import db
from forum.groups.models import Group
from forum.moderation.actions import service
from forum.moderation.actions.threads import split
from forum.moderation.appeals import undo as appeals_undo
from forum.threads import queries as threads
from forum.threads.models import Post, Thread
from forum.threads.posts.post_states import PostState
from forum.threads.reader import reader_state
from forum.threads.reader.models import ReadPosition
from tests.support import factories as make
from tests.support.worlds import copied_worlds


@dataclass
class RestructuringWorld:
    """One group with everybody, and another with the moderators of both and one member."""

    here: int
    there: int
    people: dict[str, Any] = field(default_factory=dict)  # a member has an id, a Viewer may not

    def act(self, who: str, name: str, thread_id: int, value: str = "", reason: str = "") -> int:
        """Do something alone, and return its row in the log."""
        done = service.take_action(self.people[who], name, thread_id, value=value, reason=reason)
        db.release_session()
        assert done.log_entry_id, "a second person is needed"
        return done.log_entry_id

    def split(self, who: str, thread_id: int, posts: list[int], title: str = "Beside it") -> int:
        """Split posts off, and return the act's row in the log."""
        return self.act(who, "split", thread_id, split.as_value(title, [str(one) for one in posts]))

    def undo(self, who: str, log_entry_id: int) -> None:
        """Undo an act."""
        appeals_undo.undo(self.people[who], log_entry_id)
        db.release_session()


def restructuring_world(
    here: dict[str, Any] | None = None, there: dict[str, Any] | None = None
) -> RestructuringWorld:
    """Return two groups as closed as told, with their people."""
    kind = crc32(repr((here, there)).encode())
    return copied_worlds.world(f"movingroom-{kind}", lambda: _furnished(here, there))


def _furnished(here: dict[str, Any] | None, there: dict[str, Any] | None) -> RestructuringWorld:
    made = RestructuringWorld(make.group(**(here or {})), make.group(**(there or {})))
    for name, role, both in (
        ("author", "member", False),
        ("member", "member", False),
        ("both", "member", True),
        ("facilitator", "facilitator", True),
        ("moderator", "moderator", False),
        ("keeper", "moderator", True),
        ("second", "moderator", True),
    ):
        made.people[name] = make.join(make.person(), made.here, role)
        if both:
            make.join(made.people[name], made.there, role)
    made.people["neighbour"] = make.join(make.person(), made.there)
    made.people["administrator"] = make.administrator()
    return made


def thread_with_posts(
    room: RestructuringWorld, *bodies: str, by: tuple[str, ...] = ("author", "member")
) -> list[int]:
    """Return the posts of a new conversation in which people take turns; the thread's id first."""
    first = make.thread(room.people[by[0]], room.here, body=bodies[0])
    posts = [first.id]
    for turn, body in enumerate(bodies[1:], start=1):
        speaker = room.people[by[turn % len(by)]]
        posts.append(make.post(speaker, first.thread_id, body=body).id)
    db.release_session()
    return [first.thread_id, *posts]


def slug_of(group_id: int) -> str:
    """Return a group's address."""
    return str(db.current_session().scalar(select(Group.slug).where(Group.id == group_id)))


def said_in(thread_id: int, viewer: Viewer) -> list[str]:
    """Return what somebody reads in a thread, in order."""
    db.release_session()
    thread = threads.thread_for(viewer, thread_id)
    rows = threads.posts_between(viewer, thread.id, 1, 10_000)
    return [threads.post_for(viewer, row.id).body for row in rows]


def state_of_threads(room: RestructuringWorld) -> dict[str, Any]:
    """Return everything that an undo has to bring back, in both groups."""
    db.release_session()
    read, here = db.current_session(), Thread.group_id.in_([room.here, room.there])
    posts = (
        select(
            Post.id,
            Post.thread_id,
            Post.number,
            Post.author_id,
            Post.created_at,
            Post.body,
            Post.reactions,
            Post.state,
            Post.state_since,
        )
        .join(Thread, Thread.id == Post.thread_id)
        .where(here)
        .order_by(Post.id)
    )
    threads_ = (
        select(
            Thread.id,
            Thread.group_id,
            Thread.title,
            Thread.title_hidden,
            Thread.last_number,
            Thread.post_count,
            Thread.pending_count,
            Thread.last_post_at,
        )
        .where(here, Thread.last_number > 0)
        .order_by(Thread.id)
    )
    counts = select(Group.id, Group.thread_count).where(Group.id.in_([room.here, room.there]))
    found = {"posts": posts, "threads": threads_, "groups": counts.order_by(Group.id)}
    return {name: [tuple(row) for row in read.execute(rows)] for name, rows in found.items()}


def check_counts(room: RestructuringWorld) -> None:
    """Check that every count is what it counts, and that numbers and versions fit."""
    db.release_session()
    read, groups = db.current_session(), [room.here, room.there]
    begun = dict.fromkeys(groups, 0)
    for thread in read.scalars(select(Thread).where(Thread.group_id.in_(groups))).all():
        posts = read.scalars(select(Post).where(Post.thread_id == thread.id)).all()
        published = [p for p in posts if p.state == PostState.PUBLISHED]
        assert thread.post_count == len(published), thread.id
        assert thread.pending_count == len([p for p in posts if p.state.is_pending])
        assert all((p.number is None) != p.state.was_published for p in posts)
        assert all((p.number or 0) <= thread.last_number for p in posts)
        assert all(p.version <= thread.version for p in posts)
        assert (1 in [p.number for p in posts]) == (thread.last_number > 0)
        assert thread.merged_into_id is None or not (posts or thread.last_number)
        begun[thread.group_id] += thread.last_number > 0
    counted = select(Group.id, Group.thread_count).where(Group.id.in_(groups))
    assert dict(read.execute(counted).all()) == begun


def position_of(viewer: Viewer, thread_id: int) -> tuple[int, bool] | None:
    """Return how far somebody has read in a thread, and whether they watch it."""
    reader_state.write_positions()
    db.release_session()
    found = db.current_session().get(ReadPosition, (viewer.id, thread_id))
    return (found.number, found.following) if found else None
