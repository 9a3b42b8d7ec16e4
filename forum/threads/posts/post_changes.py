"""The one way in which a post is changed: by its author, by moderators, or by an erasure.

A change locks the post's thread, reads the post once, and stores it under the thread's next
version. All runs inside the transaction of a verb.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.db import current_connection
from forum.core.errors import Conflict, Forbidden
from forum.core.events import announce
from forum.core.translation import _
from forum.threads import queries
from forum.threads.events import PostChanged
from forum.threads.models import REMOVED_TITLE, Post, PostRevision, Thread
from forum.threads.posts.post_states import PostState
from forum.threads.queries import PostView

_LOCK_THREAD = (
    select(Thread.id)
    .where(
        Thread.id == select(Post.thread_id).where(Post.id == bindparam("post")).scalar_subquery()
    )
    .with_for_update()
)


def lock_post(session: Session, viewer: Viewer, post_id: int, *, emptied: bool = False) -> PostView:
    """Return a visible post with its thread locked until the end.

    With `emptied` it may be deleted, while its history still holds words. Raises NotFound,
    Conflict.
    """
    post = _lock(viewer, post_id)
    _require_kept(session, post, emptied=emptied)
    return post


def lock_own_post(session: Session, viewer: Viewer, post_id: int) -> PostView:
    """Return the viewer's own post to change. Raises NotFound, Conflict, Forbidden."""
    post = _lock(viewer, post_id)
    if post.author_id != viewer.id:
        raise Forbidden(
            _(
                "Only the author can do this here. Moderators choose “Moderate this "
                "post” in its menu."
            ),
            code="not_yours",
        )
    _require_kept(session, post)
    return post


def lock_thread_of(post_id: int) -> None:
    """Lock a post's thread until the end, for who locks more than that: the thread comes first."""
    while True:
        locked = current_connection().execute(_LOCK_THREAD, {"post": post_id}).first()
        here = select(Post.thread_id).where(Post.id == post_id)
        now = current_connection().execute(here).first()
        if now is None or (locked is not None and locked.id == now.thread_id):
            return  # else it has come to another thread meanwhile


def _lock(viewer: Viewer, post_id: int) -> PostView:
    while True:
        locked = current_connection().execute(_LOCK_THREAD, {"post": post_id}).first()
        post = queries.post_for(viewer, post_id)
        if locked is not None and locked.id == post.thread_id:
            return post  # else it has come to another thread meanwhile


def _require_kept(session: Session, post: PostView, *, emptied: bool = False) -> None:
    if post.state.is_deleted and not (emptied and has_revisions(session, post.id)):
        raise Conflict(_("This post has been deleted."), code="deleted")


def lock_post_to_moderate(
    session: Session, viewer: Viewer, post_id: int, *, emptied: bool = False
) -> PostView:
    """Return a post for a moderator of its group; `emptied` as in `lock_post`.

    Raises NotFound, Conflict, Forbidden.
    """
    post = lock_post(session, viewer, post_id, emptied=emptied)
    if not post.moderates:
        raise Forbidden(_("Only this group's moderators can do that."), code="not_yours")
    return post


def require_published(post: PostView) -> None:
    """Raise Conflict for a post that nobody but its author can read."""
    if not post.state.was_published:
        raise Conflict(_("This post hasn't been approved yet."), code="pending")


def change_post(
    session: Session,
    post: PostView,
    by_id: int | None,
    action: str,
    at: datetime,
    *,
    reason: str = "",
    **changes: Any,
) -> None:
    """Change a locked post, keep how it was before for moderators, and announce it.

    `changes` as in `update_post`.
    """
    record_revision(session, post, by_id, action, at, reason)
    update_post(session, post, at=at, **changes)
    announce(PostChanged(post.id, post.thread_id, by_id, action, at))


def hide_or_restore(
    session: Session,
    post: PostView,
    by_id: int | None,
    at: datetime,
    *,
    hide: bool,
    reason: str = "",
) -> None:
    """Hide a locked post or show it again; the title goes with the post that opens a thread."""
    change_post(
        session,
        post,
        by_id,
        "hidden" if hide else "restored",
        at,
        reason=reason,
        state=PostState.HIDDEN if hide else PostState.PUBLISHED,
        thread={"title_hidden": hide} if post.number == 1 else None,
    )


def emptied(post: PostView) -> dict[str, Any]:
    """Return the changes that delete a post; the title goes with the post that opens a thread."""
    return {
        "body": "",
        "html": "",
        "content_note": "",
        "state": post.state.when_deleted,
        "thread": {"title": REMOVED_TITLE} if post.opens_thread else None,
    }


def update_post(
    session: Session,
    post: PostView,
    *,
    at: datetime,
    state: PostState | None = None,
    thread: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Change a locked post's columns under the thread's next version.

    A new `state` is counted in the thread; `thread` are other columns of that to change.
    """
    counts: dict[str, Any] = {}
    if state is not None and state != post.state:
        changes |= {"state": state, "state_since": at}
        published = (state == PostState.PUBLISHED) - (post.state == PostState.PUBLISHED)
        counts = {
            "post_count": Thread.post_count + published,
            "pending_count": Thread.pending_count + (state.is_pending - post.state.is_pending),
        }
    stamp_post(session, post.id, post.thread_id, {**counts, **(thread or {})}, **changes)


def stamp_post(
    session: Session,
    post_id: int,
    thread_id: int,
    thread: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Give a post the thread's next version, and other columns with it."""
    version = next_version(session, thread_id, **(thread or {}))
    session.execute(
        update(Post)
        .where(Post.id == post_id)
        .values(version=version, **changes)
        .execution_options(synchronize_session=False)
    )


def next_version(session: Session, thread_id: int, *, by: int = 1, **changes: Any) -> int:
    """Count one more change in a thread, or several, and return the count."""
    return session.execute(
        update(Thread)
        .where(Thread.id == thread_id)
        .values(version=Thread.version + by, **changes)
        .returning(Thread.version)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def record_revision(
    session: Session,
    post: PostView,
    by_id: int | None,
    action: str,
    at: datetime,
    reason: str = "",
) -> None:
    """Keep how a post was before `action`, for moderators."""
    session.add(
        PostRevision(
            post_id=post.id,
            by_id=by_id,
            action=action,
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
