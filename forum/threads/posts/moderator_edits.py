"""What moderators can change in the threads of a group; `moderation` decides and logs."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict
from forum.core.events import announce
from forum.core.translation import _
from forum.threads import queries
from forum.threads.events import PostChanged
from forum.threads.models import Mention, PostRevision, Thread
from forum.threads.posts import mentions, pending_edits, post_changes
from forum.threads.posts.post_creation import PostContent
from forum.threads.queries import PostView, ThreadView


def set_content_note(
    viewer: Viewer, post_id: int, note: str, *, post: PostView | None = None
) -> None:
    """Give a post a content note, or with "" none.

    `post` is given by a caller who has it locked to moderate already, here and below. Raises
    NotFound, Forbidden, Conflict.
    """
    by_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        post = post or post_changes.lock_post_to_moderate(session, viewer, post_id)
        post_changes.change_post(session, post, by_id, "edited", at, content_note=note)


def set_body(viewer: Viewer, post_id: int, body: str, *, post: PostView | None = None) -> None:
    """Give a post other words; it is marked as edited. Raises NotFound, Forbidden, Conflict."""
    by_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        post = post or post_changes.lock_post_to_moderate(session, viewer, post_id)
        mentions.record_mentioned(session, post_id, post.group_id, body)
        content = PostContent(body, post.content_note)
        post_changes.change_post(
            session, post, by_id, "edited", at, edited_at=at, **content.columns()
        )


def purge_post(viewer: Viewer, post_id: int, *, post: PostView | None = None) -> None:
    """Take a post's words out of the thread and its history, where its author deleted it too.

    Raises NotFound, Forbidden, Conflict.
    """
    by_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        post = post or post_changes.lock_post_to_moderate(session, viewer, post_id, emptied=True)
        session.execute(delete(PostRevision).where(PostRevision.post_id == post_id))
        session.execute(delete(Mention).where(Mention.post_id == post_id))
        pending_edits.discard(session, pending_edits.edit_of(post_id, session), at)
        post_changes.update_post(session, post, at=at, **post_changes.emptied(post))
        announce(PostChanged(post_id, post.thread_id, by_id, "deleted", at))


def lock_thread_to_moderate(session: Session, viewer: Viewer, thread_id: int) -> ThreadView:
    """Return a thread, locked until the transaction ends. Raises NotFound, Forbidden."""
    queries.thread_for(viewer, thread_id)
    session.execute(select(Thread.id).where(Thread.id == thread_id).with_for_update())
    return queries.thread_for(viewer, thread_id)


def lock_threads(session: Session, thread_ids: Iterable[int]) -> None:
    """Lock threads until the transaction ends; in one order, which prevents deadlocks."""
    for thread_id in sorted(set(thread_ids)):
        session.execute(select(Thread.id).where(Thread.id == thread_id).with_for_update())


def require_published(thread: ThreadView) -> None:
    """Raise Conflict for a thread whose first post is pending or was declined."""
    if thread.last_number == 0:
        raise Conflict(
            _("This thread hasn't been approved, so other members can't see it yet."),
            code="pending",
        )


def require_not_introductions(thread: ThreadView) -> None:
    """Raise Conflict for the thread in which newcomers of a group say hello."""
    if thread.is_introductions:
        raise Conflict(
            _("This is where new members say hello, so it has to stay where it is."),
            code="introductions",
        )


def update_thread(session: Session, thread_id: int, **changes: Any) -> None:
    """Set columns of a thread that do not change how its posts look."""
    session.execute(
        update(Thread)
        .where(Thread.id == thread_id)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
