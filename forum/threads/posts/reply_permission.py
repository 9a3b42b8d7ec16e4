"""Whether somebody may write now: in a locked or slowed thread, or while they are silenced."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from forum.core import clock
from forum.core.db import current_session
from forum.core.errors import Forbidden, TooMany
from forum.core.translation import lazy, ngettext
from forum.groups.membership import silence_checks
from forum.threads.approval import review_stats
from forum.threads.models import Post
from forum.threads.posts.post_creation import PostSlot
from forum.threads.queries import PostView, ThreadView

LOCKED = lazy("This thread is locked. You can read it, but nobody can reply for now.")
EDIT_LOCKED = lazy(
    "This thread is locked, so you can't edit posts in it for now. You can still delete your own."
)
WAITING_FOR_APPROVAL = lazy(
    "This thread is waiting for approval. You can reply once it's approved."
)
NOT_APPROVED = lazy("This thread wasn't approved, so nobody can reply to it.")


def reason_closed(thread: ThreadView) -> str:
    """Say why the viewer cannot reply here now though they belong; "" if they can."""
    if thread.locked and not thread.moderates:
        return str(LOCKED)
    if thread.silenced_until is not None and thread.silenced_until > clock.now():
        return silence_checks.silenced_message(thread.silenced_until, thread.silence_reason or "")
    return ""


def reason_unpublished(thread_id: int) -> str:
    """Say why there is no room for replies in a thread whose first post is not shown."""
    return str(NOT_APPROVED if review_stats.was_declined(thread_id) else WAITING_FOR_APPROVAL)


def require_editable(post: PostView) -> None:
    """Raise Forbidden where a post cannot be changed because its thread is locked."""
    if post.locked and not post.moderates:
        raise Forbidden(EDIT_LOCKED, code="locked")


def require_may_reply(thread: ThreadView, slot: PostSlot, author_id: int, at: datetime) -> None:
    """Raise Forbidden or TooMany when this member may not reply in the thread now.

    The thread is locked since its slot was taken: what came a moment before counts.
    """
    silence_checks.require_not_silenced(thread.silenced_until, thread.silence_reason, at)
    if thread.moderates:
        return
    if slot.locked:
        raise Forbidden(LOCKED, code="locked")
    if slot.slow_seconds:
        _require_slow_mode_pause(slot, author_id, at)


def _require_slow_mode_pause(slot: PostSlot, author_id: int, at: datetime) -> None:
    last = current_session().scalar(
        select(func.max(Post.created_at)).where(
            Post.thread_id == slot.thread_id, Post.author_id == author_id
        )
    )
    if last is None:
        return
    left = last + timedelta(seconds=slot.slow_seconds) - at
    if left > timedelta(0):
        raise TooMany(
            ngettext(
                "This thread is in slow mode. You can write again in %(count)s second.",
                "This thread is in slow mode. You can write again in %(count)s seconds.",
                int(left.total_seconds()) + 1,
            ),
            code="slow_mode",
        )
