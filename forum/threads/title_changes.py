"""Giving a thread another title: whoever started it within a day, and its moderators always."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id, row_exists
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Forbidden
from forum.core.events import announce
from forum.core.translation import _
from forum.core.web.forms import edit_conflicts
from forum.groups.membership import silence_checks
from forum.threads import limits, queries
from forum.threads.approval import pre_moderation
from forum.threads.events import PostChanged
from forum.threads.models import IN_THREAD, Post, PostRevision, Thread
from forum.threads.posts import post_changes, reply_permission
from forum.threads.queries import PostView, ThreadView

AUTHOR_MAY_CHANGE_FOR = timedelta(days=1)


def may_change_title(viewer: Viewer, thread: ThreadView) -> bool:
    """Whether the page of a thread offers this to the viewer; `change_title` looks closer."""
    return (
        viewer.id is not None
        and thread.author_id == viewer.id
        and thread.belongs
        and not thread.moderates
        and not thread.locked
        and clock.now() < thread.created_at + AUTHOR_MAY_CHANGE_FOR
    )


def change_title(viewer: Viewer, thread_id: int, title: str, *, shown: str | None = None) -> None:
    """Give one's own thread another title within a day; moderators can see what it was.

    `shown` is the version of the title that was changed. Raises Invalid, EditConflict, LoginNeeded,
    NotFound, Forbidden, Conflict.
    """
    author_id, at = member_id(viewer), clock.now()
    title = text.one_line(title, "title", least=limits.TITLE_MIN, most=limits.TITLE_MAX)
    with transaction() as session:
        thread = queries.current_thread_for(viewer, thread_id)
        require_author(viewer, thread)
        post = post_changes.lock_own_post(session, viewer, _opening_post(session, thread.id))
        _require_may_change(session, post, author_id, thread.created_at, at)
        now = {_("Title"): post.thread_title} if post.thread_title != title else {}
        edit_conflicts.require_unchanged(shown, edit_conflicts.version_of(post.thread_title), now)
        if now:
            _store(session, post.id, post.thread_id, author_id, title, was=post.thread_title)


def change_title_as_moderator(session: Session, viewer: Viewer, thread_id: int, title: str) -> None:
    """Give a locked thread another title, which its author can no longer change.

    Only the audit log keeps what it was, since it may have said too much.
    """
    post_id = _opening_post(session, thread_id)
    _store(session, post_id, thread_id, member_id(viewer), title, was="")


def _store(
    session: Session, post_id: int, thread_id: int, by_id: int, title: str, *, was: str
) -> None:
    at = clock.now()
    session.add(
        PostRevision(post_id=post_id, by_id=by_id, action="retitled", reason=was, created_at=at)
    )
    post_changes.stamp_post(session, post_id, thread_id, {"title": title})
    announce(PostChanged(post_id, thread_id, by_id, "retitled", at))


def _opening_post(session: Session, thread_id: int) -> int:
    """Return the post to which a thread's title belongs."""
    opening = select(Post.id).join(Thread, IN_THREAD).where(Post.thread_id == thread_id)
    found = opening.where(or_(Post.number == 1, Thread.last_number == 0))
    return session.execute(found.order_by(Post.id).limit(1)).scalar_one()


def require_author(viewer: Viewer, thread: ThreadView) -> None:
    """Raise LoginNeeded or Forbidden for anyone whose thread this is not."""
    if thread.author_id != member_id(viewer):
        raise Forbidden(
            _(
                "Only the person who started this thread can change its title. Moderators choose "
                "“Moderate this thread”."
            ),
            code="not_yours",
        )
    if not thread.belongs:
        raise Forbidden(_("Join the group again to change what you wrote."), code="members_only")


def _require_may_change(
    session: Session, post: PostView, author_id: int, started: datetime, at: datetime
) -> None:
    silence_checks.require_not_silenced(post.silenced_until, post.silence_reason, at)
    reply_permission.require_editable(post)
    if at >= started + AUTHOR_MAY_CHANGE_FOR:
        raise Forbidden(
            _("A title can be changed for a day. Ask a moderator if it should still change."),
            code="too_late",
        )
    if pre_moderation.edit_needs_approval(author_id, post):
        raise Forbidden(
            _("Moderators read new words here first. Ask one of them to change the title."),
            code="needs_approval",
        )
    by_moderator = (
        PostRevision.post_id == post.id,
        PostRevision.action == "retitled",
        PostRevision.by_id.is_distinct_from(author_id),
    )
    if session.scalar(select(row_exists(PostRevision, *by_moderator))):
        raise Forbidden(
            _("A moderator has changed this title, so it stays as it is. You can ask them why."),
            code="changed_by_moderator",
        )
