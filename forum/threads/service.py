"""Every write about threads and posts, one function per verb, whatever the door."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.groups import queries as group_queries
from forum.groups.membership import silence_checks
from forum.groups.reaction_types import REACTIONS
from forum.threads import limits, queries
from forum.threads.approval import pre_moderation
from forum.threads.events import (
    PostChanged,
    ReactionGiven,
    ReactionRemoved,
    ThreadStarted,
)
from forum.threads.models import Reaction
from forum.threads.posts import (
    mentions,
    pending_edits,
    post_changes,
    post_creation,
    reactions,
    reply_permission,
)
from forum.threads.posts.post_creation import PostRef, PostSlot
from forum.threads.posts.post_states import PostState
from forum.threads.queries import PostView, ThreadView
from forum.threads.reader import drafts
from forum.threads.reader.drafts import Content, HeldDraft


def start_thread(  # noqa: PLR0913 - what its form holds, and what an import knows
    viewer: Viewer,
    group_id: int,
    *,
    title: str,
    body: str,
    content_note: str = "",
    idempotency_key: str | None = None,
    draft: HeldDraft | None = None,
    is_introductions: bool = False,
    at: datetime | None = None,
) -> PostRef:
    """Open a thread with its first post; return that post's place. It ends the `draft` it was.

    Sent again with the same key, it returns what the first sending made. Raises Invalid,
    LoginNeeded, Forbidden, NotFound.
    """
    author_id, key = member_id(viewer), _checked_key(idempotency_key)
    title = text.one_line(title, "title", least=limits.TITLE_MIN, most=limits.TITLE_MAX)
    content = post_creation.check_content(body, content_note)
    brought, at = at is not None, at or clock.now()
    try:
        with transaction() as session:
            if earlier := post_creation.find_sent_before(author_id, key):
                return earlier
            group = group_queries.group_by_id(viewer, group_id)
            if not group.belongs:
                raise Forbidden(_("Join this group to start a thread."), code="members_only")
            silence_checks.require_not_silenced_in(author_id, group_id, at)
            pending = not brought and pre_moderation.needs_approval(author_id, group_id, group)
            thread = post_creation.insert_thread(
                session, author_id, group_id, title, is_introductions, at, pending=pending
            )
            sent = Content(title, content.body, content.content_note)
            drafts.drop_sent(session, author_id, group_id, 0, sent, draft)
            if not pending:
                announce(ThreadStarted(thread.thread_id, group_id, author_id, at))
            return post_creation.insert_post(session, author_id, thread, content, at, key)
    except IntegrityError:
        if twin := post_creation.find_sent_before(author_id, key):
            return twin
        raise


def post_reply(
    viewer: Viewer,
    thread_id: int,
    *,
    body: str,
    content_note: str = "",
    idempotency_key: str | None = None,
    draft: HeldDraft | None = None,
    at: datetime | None = None,
) -> PostRef:
    """Say something in a thread; return the post's place. It ends the `draft` that it was.

    Sent again with the same key, it returns what the first sending made. Raises Invalid,
    LoginNeeded, Forbidden, NotFound.
    """
    author_id, key = member_id(viewer), _checked_key(idempotency_key)
    content = post_creation.check_content(body, content_note)
    brought, at = at is not None, at or clock.now()
    try:
        with transaction() as session:
            if earlier := post_creation.find_sent_before(author_id, key):
                return earlier
            thread, slot = _allocate_slot(viewer, thread_id, author_id, at, brought=brought)
            reply_permission.require_may_reply(thread, slot, author_id, at)
            if thread.has_draft:
                sent = Content("", content.body, content.content_note)
                drafts.drop_sent(session, author_id, thread.group_id, thread.id, sent, draft)
            return post_creation.insert_post(session, author_id, slot, content, at, key)
    except IntegrityError:
        if twin := post_creation.find_sent_before(author_id, key):
            return twin
        raise


def _allocate_slot(
    viewer: Viewer, thread_id: int, author_id: int, at: datetime, *, brought: bool
) -> tuple[ThreadView, PostSlot]:
    """Return where the viewer writes, and the next place there.

    A thread that is moved, merged or reviewed between looking and taking is looked at again.
    """
    while True:
        thread = queries.current_thread_for(viewer, thread_id)
        if not thread.belongs:
            raise Forbidden(
                _("Join %(group)s to reply.", group=thread.group_name), code="members_only"
            )
        if thread.last_number == 0:
            raise Conflict(reply_permission.reason_unpublished(thread.id), code="pending")
        if not brought and pre_moderation.needs_approval(
            author_id, thread.group_id, thread, pre_moderated=thread.pre_moderated
        ):
            slot = post_creation.allocate_pending_slot(thread.id, thread.group_id)
        else:
            slot = post_creation.allocate_slot(
                thread.id, thread.group_id, at, approved=brought or thread.moderates
            )
        if slot is not None:
            return thread, slot


def edit_post(
    viewer: Viewer, post_id: int, *, body: str, content_note: str = "", shown: str | None = None
) -> bool:
    """Change one's own post; it is marked as edited. Return whether the change waits for approval.

    `shown` is the version of what the author changed. Raises EditConflict, Invalid, NotFound,
    Forbidden, Conflict.
    """
    author_id, at = member_id(viewer), clock.now()
    content = post_creation.check_content(body, content_note)
    with transaction() as session:
        post = post_changes.lock_own_post(session, viewer, post_id)
        if not post.belongs:
            raise Forbidden(
                _("Join the group again to change what you wrote."), code="members_only"
            )
        silence_checks.require_not_silenced(post.silenced_until, post.silence_reason, at)
        reply_permission.require_editable(post)
        if post.state == PostState.DECLINED:
            raise Conflict(
                _("This post wasn't approved. You can copy your words and write a new one."),
                code="declined",
            )
        edit = pending_edits.edit_of(post_id, session)
        pending_edits.require_unchanged(session, post, edit, content, shown)
        same = (content.body, content.content_note) == (post.body, post.content_note)
        if not same and pre_moderation.edit_needs_approval(author_id, post):
            pending_edits.save(session, post, edit, content, at)
            return True
        pending_edits.discard(session, edit, at)
        if same:
            return False
        mentions.record_mentioned(session, post_id, post.group_id, content.body)
        post_changes.change_post(
            session, post, author_id, "edited", at, edited_at=at, **content.columns()
        )
        return False


def delete_post(viewer: Viewer, post_id: int) -> None:
    """Take one's own post back; a quiet gap remains. Raises NotFound, Forbidden, Conflict."""
    author_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        post = post_changes.lock_own_post(session, viewer, post_id)
        pending_edits.discard(session, pending_edits.edit_of(post_id, session), at)
        post_changes.change_post(
            session,
            post,
            author_id,
            "deleted",
            at,
            reason=post.thread_title if post.opens_thread else "",
            **post_changes.emptied(post),
        )


def hide_post(
    viewer: Viewer, post_id: int, reason: str = "", *, post: PostView | None = None
) -> None:
    """Hide a post from all but its author and the moderators.

    `post` is given by a caller who has it locked to moderate already. Raises NotFound, Forbidden,
    Conflict; hiding a hidden post changes nothing.
    """
    _hide_or_restore(viewer, post_id, reason, post, hide=True)


def restore_post(
    viewer: Viewer, post_id: int, reason: str = "", *, post: PostView | None = None
) -> None:
    """Show a hidden post again; `post` as for `hide_post`. Raises NotFound, Forbidden, Conflict."""
    _hide_or_restore(viewer, post_id, reason, post, hide=False)


def _hide_or_restore(
    viewer: Viewer, post_id: int, reason: str, post: PostView | None, *, hide: bool
) -> None:
    by_id, at = member_id(viewer), clock.now()
    reason = text.one_line(reason, "reason", most=limits.REASON_MAX)
    with transaction() as session:
        post = post or post_changes.lock_post_to_moderate(session, viewer, post_id)
        post_changes.require_published(post)
        if post.state.is_hidden == hide:
            return
        post_changes.hide_or_restore(session, post, by_id, at, hide=hide, reason=reason)


def react(viewer: Viewer, post_id: int, kind: str, *, on: bool, at: datetime | None = None) -> None:
    """Give a reaction or take it back; doing either twice changes nothing.

    Raises Invalid for an unknown kind, NotFound, Forbidden, Conflict.
    """
    account_id, at = member_id(viewer), at or clock.now()
    if kind not in REACTIONS:
        raise Invalid(fields={"kind": _("Choose one of: %(kinds)s.", kinds=", ".join(REACTIONS))})
    with transaction() as session:
        post = post_changes.lock_post(session, viewer, post_id)
        if not post.belongs:
            raise Forbidden(_("Join this group to react to posts."), code="members_only")
        if post.author_id == account_id:
            raise Forbidden(_("You can't react to your own posts."), code="own_post")
        post_changes.require_published(post)
        if on:
            silence_checks.require_not_silenced(post.silenced_until, post.silence_reason, at)
        given = session.get(Reaction, (post_id, account_id, kind))
        if (given is not None) == on:
            return
        if given:
            session.delete(given)
            announce(ReactionRemoved(post_id, post.thread_id, account_id, kind, at))
        else:
            session.add(Reaction(post_id=post_id, account_id=account_id, kind=kind, created_at=at))
            announce(ReactionGiven(post_id, post.thread_id, post.author_id, account_id, kind, at))
        counted = reactions.count_reactions(session, post_id)
        post_changes.update_post(session, post, at=at, reactions=counted)
        announce(PostChanged(post_id, post.thread_id, account_id, "reacted", at))


def _checked_key(idempotency_key: str | None) -> str | None:
    if idempotency_key is None or not idempotency_key.strip():
        return None
    return text.one_line(idempotency_key, "idempotency_key", most=limits.IDEMPOTENCY_KEY_MAX)
