"""The steps of writing something new; all run inside the transaction of `service`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean

from forum.core import clock, text
from forum.core.db import reading
from forum.core.db.compiled_sql import Prepared
from forum.core.events import announce
from forum.groups.models import Group
from forum.threads import limits
from forum.threads.approval import review_stats
from forum.threads.events import PostCreated, PostPending
from forum.threads.models import Post, PostReview, Thread
from forum.threads.posts import mentions
from forum.threads.reader import reader_state


@dataclass(frozen=True)
class PostRef:
    """Where a post stands."""

    id: int
    thread_id: int
    number: int
    version: int


@dataclass(frozen=True)
class PostContent:
    """What somebody wrote, checked, and rendered before any transaction has to wait for that."""

    body: str
    content_note: str
    html: str


def check_content(body: str, content_note: str) -> PostContent:
    """Return the words fit to keep. Raises Invalid."""
    body = text.checked(body, "body", least=1, most=limits.BODY_MAX, name="Your message")
    note = text.one_line(content_note, "content_note", most=limits.CONTENT_NOTE_MAX)
    return PostContent(body, note, text.render(body, mentions=True))


_FIND_SENT_BEFORE = Prepared(
    select(Post.id, Post.thread_id, Post.number, Post.version).where(
        Post.author_id == bindparam("author"), Post.idempotency_key == bindparam("key")
    )
)


def find_sent_before(author_id: int, idempotency_key: str | None) -> PostRef | None:
    """Return the post that this author has already sent under this key."""
    if not idempotency_key:
        return None
    row = _FIND_SENT_BEFORE.first(author=author_id, key=idempotency_key)
    return PostRef(*row) if row else None


@dataclass(frozen=True)
class PostSlot:
    """The next place in a thread, taken for one post; below 0 for one that is held."""

    thread_id: int
    group_id: int
    number: int
    version: int
    locked: bool = False
    slow_seconds: int = 0

    @property
    def held(self) -> bool:
        """Whether the post waits for a first look."""
        return self.number < 0


_INSERT_THREAD = insert(Thread).returning(Thread.id)


def insert_thread(
    session: Session, author_id: int, group_id: int, title: str, says_hello: bool, at: datetime,
    *, held: bool,
) -> PostSlot:  # fmt: skip
    """Store a new thread, and return its first place; it counts once its first post is shown."""
    thread_id = (
        session.connection()
        .execute(
            _INSERT_THREAD,
            {
                "group_id": group_id,
                "author_id": author_id,
                "title": title,
                "says_hello": says_hello,
                "version": 1,
                "last_number": 0 if held else 1,
                "post_count": 0 if held else 1,
                "held_count": 1 if held else 0,
                "created_at": at,
                "last_post_at": at,
            },
        )
        .scalar_one()
    )
    if held:
        return PostSlot(thread_id, group_id, -1, 1)
    increment_thread_count(session, group_id)
    return PostSlot(thread_id, group_id, 1, 1)


def increment_thread_count(session: Session, group_id: int) -> None:
    """Count one more thread in a group."""
    session.execute(
        update(Group).where(Group.id == group_id).values(thread_count=Group.thread_count + 1)
    )


# A thread that was moved or merged a moment ago has no turn to give here any longer.
_IS_STILL_IN_GROUP = (
    Thread.id == bindparam("thread"),
    Thread.group_id == bindparam("group"),
    Thread.merged_into_id.is_(None),
)
_ALLOCATE_SLOT = Prepared(
    update(Thread)
    .where(
        *_IS_STILL_IN_GROUP,
        or_(Thread.reviewed.is_(False), bindparam("though_reviewed", type_=Boolean)),
    )
    .values(
        version=Thread.version + 1,
        last_number=Thread.last_number + 1,
        post_count=Thread.post_count + 1,
        last_post_at=bindparam("at"),
    )
    .returning(Thread.version, Thread.last_number, Thread.locked, Thread.slow_seconds)
)


def allocate_slot(
    thread_id: int, group_id: int, at: datetime, *, though_reviewed: bool
) -> PostSlot | None:  # fmt: skip
    """Take the next place in a thread; it stays locked until the transaction ends.

    Returns None where the thread is in this group no longer, or part of another, or where what is
    written there has to wait for a look since a moment ago, unless it may stand `though_reviewed`.
    """
    taken = _ALLOCATE_SLOT.first(
        thread=thread_id, group=group_id, at=at, though_reviewed=though_reviewed
    )
    if taken is None:
        return None
    version, number, locked, slow_seconds = taken
    return PostSlot(thread_id, group_id, number, version, locked, slow_seconds)


_ALLOCATE_PENDING_SLOT = Prepared(
    update(Thread)
    .where(*_IS_STILL_IN_GROUP)
    .values(version=Thread.version + 1, held_count=Thread.held_count + 1)
    .returning(Thread.version, Thread.locked, Thread.slow_seconds)
)


def allocate_pending_slot(thread_id: int, group_id: int) -> PostSlot | None:
    """Let a post wait beside a thread; None as in `take_turn`.

    Versions are counted once, so numbers are, too.
    """
    taken = _ALLOCATE_PENDING_SLOT.first(thread=thread_id, group=group_id)
    if taken is None:
        return None
    version, locked, slow_seconds = taken
    return PostSlot(thread_id, group_id, -version, version, locked, slow_seconds)


_INSERTED_COLUMNS = (
    "thread_id", "author_id", "number", "version", "body", "content_note", "html", "renderer",
    "reactions", "created_at", "held_at", "idempotency_key",
)  # fmt: skip
_LAST_INSERTED = "latest_words"
_INSERT_POST = Prepared(
    insert(Post)
    .values({column: bindparam(column) for column in _INSERTED_COLUMNS})
    .returning(Post.id)
)


def insert_post(
    session: Session,
    author_id: int,
    turn: PostSlot,
    words: PostContent,
    at: datetime,
    key: str | None,
) -> PostRef:
    """Store a post at its place, and announce it, or that it is held for a first look."""
    named = mentions.find_mentioned(session, turn.group_id, words.body)
    (post_id,) = _INSERT_POST.all(
        thread_id=turn.thread_id, author_id=author_id, number=turn.number, version=turn.version,
        body=words.body, content_note=words.content_note,
        html=words.html, renderer=text.RENDERER_VERSION,
        reactions={}, created_at=at, held_at=at if turn.held else None, idempotency_key=key,
    )[0]  # fmt: skip
    session.info[_LAST_INSERTED] = post_id, words.body
    mentions.record_mentions(session, post_id, named.everyone)
    reader_state.follow_after_posting(author_id, turn.thread_id, max(turn.number, 0))
    if turn.held:
        _record_pending(session, post_id, author_id, turn, at)
        return PostRef(post_id, turn.thread_id, turn.number, turn.version)
    announce(
        PostCreated(
            post_id, turn.thread_id, turn.group_id, author_id, turn.number,
            text.words(words.body), tuple(named.members.values()), at,
        )
    )  # fmt: skip
    return PostRef(post_id, turn.thread_id, turn.number, turn.version)


def body_just_inserted(post_id: int) -> str | None:
    """Return the words of the post that was stored last in this transaction, if it is this one."""
    latest, body = reading().info.get(_LAST_INSERTED, (None, None))
    return body if latest == post_id else None


def _record_pending(
    session: Session, post_id: int, author_id: int, turn: PostSlot, at: datetime
) -> None:
    session.add(
        PostReview(
            post_id=post_id,
            group_id=turn.group_id,
            held_at=at,
            usual_minutes=review_stats.usual_wait_minutes(turn.group_id),
        )
    )
    session.flush()
    announce(PostPending(post_id, turn.thread_id, turn.group_id, author_id, at))


def now_or(at: datetime | None) -> datetime:
    """Return when something happens: now, or in the past for what an importer brings."""
    return at or clock.now()
