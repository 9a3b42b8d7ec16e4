"""Splitting and merging conversations of one group, and undoing either.

`moderation` decides who may, and keeps the two shapes that each verb returns in its log.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.background.yielding import give_way, in_turns
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import announce
from forum.threads import limits
from forum.threads.events import ThreadsReshaped
from forum.threads.models import Draft, Post, Thread
from forum.threads.posts import moderator_edits
from forum.threads.queries import ThreadView
from forum.threads.restructuring import merge_order, renumbering, thread_layout
from forum.threads.restructuring.merge_order import Spot
from forum.threads.restructuring.thread_layout import Ends, Shape

SPLIT_MOST, MERGED_MOST = 200, 2_000
CHANGED = "This has changed since, so it was left as it is."


def split_thread(
    viewer: Viewer, thread_id: int, post_ids: Collection[int], title: str
) -> tuple[Shape, Shape]:
    """Give some posts a conversation of their own in the same group; return before and after.

    Raises Invalid, LoginNeeded, NotFound, Forbidden, and Conflict while the conversation itself
    waits for a first look.
    """
    by_id = member_id(viewer)
    title = text.one_line(title, "title", least=limits.TITLE_MIN, most=limits.TITLE_MAX)
    with transaction() as session:
        thread = moderator_edits.thread_to_look_after(session, viewer, thread_id)
        moderator_edits.require_open(thread)
        posts = _to_split(session, thread_id, post_ids)
        new_id = _open_beside(session, thread, title, posts[0])
        before = Shape(
            {post.id: Spot(thread_id, post.number) for post in posts},
            {thread_id: Ends(thread.last_number, None), new_id: Ends(0, thread_id)},
        )
        after = Shape(
            {post.id: Spot(new_id, place) for place, post in enumerate(posts, start=1)},
            {thread_id: Ends(thread.last_number, None), new_id: Ends(len(posts), None)},
        )
        renumbering.lay(session, after, now=before.ends)
        _tell(after, before, "split", posts[0].author_id, by_id)
    return before, after


def _to_split(session: Session, thread_id: int, post_ids: Collection[int]) -> list[Any]:
    if not 0 < len(post_ids) <= SPLIT_MOST:
        raise Invalid(fields={"posts": f"Please choose from 1 to {SPLIT_MOST} posts."})
    posts = session.execute(
        select(Post.id, Post.number, Post.author_id, Post.created_at)
        .where(
            Post.id.in_(post_ids), Post.thread_id == thread_id, Post.number > 0,
            Post.deleted_at.is_(None),
        )
        .order_by(Post.number)
    ).all()  # fmt: skip
    if len(posts) < len(set(post_ids)):
        raise Invalid(
            fields={"posts": "Not all of these posts are still here. Please choose anew."}
        )
    if posts[0].number == 1:
        raise Invalid(fields={"posts": "The first post has to stay: the conversation is its own."})
    return list(posts)


def _open_beside(session: Session, thread: ThreadView, title: str, first: Any) -> int:
    """Store a thread, empty yet, that is kept as safe as the one beside which it stands."""
    new = Thread(
        group_id=thread.group_id, author_id=first.author_id, title=title, locked=thread.locked,
        slow_seconds=thread.slow_seconds, reviewed=thread.reviewed, merged_into_id=thread.id,
        split_from_id=thread.id, split_at=first.number, created_at=first.created_at,
        last_post_at=first.created_at,
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new.id


def merge_threads(viewer: Viewer, one_id: int, other_id: int) -> tuple[Shape, Shape]:
    """Make two conversations of a group one, in order of time; return before and after.

    The older one keeps its address and title, and the other one's address leads to it. Where what
    is written in one of them is looked at first, so it is in the joined one. Raises Invalid,
    LoginNeeded, NotFound, Forbidden, and Conflict where one waits for a first look.
    """
    by_id, ids = member_id(viewer), (one_id, other_id)
    if one_id == other_id:
        raise Invalid(fields={"value": "Please choose another conversation than this one."})
    with transaction() as session:
        moderator_edits.hold_still(session, ids)
        one = moderator_edits.thread_to_look_after(session, viewer, one_id)
        other = moderator_edits.thread_to_look_after(session, viewer, other_id)
        if one.group_id != other.group_id:
            raise Invalid(fields={"value": "Only conversations of the same group can be joined."})
        older, newer = (one, other) if oldest_first(session, ids)[0] == one_id else (other, one)
        for thread in (one, other):
            moderator_edits.require_open(thread)
        moderator_edits.require_no_hello(newer)
        give_way()
        before, after = _merged(session, older, newer)
        _take_drafts_along(session, newer.id, older.id)
        renumbering.lay(session, after, now=before.ends)
        _tell(after, before, "merged", newer.author_id, by_id)
    return before, after


def oldest_first(session: Session, thread_ids: Collection[int]) -> list[int]:
    """Return those of these conversations that there are, by when they began."""
    began = select(Thread.id).where(Thread.id.in_(thread_ids))
    return list(session.scalars(began.order_by(Thread.created_at, Thread.id)))


def _merged(session: Session, older: ThreadView, newer: ThreadView) -> tuple[Shape, Shape]:
    said: dict[int, list[tuple[int, datetime]]] = {older.id: [], newer.id: []}
    now: dict[int, Spot] = {}
    posts = session.execute(
        select(Post.id, Post.thread_id, Post.number, Post.created_at)
        .where(Post.thread_id.in_(said))
        .order_by(Post.number)
    )
    for post in in_turns(posts):
        now[post.id] = Spot(post.thread_id, post.number)
        if post.number > 0:
            said[post.thread_id].append((post.id, post.created_at))
    if len(now) > MERGED_MOST:
        raise Invalid(
            fields={"value": f"Together they would have more than {MERGED_MOST:,} posts, which is "
                             f"too many for one conversation."}
        )  # fmt: skip
    ordered = merge_order.by_time(said[older.id], said[newer.id])
    spots = {post_id: Spot(older.id, place) for place, post_id in enumerate(ordered, start=1)}
    last = max(len(ordered), older.last_number)
    spots |= _held_after(older, newer, now)
    after = {post_id: spot for post_id, spot in spots.items() if spot != now[post_id]}
    reviewed = older.reviewed or newer.reviewed
    return (
        Shape(
            {post_id: now[post_id] for post_id in after},
            {
                older.id: Ends(older.last_number, None, older.reviewed),
                newer.id: Ends(newer.last_number, None),
            },
        ),
        Shape(after, {older.id: Ends(last, None, reviewed), newer.id: Ends(0, older.id)}),
    )


def _held_after(
    older: ThreadView, newer: ThreadView, now: dict[int, Spot]
) -> dict[int, Spot]:  # fmt: skip
    """Return new places for what is held in the newer thread: after what is held in the older."""
    held = [
        (-spot.number, post_id) for post_id, spot in now.items()
        if spot.thread_id == newer.id and spot.number < 0
    ]  # fmt: skip
    counted = max(older.version, newer.version)
    return {
        post_id: Spot(older.id, -(counted + place))
        for place, (_, post_id) in enumerate(sorted(held), start=1)
    }


def _take_drafts_along(session: Session, from_id: int, to_id: int) -> None:
    """Keep what people were writing; who wrote in both finds one after the other."""
    both = {
        draft.account_id: draft
        for draft in session.scalars(select(Draft).where(Draft.thread_id == to_id))
    }
    for draft in session.scalars(select(Draft).where(Draft.thread_id == from_id)).all():
        other = both.get(draft.account_id)
        if other is not None:
            other.body = f"{other.body}\n\n{draft.body}"[: limits.BODY_MAX]
            session.delete(draft)
    session.flush()
    session.execute(
        update(Draft)
        .where(Draft.thread_id == from_id)
        .values(thread_id=to_id)
        .execution_options(synchronize_session=False)
    )


def put_back(viewer: Viewer, before: Shape, after: Shape) -> None:
    """Bring back the shape before a split or a merge; what was said since stays where it is.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict where it has been changed since.
    """
    by_id = member_id(viewer)
    with transaction() as session:
        moderator_edits.hold_still(session, after.ends)
        for thread_id, ends in after.ends.items():
            if ends.merged_into_id is None:
                moderator_edits.thread_to_look_after(session, viewer, thread_id)
        if not thread_layout.still(session, after, before):
            raise Conflict(CHANGED)
        back = thread_layout.going_back(session, after, before)
        renumbering.lay(session, back, now=after.ends)
        _tell(back, after, "undone", None, by_id)


def _tell(now: Shape, before: Shape, how: str, author_id: int | None, by_id: int) -> None:
    elsewhere = [
        post_id for post_id, spot in now.spots.items()
        if spot.thread_id != before.spots[post_id].thread_id
    ]  # fmt: skip
    announce(
        ThreadsReshaped(
            tuple(sorted(now.ends)), tuple(elsewhere), author_id, how, by_id, clock.now()
        )
    )
