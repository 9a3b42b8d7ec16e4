"""The steps of writing something new; all run inside the transaction of `service`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean, Integer

from forum.core import text
from forum.core.db import current_connection, current_session
from forum.core.events import announce
from forum.core.translation import _
from forum.groups.models import Group
from forum.threads import limits
from forum.threads.approval import review_stats
from forum.threads.events import PostCreated, PostPending
from forum.threads.models import Post, PostReview, Thread
from forum.threads.posts import mentions
from forum.threads.posts.post_states import PostState
from forum.threads.reader import reader_state


@dataclass(frozen=True)
class PostRef:
    """Where a post is; one that is pending has no number yet."""

    id: int
    thread_id: int
    number: int | None
    version: int


@dataclass(frozen=True)
class PostContent:
    """What somebody wrote, checked; rendered before any transaction has to wait for that."""

    body: str
    content_note: str
    html: str = ""

    def columns(self) -> dict[str, Any]:
        """Return the columns of a post that says this."""
        return {
            "body": self.body,
            "content_note": self.content_note,
            "html": self.html or text.render(self.body, mentions=True),
            "renderer": text.RENDERER_VERSION,
        }


def check_content(body: str, content_note: str) -> PostContent:
    """Return what somebody wrote, fit to keep. Raises Invalid."""
    body = text.checked(body, "body", least=1, most=limits.BODY_MAX, name=_("Your message"))
    note = text.one_line(content_note, "content_note", most=limits.CONTENT_NOTE_MAX)
    return PostContent(body, note, text.render(body, mentions=True))


_FIND_SENT_BEFORE = select(Post.id, Post.thread_id, Post.number, Post.version).where(
    Post.author_id == bindparam("author"), Post.idempotency_key == bindparam("key")
)


def find_sent_before(author_id: int, idempotency_key: str | None) -> PostRef | None:
    """Return the post that this author has already sent under this key."""
    if not idempotency_key:
        return None
    row = (
        current_connection()
        .execute(_FIND_SENT_BEFORE, {"author": author_id, "key": idempotency_key})
        .first()
    )
    return PostRef(**row._asdict()) if row else None


@dataclass(frozen=True)
class PostSlot:
    """The next place in a thread, taken for one post; without a number for a pending one."""

    thread_id: int
    group_id: int
    number: int | None
    version: int
    locked: bool = False
    slow_seconds: int = 0

    @property
    def state(self) -> PostState:
        """The state of the post that is written there."""
        return PostState.PENDING if self.number is None else PostState.PUBLISHED


_INSERT_THREAD = insert(Thread).returning(Thread.id)


def insert_thread(
    session: Session,
    author_id: int,
    group_id: int,
    title: str,
    is_introductions: bool,
    at: datetime,
    *,
    pending: bool,
) -> PostSlot:
    """Store a new thread, and return its first place; it counts once its first post is shown."""
    thread_id = (
        session.connection()
        .execute(
            _INSERT_THREAD,
            {
                "group_id": group_id,
                "author_id": author_id,
                "title": title,
                "is_introductions": is_introductions,
                "version": 1,
                "last_number": 0 if pending else 1,
                "post_count": 0 if pending else 1,
                "pending_count": 1 if pending else 0,
                "created_at": at,
                "last_post_at": at,
            },
        )
        .scalar_one()
    )
    if pending:
        return PostSlot(thread_id, group_id, None, 1)
    increment_thread_count(session, group_id)
    return PostSlot(thread_id, group_id, 1, 1)


def increment_thread_count(session: Session, group_id: int) -> None:
    """Count one more thread in a group."""
    session.execute(
        update(Group).where(Group.id == group_id).values(thread_count=Group.thread_count + 1)
    )


# A thread that was moved or merged a moment ago gives no number here any longer.
_IS_STILL_IN_GROUP = (
    Thread.id == bindparam("thread"),
    Thread.group_id == bindparam("group"),
    Thread.merged_into_id.is_(None),
)
_ALLOCATE_SLOT = (
    update(Thread)
    .where(
        *_IS_STILL_IN_GROUP,
        or_(Thread.pre_moderated.is_(False), bindparam("approved", type_=Boolean)),
    )
    .values(
        version=Thread.version + 1,
        last_number=Thread.last_number + 1,
        post_count=Thread.post_count + 1,
        pending_count=Thread.pending_count - bindparam("was_pending", type_=Integer),
        last_post_at=bindparam("at"),
    )
    .returning(Thread.version, Thread.last_number, Thread.locked, Thread.slow_seconds)
)


def allocate_slot(
    thread_id: int, group_id: int, at: datetime, *, approved: bool, was_pending: bool = False
) -> PostSlot | None:
    """Take the next place in a thread; it stays locked until the transaction ends.

    Returns None where the thread is in this group no longer, or part of another, or where what is
    written there has to be approved since a moment ago, and is not `approved`. A post that
    `was_pending` is no longer counted as such.
    """
    taken = (
        current_connection()
        .execute(
            _ALLOCATE_SLOT,
            {
                "thread": thread_id,
                "group": group_id,
                "at": at,
                "approved": approved,
                "was_pending": int(was_pending),
            },
        )
        .first()
    )
    if taken is None:
        return None
    return PostSlot(
        thread_id, group_id, taken.last_number, taken.version, taken.locked, taken.slow_seconds
    )


_ALLOCATE_PENDING_SLOT = (
    update(Thread)
    .where(*_IS_STILL_IN_GROUP)
    .values(version=Thread.version + 1, pending_count=Thread.pending_count + 1)
    .returning(Thread.version, Thread.locked, Thread.slow_seconds)
)


def allocate_pending_slot(thread_id: int, group_id: int) -> PostSlot | None:
    """Let a pending post wait beside a thread; None as in `allocate_slot`."""
    taken = (
        current_connection()
        .execute(_ALLOCATE_PENDING_SLOT, {"thread": thread_id, "group": group_id})
        .first()
    )
    if taken is None:
        return None
    return PostSlot(thread_id, group_id, None, taken.version, taken.locked, taken.slow_seconds)


_LAST_INSERTED = "latest_words"
_INSERT_POST = insert(Post).returning(Post.id)


def insert_post(
    session: Session,
    author_id: int,
    slot: PostSlot,
    content: PostContent,
    at: datetime,
    key: str | None,
) -> PostRef:
    """Store a post in its slot, and announce it, or that it is pending."""
    columns = {
        "thread_id": slot.thread_id,
        "author_id": author_id,
        "number": slot.number,
        "version": slot.version,
        **content.columns(),
        "reactions": {},
        "created_at": at,
        "state": slot.state,
        "state_since": at,
        "idempotency_key": key,
    }
    post_id: int = session.connection().execute(_INSERT_POST, columns).scalar_one()
    session.info[_LAST_INSERTED] = post_id, content.body
    mentioned = mentions.record_mentioned(session, post_id, slot.group_id, content.body)
    reader_state.follow_after_posting(author_id, slot.thread_id, slot.number or 0)
    if slot.number is None:
        _record_pending(session, post_id, author_id, slot, at)
    else:
        announce(
            PostCreated(
                post_id,
                slot.thread_id,
                slot.group_id,
                author_id,
                slot.number,
                text.words(content.body),
                tuple(mentioned.members.values()),
                at,
            )
        )
    return PostRef(post_id, slot.thread_id, slot.number, slot.version)


def body_just_inserted(post_id: int) -> str | None:
    """Return the words of the post that was stored last in this transaction, if it is this one."""
    latest, body = current_session().info.get(_LAST_INSERTED, (None, None))
    return body if latest == post_id else None


def _record_pending(
    session: Session, post_id: int, author_id: int, slot: PostSlot, at: datetime
) -> None:
    session.add(
        PostReview(
            post_id=post_id,
            group_id=slot.group_id,
            pending_since=at,
            usual_wait_minutes=review_stats.usual_wait_minutes(slot.group_id),
        )
    )
    session.flush()
    announce(PostPending(post_id, slot.thread_id, slot.group_id, author_id, at))
