"""Edits that wait for approval: what is shown stays as it is until a moderator approves them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import delete, not_, select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, ids, text
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.core.web.forms import edit_conflicts
from forum.groups.membership import hidden_content_access
from forum.threads import limits, policy
from forum.threads.events import EditDecided, EditDiscarded, EditPending, PostChanged
from forum.threads.models import PendingEdit, Post, PostRevision
from forum.threads.posts import mentions, post_changes
from forum.threads.posts.post_creation import PostContent
from forum.threads.queries import PostView, ThreadView


def save(
    session: Session, post: PostView, edit: PendingEdit | None, content: PostContent, at: datetime
) -> None:
    """Keep an author's edit until somebody approves it, in place of an earlier `edit`."""
    mentions.record_mentioned(session, post.id, post.group_id, content.body)
    if edit is None:
        edit = PendingEdit(post_id=post.id, version=0)
        session.add(edit)
    edit.body, edit.content_note, edit.based_on = content.body, content.content_note, _digest(post)
    edit.version, edit.created_at = edit.version + 1, at
    edit.declined_at, edit.declined_because = None, ""
    session.flush()
    if post.author_id is not None:
        announce(EditPending(post.id, post.thread_id, post.group_id, post.author_id, at))


def discard(session: Session, edit: PendingEdit | None, at: datetime) -> None:
    """Forget a pending edit, where there is one: something else has become of the post."""
    if edit is not None:
        session.delete(edit)
        announce(EditDiscarded(edit.post_id, at))


def delete_edits_of(session: Session, post_ids: Collection[int]) -> None:
    """Forget the edits of posts whose author is erased; the posts themselves announce it."""
    gone = delete(PendingEdit).where(PendingEdit.post_id.in_(post_ids))
    session.execute(gone.execution_options(synchronize_session=False))


def edit_of(post_id: int, session: Session | None = None) -> PendingEdit | None:
    """Return the edit of a post that waits, or was declined; the caller has checked who may."""
    return (session or current_session()).get(PendingEdit, post_id)


def latest_content(post: PostView) -> PendingEdit | PostView:
    """Return what an author has last made of their post, whether it is shown yet or not."""
    return edit_of(post.id) or post


def content_version(post: PostView) -> str:
    """Return the version of a post that its author changes."""
    said = latest_content(post)
    return edit_conflicts.version_of(said.body, said.content_note)


def require_unchanged(
    session: Session,
    post: PostView,
    edit: PendingEdit | None,
    content: PostContent,
    shown: str | None,
) -> None:
    """Raise EditConflict unless an author changes what they have seen.

    A program that does not say what it has seen is refused where moderators were the last to
    change the post: what they took out must not come back by accident.
    """
    said = edit or post
    if (content.body, content.content_note) == (said.body, said.content_note):
        return  # sent once more, since the first answer was lost on the way
    now = {_("Your words"): said.body} if said.body != content.body else {}
    if said.content_note != content.content_note:
        now[_("Content note")] = said.content_note
    current = edit_conflicts.version_of(said.body, said.content_note)
    if not shown and _last_changed_by_moderator(session, post):
        raise edit_conflicts.EditConflict(now, current)
    edit_conflicts.require_unchanged(shown, current, now)


def _last_changed_by_moderator(session: Session, post: PostView) -> bool:
    edits = select(PostRevision.by_id).where(
        PostRevision.post_id == post.id, PostRevision.action.in_(("edited", "approved"))
    )
    newest = edits.add_columns(PostRevision.action).order_by(PostRevision.id.desc()).limit(1)
    row = session.execute(newest).first()
    return row is not None and row.action == "edited" and row.by_id != post.author_id


def is_pending(session: Session, post_id: int) -> bool:
    """Whether an edit of a post waits for somebody to decide about it."""
    edit = session.get(PendingEdit, post_id)
    return edit is not None and edit.declined_at is None


def edits_on_page(viewer: Viewer, thread: ThreadView, rows: Collection[Any]) -> Mapping[int, Any]:
    """Return the edits of these posts that the viewer may see, by the post's id.

    Those are their own, and for moderators all that wait. It is noted that moderators see them.
    """
    found = (
        select(
            PendingEdit.post_id.label("id"),
            Post.author_id,
            PendingEdit.body,
            PendingEdit.content_note,
            PendingEdit.version,
            PendingEdit.declined_at,
            PendingEdit.declined_because,
        )
        .join(Post, Post.id == PendingEdit.post_id)
        .where(PendingEdit.post_id.in_([row.id for row in rows]), not_(policy.is_deleted()))
    )
    edits = {
        row.id: {**row._asdict(), "html": _html(row.body), "unseen": hidden_content_access.PENDING}
        for row in current_session().execute(found)
        if row.author_id == viewer.id or (thread.moderates and row.declined_at is None)
    }
    hidden_content_access.record(
        viewer, thread.group_id, "post", [_VisibleEdit(edit) for edit in edits.values()]
    )
    return edits


class _VisibleEdit:
    """A pending edit, as `hidden_content_access` asks about what is shown."""

    def __init__(self, edit: Mapping[str, Any]) -> None:
        self.id, self.author_id, self.unseen = edit["id"], edit["author_id"], edit["unseen"]


def approve(viewer: Viewer, post_id: int, *, seen: int | None = None) -> None:
    """Show what an author has changed, and tell them.

    `seen` is the version of the edit that was looked at. Raises LoginNeeded, NotFound, Forbidden,
    and Conflict when something has changed since.
    """
    by_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        post, author_id, edit = _lock_pending_edit(session, viewer, post_id, seen)
        if edit.based_on != _digest(post):
            raise Conflict(
                _(
                    "This post has changed since its author wrote this edit, so you can't approve "
                    "the edit as it is. Please decline it, or change the post yourself."
                ),
                code="changed",
            )
        content = PostContent(edit.body, edit.content_note)
        post_changes.record_revision(session, post, by_id, "approved", at)
        post_changes.update_post(session, post, at=at, edited_at=at, **content.columns())
        session.delete(edit)
        _announce_decision(post, author_id, by_id, at, approved=True)
        announce(PostChanged(post_id, post.thread_id, author_id, "edited", at))


def decline(viewer: Viewer, post_id: int, reason: str, *, seen: int | None = None) -> None:
    """Leave a post as it is shown; its author keeps the words of their edit, and reads why.

    Raises Invalid without a reason, and what `approve` raises.
    """
    by_id, at = member_id(viewer), clock.now()
    reason = text.checked(
        reason, "reason", least=1, most=limits.DECLINE_REASON_MAX, name=_("The reason")
    )
    with transaction() as session:
        post, author_id, edit = _lock_pending_edit(session, viewer, post_id, seen)
        edit.declined_at, edit.declined_because = at, reason
        session.flush()
        _announce_decision(post, author_id, by_id, at, approved=False)


def _lock_pending_edit(
    session: Session, viewer: Viewer, post_id: int, seen: int | None
) -> tuple[PostView, int, PendingEdit]:
    post = post_changes.lock_post_to_moderate(session, viewer, post_id)
    edit = session.get(PendingEdit, post_id)
    if edit is None or post.author_id is None:
        raise NotFound
    if post.author_id == viewer.id:
        raise Forbidden(_("Someone else has to review what you wrote."), code="own_post")
    if edit.declined_at is not None:
        raise Conflict(_("Another moderator has already declined this edit."), code="decided")
    if seen is not None and seen != edit.version:
        raise Conflict(
            _("This edit has changed since you opened it. Please read it again."),
            code="changed",
        )
    return post, post.author_id, edit


def _html(body: str) -> Markup:
    return Markup(text.render(body))  # noqa: S704 - that is what core/text is for


def _announce_decision(
    post: PostView, author_id: int, by_id: int, at: datetime, *, approved: bool
) -> None:
    announce(EditDecided(post.id, post.thread_id, post.group_id, author_id, by_id, approved, at))


def _digest(post: PostView) -> str:
    """Return a digest of what a post says."""
    return ids.digest(f"{post.content_note}\n{post.body}")
