"""Whether somebody may write now: in a locked or slowed thread, or while they are silenced."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from forum.core import clock
from forum.core.db import reading
from forum.core.errors import Forbidden, TooMany
from forum.groups.models import Membership
from forum.threads.models import Post
from forum.threads.queries import ThreadView

LOCKED = "This conversation is locked. It can be read, and nobody can add to it for now."


def closed_because(thread: ThreadView) -> str:
    """Say why the viewer cannot reply here now though they belong; "" if they can."""
    if thread.locked and not thread.looks_after:
        return LOCKED
    if thread.silenced_until is not None and thread.silenced_until > clock.now():
        return silence(thread.silenced_until, thread.silenced_because or "")
    return ""


def silence(until: datetime, because: str) -> str:
    """Say until when, and why, somebody can read and not write."""
    why = f" The reason: {because}" if because else ""
    return (
        f"You can read here, and write again from {until:%-d %B %Y, %H:%M} UTC.{why} "
        "Under Account you can say if you see it differently."
    )


def require(thread: ThreadView, author_id: int, at: datetime) -> None:
    """Raise Forbidden or TooMany when this member may not reply in the thread now."""
    if why := closed_because(thread):
        raise Forbidden(why, code="locked" if why == LOCKED else "silenced")
    if thread.slow_seconds and not thread.looks_after:
        _require_pause(thread, author_id, at)


def require_voice(author_id: int, group_id: int, at: datetime) -> None:
    """Raise Forbidden while this member is silenced in the group."""
    found = reading().execute(
        select(Membership.silenced_until, Membership.silenced_because).where(
            Membership.account_id == author_id, Membership.group_id == group_id
        )
    )
    for until, because in found:
        if until is not None and until > at:
            raise Forbidden(silence(until, because), code="silenced")


def _require_pause(thread: ThreadView, author_id: int, at: datetime) -> None:
    last = reading().scalar(
        select(func.max(Post.created_at)).where(
            Post.thread_id == thread.id, Post.author_id == author_id
        )
    )
    if last is None:
        return
    left = last + timedelta(seconds=thread.slow_seconds) - at
    if left > timedelta(0):
        raise TooMany(
            f"This conversation goes slowly for now. You can write again in "
            f"{int(left.total_seconds()) + 1} seconds.",
            code="slow_mode",
        )
