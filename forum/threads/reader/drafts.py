"""What somebody has begun to write and not sent: replies, and new threads.

Each open page says which draft it holds and which version it knows. What a page saves never
replaces words that it has not seen: it becomes another draft, and the page learns of the first.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, ids, text
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, NotFound
from forum.core.translation import lazy
from forum.groups import queries as group_queries
from forum.threads import limits, queries
from forum.threads.models import IN_THREAD, Post, Thread
from forum.threads.reader.models import Draft

JUST_NOW = timedelta(minutes=2)
MOST = 20
_KEY = re.compile("[0-9a-f]{1,32}")
_TOO_MANY = lazy(
    "You have %(most)s unsent drafts here. Please send or delete one first. Your words stay on "
    "this page.",
    most=MOST,
)
_TOO_LONG = lazy("Together they're too long for one post. Both drafts are still here.")


@dataclass(frozen=True)
class HeldDraft:
    """The draft that a page holds, the version that it knows, and which page it is."""

    key: str = ""
    version: int = 0
    writer: str = ""


@dataclass(frozen=True)
class Content:
    """The words of a draft."""

    title: str = ""
    body: str = ""
    content_note: str = ""

    def holds(self, draft: Draft) -> bool:
        """Whether nothing is lost of a draft when these words replace it."""
        return (
            draft.title.strip() in self.title
            and draft.body.strip() in self.body
            and draft.content_note.strip() in self.content_note
        )


def held_draft(key: str, version: str, writer: str) -> HeldDraft:
    """Return what a form says of its draft; what cannot be meant counts as nothing."""
    sound = [given if _KEY.fullmatch(given) else "" for given in (key, writer)]
    return HeldDraft(sound[0], ids.number(version) or 0, sound[1])


def save_draft(
    viewer: Viewer,
    group_id: int,
    thread_id: int = 0,
    *,
    title: str = "",
    body: str,
    content_note: str = "",
    held: HeldDraft | None = None,
) -> HeldDraft:
    """Keep what somebody has not sent yet; nothing written drops it. Return the draft it is now.

    A draft can arrive after the post that was made of it: what was just sent is not kept.
    Raises Invalid, NotFound, and Conflict where there are too many already.
    """
    account_id = member_id(viewer)
    content = Content(
        text.one_line(title, "title", most=limits.TITLE_MAX),
        text.checked(body, "body", most=limits.BODY_MAX),
        text.one_line(content_note, "content_note", most=limits.CONTENT_NOTE_MAX),
    )
    held = held or HeldDraft()
    try:
        return _save(viewer, account_id, group_id, thread_id, content, held)
    except IntegrityError:  # the same page saved twice at once
        return _save(viewer, account_id, group_id, thread_id, content, held)


def _save(
    viewer: Viewer,
    account_id: int,
    group_id: int,
    thread_id: int,
    content: Content,
    held: HeldDraft,
) -> HeldDraft:
    with transaction() as session:
        group_id, thread_id = _place(viewer, group_id, thread_id)
        rows = _lock_drafts(session, account_id, group_id, thread_id)
        row = rows.get(held.key)
        if row is not None and not _may_replace(row, content, held):
            held = HeldDraft(_key_beside(row.key, held.writer), 0, held.writer)
            row = rows.get(held.key)
        empty = not (content.title or content.body)
        if empty or _was_just_sent(session, account_id, group_id, thread_id, content.body):
            if row is not None:
                session.delete(row)
            return held
        if row is None:
            row = next((twin for twin in rows.values() if _content(twin) == content), None)
        if row is None:
            if len(rows) >= MOST:
                raise Conflict(_TOO_MANY, code="too_many_drafts")
            key = held.key or uuid.uuid4().hex
            row = Draft(
                account_id=account_id,
                group_id=group_id,
                thread_id=thread_id,
                key=key,
                version=held.version,
            )
            session.add(row)
        _write(row, content, held.writer)
        return HeldDraft(row.key, row.version, held.writer)


def _key_beside(key: str, writer: str) -> str:
    """Return the key of what a page writes beside a draft, the same when it is sent once more."""
    return ids.digest(f"{key} {writer}")[:32] if writer else uuid.uuid4().hex


def _may_replace(row: Draft, content: Content, held: HeldDraft) -> bool:
    seen = row.version == held.version or (held.writer != "" and row.writer == held.writer)
    return seen or content.holds(row)


def _content(row: Draft) -> Content:
    return Content(row.title, row.body, row.content_note)


def _write(row: Draft, content: Content, writer: str) -> None:
    if row.saved_at is None or _content(row) != content:
        row.version += 1
        row.title, row.body = content.title, content.body
        row.content_note, row.saved_at = content.content_note, clock.now()
    row.writer = writer


def _place(viewer: Viewer, group_id: int, thread_id: int) -> tuple[int, int]:
    if thread_id:
        thread = queries.current_thread_for(viewer, thread_id)
        return thread.group_id, thread.id
    return group_queries.group_by_id(viewer, group_id).id, 0


def append_draft(viewer: Viewer, group_id: int, thread_id: int, key: str, to: HeldDraft) -> str:
    """Put another draft's words behind those of the one that a page holds; return which it is.

    Raises NotFound, and Conflict where they are too long for one post together.
    """
    account_id = member_id(viewer)
    with transaction() as session:
        rows = _lock_drafts(session, account_id, *_place(viewer, group_id, thread_id))
        other, row = rows.get(key), rows.get(to.key)
        if other is None:
            raise NotFound
        if row is None or row is other:
            return key
        both = f"{row.body}\n\n{other.body}".strip()
        if len(both) > limits.BODY_MAX:
            raise Conflict(_TOO_LONG, code="too_long")
        note = row.content_note or other.content_note
        _write(row, Content(row.title or other.title, both, note), to.writer)
        session.delete(other)
        return row.key


def delete_draft(viewer: Viewer, group_id: int, thread_id: int, key: str) -> None:
    """Forget a draft that its writer does not want any more; one that is gone is no fault."""
    with transaction() as session:
        place = _place(viewer, group_id, thread_id)
        row = _lock_drafts(session, member_id(viewer), *place).get(key)
        if row is not None:
            session.delete(row)


def drop_sent(
    session: Session,
    account_id: int,
    group_id: int,
    thread_id: int,
    sent: Content,
    held: HeldDraft | None,
) -> None:
    """Forget the draft of which a post was made, and each whose words are all in that post."""
    for row in _lock_drafts(session, account_id, group_id, thread_id).values():
        was_sent = held is not None and (row.key, row.version) == (held.key, held.version)
        if was_sent or sent.holds(row):
            session.execute(
                delete(Draft)
                .where(*_at(account_id, group_id, thread_id), Draft.key == row.key)
                .execution_options(synchronize_session=False)
            )


def _at(account_id: int, group_id: int, thread_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Draft.account_id == account_id,
        Draft.group_id == group_id,
        Draft.thread_id == thread_id,
    )


def _lock_drafts(
    session: Session, account_id: int, group_id: int, thread_id: int
) -> dict[str, Draft]:
    found = select(Draft).where(*_at(account_id, group_id, thread_id)).with_for_update()
    rows: Iterable[Draft] = session.scalars(found.execution_options(populate_existing=True))
    return {row.key: row for row in rows}


def _was_just_sent(
    session: Session, account_id: int, group_id: int, thread_id: int, body: str
) -> bool:
    sent = (
        select(Post.id)
        .join(Thread, IN_THREAD)
        .where(
            Post.author_id == account_id,
            Post.created_at > clock.now() - JUST_NOW,
            Post.body == body,
            Thread.id == thread_id if thread_id else Thread.group_id == group_id,
        )
    )
    return session.execute(sent.limit(1)).first() is not None


def drafts_of(
    viewer: Viewer, group_id: int, thread_id: int = 0
) -> list[Row[tuple[str, int, str, str, str, datetime]]]:
    """Return what somebody has begun to write at a place, the latest first.

    Columns: key, version, title, body, content_note, saved_at.
    """
    found = select(
        Draft.key, Draft.version, Draft.title, Draft.body, Draft.content_note, Draft.saved_at
    ).where(*_at(viewer.id or 0, group_id, thread_id))
    return list(current_session().execute(found.order_by(Draft.saved_at.desc(), Draft.key)))
