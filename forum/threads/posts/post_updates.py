"""The steps of changing what stands in a thread; all run inside the transaction of a verb."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.db.compiled_sql import Prepared
from forum.core.errors import Conflict, Forbidden
from forum.threads import queries
from forum.threads.models import Post, PostRevision, Thread
from forum.threads.queries import PostView


def next_version(session: Session, thread_id: int, *, by: int = 1, **changes: Any) -> int:
    """Count one more change in a thread, or several, and return the count."""
    return session.execute(
        update(Thread)
        .where(Thread.id == thread_id)
        .values(version=Thread.version + by, **changes)
        .returning(Thread.version)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def update_post(
    session: Session,
    post_id: int,
    thread_id: int,
    *,
    posts: int = 0,
    held: int = 0,
    thread: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Change a post's columns under the thread's next version.

    `posts` and `held` are added to the thread's counts, and `thread` are other columns of it to
    change.
    """
    version = next_version(
        session,
        thread_id,
        post_count=Thread.post_count + posts,
        held_count=Thread.held_count + held,
        **(thread or {}),
    )
    session.execute(
        update(Post)
        .where(Post.id == post_id)
        .values(version=version, **changes)
        .execution_options(synchronize_session=False)
    )


_LOCK_THREAD = Prepared(select(Thread.id).where(Thread.id == bindparam("thread")).with_for_update())


def lock_post(session: Session, viewer: Viewer, post_id: int, *, emptied: bool = False) -> PostView:
    """Return a visible post with its thread locked until the end.

    With `emptied` it may be deleted, while its history still holds words. Raises NotFound,
    Conflict.
    """
    post, held_still = queries.post_for(viewer, post_id), 0
    while post.thread_id != held_still:  # it may have come to another thread meanwhile
        held_still = post.thread_id
        _LOCK_THREAD.all(thread=held_still)
        post = queries.post_for(viewer, post_id)
    if post.deleted_at is not None and not (emptied and has_revisions(session, post_id)):
        raise Conflict("This post has been deleted.", code="deleted")
    return post


def require_published(post: PostView) -> None:
    """Raise Conflict for a post that is held for a first look."""
    if post.held_at is not None:
        raise Conflict("This post is not shown to anyone yet.", code="held")


def lock_own_post(session: Session, viewer: Viewer, post_id: int) -> PostView:
    """Return the viewer's own post to change. Raises NotFound, Conflict, Forbidden."""
    post = lock_post(session, viewer, post_id)
    if post.author_id != viewer.id:
        raise Forbidden("Only its author can change a post.", code="not_yours")
    return post


def lock_post_to_moderate(
    session: Session, viewer: Viewer, post_id: int, *, emptied: bool = False
) -> PostView:
    """Return a post for those who look after its group; `emptied` as in `post_to_change`.

    Raises NotFound, Conflict, Forbidden.
    """
    post = lock_post(session, viewer, post_id, emptied=emptied)
    if not post.looks_after:
        raise Forbidden("Only those who look after this group can do that.", code="not_yours")
    return post


def record_revision(
    session: Session, post: PostView, by_id: int, act: str, at: datetime, reason: str = ""
) -> None:
    """Keep how a post was before `act`, for those who look after the group."""
    session.add(
        PostRevision(
            post_id=post.id,
            by_id=by_id,
            act=act,
            body=post.body,
            content_note=post.content_note,
            reason=reason,
            created_at=at,
        )
    )


def has_revisions(session: Session, post_id: int) -> bool:
    """Whether anything is kept of how a post was before."""
    kept = select(PostRevision.id).where(PostRevision.post_id == post_id).limit(1)
    return session.scalar(kept) is not None
