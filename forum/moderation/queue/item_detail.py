"""The thing that an item is about, as the one who looks may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.db import current_session
from forum.core.errors import NotFound
from forum.core.translation import _, lazy
from forum.core.web import private_ids
from forum.groups import quotation_visibility
from forum.groups.membership import hidden_content_access
from forum.groups.models import JoinRequest
from forum.groups.profiles import queries as profiles
from forum.meetings.room.messages import private_note_queries
from forum.meetings.room.messages import queries as message_queries
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items.models import (
    CARE_MESSAGE,
    JOIN_REQUEST,
    POST,
    PRIVATE_MESSAGE,
    PRIVATE_NOTE,
    REPORT,
    ROOM_MESSAGE,
    WATCHED_WORD,
)
from forum.moderation.reports import report_evidence
from forum.moderation.watched_words import service as watched_words
from forum.safety import queries as safety
from forum.threads import queries as threads
from forum.threads.posts import fragments, pending_edits

POSTS_BEFORE, POSTS_AFTER = 2, 1
VANISHED = lazy(
    "This message is no longer there. Messages in a room are deleted some time after the meeting, "
    "and authors can delete their own or leave. Or one of you has blocked the other: then please "
    "hand this over. The author may still need someone."
)

NOT_KEPT = lazy(
    "What was kept of this conversation was deleted when the report was resolved, or because one "
    "of the two has left for good. Nobody else can read their messages."
)
GONE = lazy("The message is no longer there: its author or its reader has left for good.")


@dataclass(frozen=True)
class ItemDetail:
    """What a page shows of it; `missing` says why when there is nothing to show.

    `posts` are fragments with whether each is the one in question; `said` is the same in a room,
    where `message` is the address of what can be done with it while it is there.
    """

    missing: str = ""
    address: str = ""
    title: str = ""
    handle: str = ""
    words: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    message: str = ""
    hidden: bool = False
    pending: bool = False
    edit: Mapping[str, Any] | None = None
    version: int = 0
    watched_words: list[str] = field(default_factory=list)
    requester_id: int = 0


def detail_of(viewer: Viewer, item: ItemView) -> ItemDetail:
    """Return what the viewer may see of the thing."""
    try:
        if item.kind == JOIN_REQUEST:
            return _join_request(item)
        return _DETAILS.get(item.target_kind, _person)(viewer, item)
    except NotFound:
        return ItemDetail(
            missing=_(
                "You can't see this. It may be gone, or one of you may have blocked the other. "
                "Please hand it over."
            )
        )


def _post(viewer: Viewer, item: ItemView) -> ItemDetail:
    post = threads.post_for(viewer, item.target_id)
    thread = threads.thread_for(viewer, post.thread_id)
    if post.number is not None:
        around = threads.posts_between(
            viewer, post.thread_id, post.number - POSTS_BEFORE, post.number + POSTS_AFTER
        )
    else:  # it would come after what was said last
        last = thread.last_number
        around = [
            *threads.posts_between(viewer, post.thread_id, max(last - POSTS_BEFORE, 0) + 1, last),
            threads.post_row(viewer, post.id),
        ]
    hidden_content_access.record(viewer, post.group_id, POST, around)
    html = quotation_visibility.for_reader(viewer.id, post.group_id, fragments.fragments_of(around))
    words = watched_words.words_in(post.group_id) if item.kind == WATCHED_WORD else []
    said = f"{thread.title}\n{post.body}" if post.number == 1 else post.body
    return ItemDetail(
        missing=_("Its author has deleted this post.") if post.state.is_deleted else "",
        address=f"/posts/{post.id}",
        title=thread.title,
        handle=post.author or "",
        posts=[
            {
                "id": row.id,
                "html": fragments.without_actions(html[row.id]),
                "is_target": row.id == post.id,
            }
            for row in around
        ],
        hidden=post.state.is_hidden,
        pending=post.state.is_pending,
        edit=pending_edits.edits_on_page(viewer, thread, [post]).get(post.id),
        version=post.version,
        watched_words=watched_words.find(said, words),
    )


def _room_message(viewer: Viewer, item: ItemView) -> ItemDetail:
    """Return what a report keeps of it, or else what is still in the room."""
    there = _in_room(viewer, item.target_id)
    if item.kind == REPORT and item.is_open:
        rows = report_evidence.evidence_of(viewer, item.id)
    elif there:
        rows = list(message_queries.messages_until(viewer, there, report_evidence.BEFORE))
    else:
        rows = []
    if not any(row.id == item.target_id for row in rows):
        return ItemDetail(missing=VANISHED)
    hidden_content_access.record(viewer, item.group_id, ROOM_MESSAGE, rows)
    rendered = {row.id: Markup(text.render(row.body)) for row in rows}  # noqa: S704
    html = quotation_visibility.for_reader(viewer.id, item.group_id or 0, rendered)
    said = [
        {**row._asdict(), "html": html[row.id], "is_target": row.id == item.target_id}
        for row in rows
    ]
    if there is None or there.deleted_at is not None:
        return ItemDetail(said=said)
    return ItemDetail(
        address=f"/room-messages/{there.id}",
        said=said,
        message=f"/meetings/{there.meeting_id}/messages/{there.id}",
        hidden=there.hidden_at is not None,
    )


def _private_note(viewer: Viewer, item: ItemView) -> ItemDetail:
    """Return a private word, with what was said before it on the same line."""
    try:
        rows = private_note_queries.private_notes_until(viewer, item.target_id)
    except NotFound:
        return ItemDetail(missing=VANISHED)
    said = [
        {
            "author": row.author,
            "said_at": row.created_at,
            "content_note": "",
            "html": Markup(text.render(row.body)),  # noqa: S704
            "is_target": row.id == item.target_id,
        }
        for row in rows
    ]
    return ItemDetail(address=f"/meetings/{rows[-1].meeting_id}/room", said=said)


def _care_message(viewer: Viewer, item: ItemView) -> ItemDetail:
    """Return the message as its report keeps it, or else as it is still there."""
    try:
        note = safety.care_message_for(viewer, item.target_id)
    except NotFound:
        note = None  # its recipient has left for good
    said = [
        {"author": row.author, "said_at": row.said_at, "body": row.body}
        for row in (report_evidence.evidence_of(viewer, item.id) if item.is_open else ())
    ]
    if not said and note is not None and note.body:
        said = [{"author": note.author, "said_at": note.created_at, "body": note.body}]
    return ItemDetail(
        missing="" if said else GONE,
        address=f"/safety/notes/{private_ids.of(note.id)}" if note else "",
        said=[
            one | {"html": Markup(text.render(one["body"])), "is_target": True}  # noqa: S704
            for one in said
        ],
    )


def _private_message(viewer: Viewer, item: ItemView) -> ItemDetail:
    """Return what the report keeps; nothing else of the conversation is read, by anybody."""
    rows = report_evidence.evidence_of(viewer, item.id) if item.is_open else []
    if not any(row.id == item.target_id for row in rows):
        return ItemDetail(missing=NOT_KEPT)
    hidden_content_access.record(viewer, item.group_id, hidden_content_access.IN_PRIVATE, rows)
    return ItemDetail(
        said=[
            {
                **row._asdict(),
                "html": Markup(text.render(row.body)),  # noqa: S704 - that is what it is for
                "is_target": row.id == item.target_id,
            }
            for row in rows
        ]
    )


def _in_room(viewer: Viewer, message_id: int) -> Any | None:
    try:
        return message_queries.message_for(viewer, message_id)
    except NotFound:
        return None


def _join_request(item: ItemView) -> ItemDetail:
    row = (
        current_session()
        .execute(
            select(JoinRequest.message, Account.handle)
            .join(Account, Account.id == JoinRequest.account_id)
            .where(JoinRequest.account_id == item.target_id, JoinRequest.group_id == item.group_id)
        )
        .one_or_none()
    )
    if row is None:
        return ItemDetail(missing=_("This request was accepted, declined or withdrawn."))
    address = f"/groups/{item.group_slug}/requests"
    requester_id = item.target_id if item.is_open else 0
    return ItemDetail(
        address=address, handle=row.handle, words=row.message, requester_id=requester_id
    )


def _person(viewer: Viewer, item: ItemView) -> ItemDetail:
    person = profiles.profile_for(viewer, item.target_id)
    return ItemDetail(
        address=f"/members/{public_ids.of(person.id)}", handle=person.handle, words=person.about
    )


_DETAILS: dict[str, Callable[[Viewer, ItemView], ItemDetail]] = {
    POST: _post,
    ROOM_MESSAGE: _room_message,
    PRIVATE_NOTE: _private_note,
    CARE_MESSAGE: _care_message,
    PRIVATE_MESSAGE: _private_message,
}
