"""Pre-moderation: which posts are pending, and what is decided about them."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.threads import limits
from forum.threads.approval import review_stats
from forum.threads.events import PostApproved, PostCreated, PostDeclined, ThreadStarted
from forum.threads.models import APPROVED, DECLINED, Post, PostReview
from forum.threads.posts import (
    mentions,
    moderator_edits,
    pending_edits,
    post_changes,
    post_creation,
)
from forum.threads.posts.post_creation import PostContent
from forum.threads.posts.post_states import PostState
from forum.threads.queries import PostView


class PostingContext(Protocol):
    """A group or a thread, as somebody meets it who is about to write there."""

    @property
    def moderates(self) -> bool: ...

    @property
    def premoderate_first_posts(self) -> bool: ...


def needs_approval(
    author_id: int,
    group_id: int,
    where: PostingContext,
    *,
    pre_moderated: bool = False,
    besides: int = 0,
) -> bool:
    """Whether what this member writes there is pending until a moderator approves it.

    In a `pre_moderated` thread everything is; in a group that wants it so, whatever a newcomer
    writes until something of theirs is published, `besides` one post. Moderators never wait.
    """
    if where.moderates:
        return False
    return pre_moderated or (
        where.premoderate_first_posts
        and not review_stats.has_published(author_id, group_id, besides=besides)
    )


def edit_needs_approval(author_id: int, post: PostView) -> bool:
    """Whether what an author makes of their post now waits for approval, as a new post would.

    A newcomer whose only post was approved has not earned by it that it becomes another one.
    """
    if post.state.is_pending:
        return False
    besides = post.id if post.approved else 0
    return needs_approval(
        author_id, post.group_id, post, pre_moderated=post.pre_moderated, besides=besides
    )


def approve(viewer: Viewer, post_id: int, *, seen: int | None = None) -> None:
    """Show a pending post to everybody, as if it had been written just now, or an edit that waits.

    Its author is notified. `seen` is the version that was reviewed. Raises LoginNeeded, NotFound,
    Forbidden, and Conflict when it has been decided already, or changed since it was looked at.
    """
    by_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        if pending_edits.is_pending(session, post_id):
            pending_edits.approve(viewer, post_id, seen=seen)
            return
        post, author_id = _lock_pending_post(session, viewer, post_id, seen)
        mentioned = mentions.find_mentioned(session, post.group_id, post.body)
        slot = post_creation.allocate_slot(
            post.thread_id, post.group_id, at, approved=True, was_pending=True
        )
        if slot is None:
            raise Conflict  # its thread was locked, and then read: that cannot be
        content = PostContent(post.body, post.content_note)
        session.execute(
            update(Post)
            .where(Post.id == post_id)
            .values(
                number=slot.number,
                version=slot.version,
                state=slot.state,
                state_since=at,
                created_at=at,
                edited_at=None,
                **content.columns(),
            )
            .execution_options(synchronize_session=False)
        )
        _record_decision(session, post_id, by_id, at, APPROVED)
        announce(PostApproved(post_id, post.thread_id, post.group_id, author_id, by_id, at))
        if slot.number == 1:
            moderator_edits.update_thread(session, post.thread_id, created_at=at)
            post_creation.increment_thread_count(session, post.group_id)
            announce(ThreadStarted(post.thread_id, post.group_id, author_id, at))
        announce(
            PostCreated(
                post_id,
                post.thread_id,
                post.group_id,
                author_id,
                slot.number or 0,
                text.words(post.body),
                tuple(mentioned.members.values()),
                at,
            )
        )


def decline(viewer: Viewer, post_id: int, reason: str, *, seen: int | None = None) -> None:
    """Do not show a pending post, or an edit that waits.

    Its author keeps the words, and reads the reason. Raises Invalid without a reason, and what
    `approve` raises.
    """
    by_id, at = member_id(viewer), clock.now()
    reason = text.checked(
        reason, "reason", least=1, most=limits.DECLINE_REASON_MAX, name=_("The reason")
    )
    with transaction() as session:
        if pending_edits.is_pending(session, post_id):
            pending_edits.decline(viewer, post_id, reason, seen=seen)
            return
        post, author_id = _lock_pending_post(session, viewer, post_id, seen)
        _record_decision(session, post_id, by_id, at, DECLINED, reason)
        post_changes.update_post(session, post, at=at, state=PostState.DECLINED)
        announce(PostDeclined(post_id, post.thread_id, post.group_id, author_id, by_id, at))


def _lock_pending_post(
    session: Session, viewer: Viewer, post_id: int, seen: int | None
) -> tuple[PostView, int]:
    """Return a post that waits, and its author, with its thread locked until the end."""
    post = post_changes.lock_post_to_moderate(session, viewer, post_id)
    if post.author_id is None:
        raise NotFound
    if post.author_id == viewer.id:
        raise Forbidden(_("Someone else has to review what you wrote."), code="own_post")
    if post.state.was_published:
        raise Conflict(_("This post has already been approved."), code="decided")
    if post.state == PostState.DECLINED:
        raise Conflict(_("Another moderator has already declined this post."), code="decided")
    if seen is not None and seen != post.version:
        raise Conflict(
            _("This post has changed since you opened it. Please read it again."),
            code="changed",
        )
    return post, post.author_id


def _record_decision(
    session: Session, post_id: int, by_id: int, at: datetime, outcome: str, reason: str = ""
) -> None:
    session.execute(
        update(PostReview)
        .where(PostReview.post_id == post_id)
        .values(decided_at=at, decided_by_id=by_id, outcome=outcome, reason=reason)
        .execution_options(synchronize_session=False)
    )
