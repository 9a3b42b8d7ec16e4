"""The thing that an entry is about, as the one who looks may see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.db import reading
from forum.core.errors import NotFound
from forum.groups import quotation_visibility as in_groups
from forum.groups.membership import hidden_content_access
from forum.groups.models import JoinRequest
from forum.groups.profiles import queries as profiles
from forum.meetings.room.messages import private_note_queries
from forum.meetings.room.messages import queries as message_queries
from forum.moderation.queue.models import (
    CARE_MESSAGE,
    FLAGGED,
    JOIN_REQUEST,
    POST,
    REPORT,
    ROOM_MESSAGE,
    ROOM_WORD,
)
from forum.moderation.queue.queries import Entry
from forum.moderation.reports import report_evidence
from forum.moderation.watched_words import service as watchwords
from forum.safety import queries as safety
from forum.threads import queries as threads
from forum.threads.approval import pending_edits
from forum.threads.posts import fragments, quotation_visibility

BEFORE, AFTER = 2, 1
VANISHED = (
    "What was said is there no longer: words in a room vanish some time after the meeting, or its "
    "author has taken it back or left. You may also keep apart from whoever said it; then please "
    "hand this over. Whoever it is about may still need somebody."
)

GONE = "The message is there no longer: whoever wrote it, or whoever got it, has left for good."


@dataclass(frozen=True)
class Thing:
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
    watched: list[str] = field(default_factory=list)
    asking_id: int = 0


def thing_of(viewer: Viewer, entry: Entry) -> Thing:
    """Return what the viewer may see of the thing."""
    try:
        if entry.kind == JOIN_REQUEST:
            return _asking(entry)
        return _THINGS.get(entry.subject_kind, _person)(viewer, entry)
    except NotFound:
        return Thing(
            missing="You cannot see this: it is gone, or you keep apart from whoever it is from. "
            "If you keep apart, please hand it over to somebody else."
        )


def _post(viewer: Viewer, entry: Entry) -> Thing:
    post = threads.post_for(viewer, entry.subject_id)
    thread = threads.thread_for(viewer, post.thread_id)
    if post.number is not None:
        around = threads.posts_between(
            viewer, post.thread_id, post.number - BEFORE, post.number + AFTER
        )
    else:  # it would come after what was said last
        last = thread.last_number
        around = [
            *threads.posts_between(viewer, post.thread_id, max(last - BEFORE, 0) + 1, last),
            threads.post_row(viewer, post.id),
        ]
    hidden_content_access.note(viewer, post.group_id, POST, around)
    html = quotation_visibility.for_reader(viewer.id, thread.id, fragments.fragments_of(around))
    words = watchwords.watched(post.group_id) if entry.kind == FLAGGED else []
    said = f"{thread.title}\n{post.body}" if post.number == 1 else post.body
    return Thing(
        missing="Its author has deleted this post." if post.state.is_deleted else "",
        address=f"/posts/{post.id}",
        title=thread.title,
        handle=post.author or "",
        posts=[
            {
                "id": row.id,
                "html": fragments.without_actions(html[row.id]),
                "meant": row.id == post.id,
            }
            for row in around
        ],
        hidden=post.state.is_hidden,
        pending=post.state.is_pending,
        edit=pending_edits.edits_on_page(viewer, thread, [post]).get(post.id),
        version=post.version,
        watched=watchwords.found(said, words),
    )


def _room_message(viewer: Viewer, entry: Entry) -> Thing:
    """Return what a report keeps of it, or else what is still in the room."""
    there = _in_room(viewer, entry.subject_id)
    if entry.kind == REPORT and entry.open:
        rows = report_evidence.of_entry(viewer, entry.id)
    else:
        rows = (
            message_queries.messages_until(viewer, there, report_evidence.BEFORE) if there else []
        )
    if not any(row.id == entry.subject_id for row in rows):
        return Thing(missing=VANISHED)
    hidden_content_access.note(viewer, entry.group_id, ROOM_MESSAGE, rows)
    rendered = {row.id: Markup(text.render(row.body)) for row in rows}  # noqa: S704
    html = in_groups.for_reader(viewer.id, entry.group_id or 0, rendered)
    said = [
        {**row._asdict(), "html": html[row.id], "meant": row.id == entry.subject_id} for row in rows
    ]
    if there is None or there.deleted_at is not None:
        return Thing(said=said)
    return Thing(
        address=f"/room-messages/{there.id}",
        said=said,
        message=f"/meetings/{there.meeting_id}/messages/{there.id}",
        hidden=there.hidden_at is not None,
    )


def _room_word(viewer: Viewer, entry: Entry) -> Thing:
    """Return a private word, with what was said before it on the same line."""
    try:
        rows = private_note_queries.private_notes_until(viewer, entry.subject_id)
    except NotFound:
        return Thing(missing=VANISHED)
    said = [
        {"author": row.author, "said_at": row.created_at, "content_note": "",
         "html": Markup(text.render(row.body)),  # noqa: S704
         "meant": row.id == entry.subject_id}
        for row in rows
    ]  # fmt: skip
    return Thing(address=f"/meetings/{rows[-1].meeting_id}/room", said=said)


def _care_message(viewer: Viewer, entry: Entry) -> Thing:
    """Return the message as its report keeps it, or else as it is still there."""
    try:
        note = safety.care_message_for(viewer, entry.subject_id)
    except NotFound:
        note = None  # whoever got it has left for good
    said = [
        {"author": row.author, "said_at": row.said_at, "body": row.body} for row in
        (report_evidence.of_entry(viewer, entry.id) if entry.open else ())
    ]  # fmt: skip
    if not said and note is not None and note.body:
        said = [{"author": note.author, "said_at": note.created_at, "body": note.body}]
    return Thing(
        missing="" if said else GONE,
        address=f"/safety/notes/{note.id}" if note else "",
        said=[one | {"html": Markup(text.render(one["body"])), "meant": True}  # noqa: S704
              for one in said],
    )  # fmt: skip


def _in_room(viewer: Viewer, message_id: int) -> Any | None:
    try:
        return message_queries.message_for(viewer, message_id)
    except NotFound:
        return None


def _asking(entry: Entry) -> Thing:
    row = (
        reading()
        .execute(
            select(JoinRequest.message, Account.handle)
            .join(Account, Account.id == JoinRequest.account_id)
            .where(
                JoinRequest.account_id == entry.subject_id, JoinRequest.group_id == entry.group_id
            )
        )
        .one_or_none()
    )
    if row is None:
        return Thing(missing="This request was accepted, declined or taken back.")
    address = f"/groups/{entry.group_slug}/requests"
    asking_id = entry.subject_id if entry.open else 0
    return Thing(address=address, handle=row.handle, words=row.message, asking_id=asking_id)


def _person(viewer: Viewer, entry: Entry) -> Thing:
    person = profiles.profile_for(viewer, entry.subject_id)
    return Thing(
        address=f"/members/{public_ids.of(person.id)}", handle=person.handle, words=person.about
    )


_THINGS: dict[str, Callable[[Viewer, Entry], Thing]] = {
    POST: _post,
    ROOM_MESSAGE: _room_message,
    ROOM_WORD: _room_word,
    CARE_MESSAGE: _care_message,
}
