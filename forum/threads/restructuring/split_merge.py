"""Splitting and merging threads of one group, and undoing either.

`moderation` decides who may, and keeps the two shapes that each verb returns in its log.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import not_, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.cooperative_yielding import give_way, in_turns
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import announce
from forum.core.translation import _, formats, lazy
from forum.threads import limits, policy
from forum.threads.events import ThreadsRestructured
from forum.threads.models import Post, Thread
from forum.threads.posts import moderator_edits
from forum.threads.queries import ThreadView
from forum.threads.reader.models import Draft
from forum.threads.restructuring import merge_order, renumbering, thread_layout
from forum.threads.restructuring.merge_order import PostLocation
from forum.threads.restructuring.thread_layout import ThreadEnd, ThreadLayout

SPLIT_MAX, MERGED_MAX = 200, 2_000
CHANGED = lazy("This has changed since, so we left it as it is.")


def split_thread(
    viewer: Viewer, thread_id: int, post_ids: Collection[int], title: str
) -> tuple[ThreadLayout, ThreadLayout]:
    """Give some posts a thread of their own in the same group; return before and after.

    Raises Invalid, LoginNeeded, NotFound, Forbidden, and Conflict while the thread itself
    is pending.
    """
    by_id = member_id(viewer)
    title = text.one_line(title, "title", least=limits.TITLE_MIN, most=limits.TITLE_MAX)
    with transaction() as session:
        thread = moderator_edits.lock_thread_to_moderate(session, viewer, thread_id)
        moderator_edits.require_published(thread)
        posts = _posts_to_split(session, thread_id, post_ids)
        new_id = _insert_split_thread(session, thread, title, posts[0])
        before = ThreadLayout(
            {post.id: PostLocation(thread_id, post.number) for post in posts},
            {thread_id: ThreadEnd(thread.last_number, None), new_id: ThreadEnd(0, thread_id)},
        )
        after = ThreadLayout(
            {post.id: PostLocation(new_id, place) for place, post in enumerate(posts, start=1)},
            {thread_id: ThreadEnd(thread.last_number, None), new_id: ThreadEnd(len(posts), None)},
        )
        renumbering.apply_layout(session, after, now=before.ends)
        _announce(after, before, "split", posts[0].author_id, by_id)
    return before, after


def _posts_to_split(session: Session, thread_id: int, post_ids: Collection[int]) -> list[Any]:
    if not 0 < len(post_ids) <= SPLIT_MAX:
        raise Invalid(fields={"posts": _("Choose between 1 and %(most)s posts.", most=SPLIT_MAX)})
    posts = session.execute(
        select(Post.id, Post.number, Post.author_id, Post.created_at)
        .where(
            Post.id.in_(post_ids),
            Post.thread_id == thread_id,
            policy.was_published(),
            not_(policy.is_deleted()),
        )
        .order_by(Post.number)
    ).all()
    if len(posts) < len(set(post_ids)):
        raise Invalid(
            fields={"posts": _("Some of these posts are no longer here. Please choose again.")}
        )
    if posts[0].number == 1:
        raise Invalid(
            fields={"posts": _("The first post has to stay, because it starts this thread.")}
        )
    return list(posts)


def _insert_split_thread(session: Session, thread: ThreadView, title: str, first: Any) -> int:
    """Store an empty thread with the safety settings of the one that it was split from."""
    new = Thread(
        group_id=thread.group_id,
        author_id=first.author_id,
        title=title,
        locked=thread.locked,
        slow_seconds=thread.slow_seconds,
        pre_moderated=thread.pre_moderated,
        merged_into_id=thread.id,
        split_from_id=thread.id,
        split_at=first.number,
        created_at=first.created_at,
        last_post_at=first.created_at,
    )
    session.add(new)
    session.flush()
    return new.id


def merge_threads(viewer: Viewer, one_id: int, other_id: int) -> tuple[ThreadLayout, ThreadLayout]:
    """Make two threads of a group one, in order of time; return before and after.

    The older one keeps its address and title, and the other one's address leads to it. Where what
    is written in one of them is looked at first, so it is in the joined one. Raises Invalid,
    LoginNeeded, NotFound, Forbidden, and Conflict where one is pending.
    """
    by_id, ids = member_id(viewer), (one_id, other_id)
    if one_id == other_id:
        raise Invalid(fields={"value": _("Choose a thread other than this one.")})
    with transaction() as session:
        moderator_edits.lock_threads(session, ids)
        one = moderator_edits.lock_thread_to_moderate(session, viewer, one_id)
        other = moderator_edits.lock_thread_to_moderate(session, viewer, other_id)
        if one.group_id != other.group_id:
            raise Invalid(fields={"value": _("Only threads in the same group can be merged.")})
        older, newer = (one, other) if oldest_first(session, ids)[0] == one_id else (other, one)
        for thread in (one, other):
            moderator_edits.require_published(thread)
        moderator_edits.require_not_introductions(newer)
        give_way()
        before, after = _layouts_of_merge(session, older, newer)
        _move_drafts(session, newer.id, older.id)
        renumbering.apply_layout(session, after, now=before.ends)
        _announce(after, before, "merged", newer.author_id, by_id)
    return before, after


def oldest_first(session: Session, thread_ids: Collection[int]) -> list[int]:
    """Return those of these threads that there are, by when they began."""
    began = select(Thread.id).where(Thread.id.in_(thread_ids))
    return list(session.scalars(began.order_by(Thread.created_at, Thread.id)))


def _layouts_of_merge(
    session: Session, older: ThreadView, newer: ThreadView
) -> tuple[ThreadLayout, ThreadLayout]:
    said: dict[int, list[tuple[int, datetime]]] = {older.id: [], newer.id: []}
    now: dict[int, PostLocation] = {}
    posts = session.execute(
        select(Post.id, Post.thread_id, Post.number, Post.created_at)
        .where(Post.thread_id.in_(said))
        .order_by(Post.number)
    )
    for post in in_turns(posts):
        now[post.id] = PostLocation(post.thread_id, post.number)
        if post.number is not None:
            said[post.thread_id].append((post.id, post.created_at))
    if len(now) > MERGED_MAX:
        raise Invalid(
            fields={
                "value": _(
                    "Together they would have more than %(most)s posts, which is too many for one "
                    "thread.",
                    most=formats.number(MERGED_MAX),
                )
            }
        )
    ordered = merge_order.merge_by_time(said[older.id], said[newer.id])
    locations = {
        post_id: PostLocation(older.id, place) for place, post_id in enumerate(ordered, start=1)
    }
    last = max(len(ordered), older.last_number)
    locations |= {
        post_id: PostLocation(older.id, None)
        for post_id, location in now.items()
        if location.number is None
    }
    after = {
        post_id: location for post_id, location in locations.items() if location != now[post_id]
    }
    pre_moderated = older.pre_moderated or newer.pre_moderated
    return (
        ThreadLayout(
            {post_id: now[post_id] for post_id in after},
            {
                older.id: ThreadEnd(older.last_number, None, older.pre_moderated),
                newer.id: ThreadEnd(newer.last_number, None),
            },
        ),
        ThreadLayout(
            after,
            {older.id: ThreadEnd(last, None, pre_moderated), newer.id: ThreadEnd(0, older.id)},
        ),
    )


def _move_drafts(session: Session, from_id: int, to_id: int) -> None:
    """Keep what people were writing; who wrote in both finds both drafts."""
    session.execute(
        update(Draft)
        .where(Draft.thread_id == from_id)
        .values(thread_id=to_id)
        .execution_options(synchronize_session=False)
    )


def restore_layout(viewer: Viewer, before: ThreadLayout, after: ThreadLayout) -> None:
    """Bring back the shape before a split or a merge; what was said since stays where it is.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict where it has been changed since.
    """
    by_id = member_id(viewer)
    with transaction() as session:
        moderator_edits.lock_threads(session, after.ends)
        for thread_id, ends in after.ends.items():
            if ends.merged_into_id is None:
                moderator_edits.lock_thread_to_moderate(session, viewer, thread_id)
        if not thread_layout.is_unchanged(session, after, before):
            raise Conflict(CHANGED)
        back = thread_layout.reverse_layout(session, after, before)
        renumbering.apply_layout(session, back, now=after.ends)
        _announce(back, after, "undone", None, by_id)


def _announce(
    now: ThreadLayout, before: ThreadLayout, how: str, author_id: int | None, by_id: int
) -> None:
    elsewhere = [
        post_id
        for post_id, location in now.locations.items()
        if location.thread_id != before.locations[post_id].thread_id
    ]
    announce(
        ThreadsRestructured(
            tuple(sorted(now.ends)), tuple(elsewhere), author_id, how, by_id, clock.now()
        )
    )
