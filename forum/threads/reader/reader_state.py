"""What a reader keeps for themselves: what they have read, what they follow, bookmarks."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, exists, literal, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import Boolean, Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.background import periodic
from forum.core.db import current_connection, transaction
from forum.core.errors import Forbidden, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.groups import queries as group_queries
from forum.groups.models import Membership
from forum.threads import queries
from forum.threads.events import GroupRead, PostsRead, ThreadsRead, ThreadUnfollowed
from forum.threads.models import Thread
from forum.threads.reader import read_positions, unread
from forum.threads.reader.models import Bookmark, ReadPosition, ReadRange
from forum.threads.reader.read_positions import ReaderKey
from forum.threads.reader.read_ranges import Position, Range, parse_ranges

WRITE_EVERY_S = 1.0
RETRY_S = 5.0
PAGE_PATIENCE_S = 0.2
_unwritten: dict[ReaderKey, tuple[int, Position]] = {}


_ME = bindparam("me", type_=Integer)
_IDS = bindparam("ids", type_=Integer, expanding=True)
_THREADS, _PEOPLE = (
    select(*columns)
    .where(columns[0].in_(_IDS))
    .order_by(columns[0])
    .with_for_update(read=True, key_share=columns[0] is Account.id)
    for columns in ((Thread.id, Thread.reload_version), (Account.id,))
)


def record_read(
    account_id: int, thread_id: int, number: int, reload_version: int = 0, *, first: int = 1
) -> None:
    """Remember that somebody has read posts, `first` to `number`; it is written within a second.

    `reload_version` is the thread's as they read it: its posts have other numbers after the next
    one, and what is not written by then is forgotten, and nothing unread is lost.
    """
    _collect((account_id, thread_id), reload_version, (first, number))
    periodic.soon(WRITE_EVERY_S, "read_positions", write_positions)


def mark_posts_read(
    viewer: Viewer, thread_id: int, posts: str, reload_version: int | None = None
) -> None:
    """Remember which posts of a thread its reader says they have read, as `parse_ranges` takes it.

    `reload_version` is the thread's on the page that they read. Raises NotFound, Invalid.
    """
    thread = queries.thread_for(viewer, thread_id)
    try:
        ranges = parse_ranges(posts)
    except ValueError:
        raise Invalid(_("Name the posts that were read, such as 1-5."), code="bad_posts") from None
    version = thread.reload_version if reload_version is None else reload_version
    for first, last in ranges:
        end = min(last, thread.seen_number or 0)
        if viewer.id is not None and first <= end:
            record_read(viewer.id, thread.id, end, version, first=first)


def mark_thread_read(viewer: Viewer, thread_id: int, last: int | None = None) -> None:
    """Take a thread for read, up to the post that the reader knew of. Raises LoginNeeded, NotFound.

    What was said after it stays new.
    """
    account_id = member_id(viewer)
    end = queries.thread_for(viewer, thread_id).seen_number or 0
    mark_posts_read(viewer, thread_id, f"1-{max(1, end if last is None else min(last, end))}")
    write_positions_of(account_id)


def _collect(place: ReaderKey, reload_version: int, *ranges: Range) -> None:
    then, position = _unwritten.get(place, (reload_version, Position()))
    if reload_version >= then:
        _unwritten[place] = (
            reload_version,
            (position if reload_version == then else Position()).read(*ranges),
        )


def unwritten_position(account_id: int | None, thread_id: int, reload_version: int) -> Position:
    """Return what somebody has read that is not yet written."""
    then, position = _unwritten.get((account_id or 0, thread_id), (reload_version, Position()))
    return position if then == reload_version else Position()


def write_positions(patience_s: float | None = None) -> None:
    """Write what was read and is waiting; a reader erased meanwhile has none.

    Where the database is away, or ends a deadlock, it is written later.
    """
    noted = _unwritten.copy()
    _unwritten.clear()
    if not noted:
        return
    try:
        _write(noted, patience_s)
    except OperationalError:
        for place, (reload_version, position) in noted.items():
            _collect(place, reload_version, *position.all())
        if periodic.serving():
            periodic.soon(RETRY_S, "read_positions", write_positions)
        raise


def _write(
    noted: Mapping[ReaderKey, tuple[int, Position]], patience_s: float | None = None
) -> None:
    with transaction(patience_s) as session:
        connection = session.connection()
        if readings := _still_valid(connection, noted):
            read_positions.add_read_posts(connection, readings)
            announce(ThreadsRead(readings, clock.now()))


# PostgreSQL's words for "insert or update" are SQLite's, too.
_INSERT = insert(ReadPosition)
_KEY = (ReadPosition.account_id, ReadPosition.thread_id)
_FOLLOW_AFTER_POSTING = _INSERT.values(
    account_id=bindparam("account_id"),
    thread_id=bindparam("thread_id"),
    number=bindparam("number"),
    following=True,
    unfollowed=False,
).on_conflict_do_update(
    index_elements=_KEY,
    set_={
        "number": case(
            (ReadPosition.number == _INSERT.excluded.number - 1, _INSERT.excluded.number),
            else_=ReadPosition.number,
        ),
        "following": not_(ReadPosition.unfollowed),
    },
)
_FOLLOW = _INSERT.values(
    account_id=bindparam("account_id"),
    thread_id=bindparam("thread_id"),
    number=0,
    following=bindparam("on", type_=Boolean),
    unfollowed=bindparam("off", type_=Boolean),
).on_conflict_do_update(
    index_elements=_KEY,
    set_={"following": _INSERT.excluded.following, "unfollowed": _INSERT.excluded.unfollowed},
)


def follow_after_posting(account_id: int, thread_id: int, number: int) -> None:
    """Let somebody follow a thread in which they have written a post, unless they stopped that.

    Their read position moves on to its number (0 while it is pending) only where nothing lies
    between: what they have not read before it stays unread. Who has none there has read what they
    answer.
    """
    current_connection().execute(
        _FOLLOW_AFTER_POSTING, {"account_id": account_id, "thread_id": thread_id, "number": number}
    )


def lock_threads(connection: Connection, thread_ids: Iterable[int | None]) -> Mapping[int, int]:
    """Let replies in these threads wait until the end; return how each was `reload_version` last.

    What is read, and who follows, decides who is notified of a reply.
    """
    rows = connection.execute(_THREADS, {"ids": list({*filter(None, thread_ids)})})
    return {row.id: row.reload_version for row in rows}


def _still_valid(
    connection: Connection, noted: Mapping[ReaderKey, tuple[int, Position]]
) -> tuple[PostsRead, ...]:
    """Return what can be written, in order; threads and readers are held until the end.

    Threads before people, each in order, as merging threads and erasing accounts do, which prevents
    deadlocks; a reader who has gone takes no marks of others along.
    """
    accounts, threads = zip(*noted, strict=True)
    reload_version = lock_threads(connection, threads)
    people = set(connection.scalars(_PEOPLE, {"ids": list(set(accounts))}))
    return tuple(
        PostsRead(account_id, thread_id, position.all())
        for (account_id, thread_id), (then, position) in sorted(noted.items())
        if account_id in people and reload_version.get(thread_id) == then
    )


def write_positions_of(account_id: int | None) -> None:
    """Write now if this person has marks waiting, so their own next page is right.

    It does not wait for others who write for long; then the marks are written a little later.
    """
    if any(reader == account_id for reader, _thread in _unwritten):
        with suppress(OperationalError):
            write_positions(PAGE_PATIENCE_S)


_THREADS_WITH_UNREAD = (
    select(_ME, Thread.id, Thread.last_number, literal(False), literal(False))
    .select_from(Thread)
    .join(Membership, unread.membership_of(_ME))
    .outerjoin(ReadPosition, unread.position_of(_ME))
    .where(
        Thread.group_id == bindparam("group"),
        unread.may_have_unread(),
        Thread.last_post_at <= bindparam("until"),
    )
)
_MARK_GROUP_READ = _INSERT.from_select(
    ["account_id", "thread_id", "number", "following", "unfollowed"], _THREADS_WITH_UNREAD
).on_conflict_do_update(index_elements=_KEY, set_={"number": _INSERT.excluded.number})
_DELETE_PASSED_RANGES = delete(ReadRange).where(
    ReadRange.account_id == _ME,
    exists().where(
        ReadPosition.account_id == _ME,
        ReadPosition.thread_id == ReadRange.thread_id,
        ReadPosition.number >= ReadRange.last,
    ),
)


def mark_group_read(viewer: Viewer, group_id: int, until: datetime) -> None:
    """Take all threads of a group for read in which nothing was said after `until`.

    That is when the reader saw what there is: what came later stays new. Raises LoginNeeded,
    NotFound, Forbidden.
    """
    account_id = member_id(viewer)
    group = group_queries.group_by_id(viewer, group_id)
    if not group.belongs:
        raise Forbidden(f"Join {group.name} first.", code="members_only")
    write_positions_of(account_id)
    asked = {"me": account_id, "group": group_id, "until": until}
    with transaction() as session:
        connection = session.connection()
        locked = _THREADS_WITH_UNREAD.with_only_columns(Thread.id).order_by(Thread.id)
        connection.execute(locked.with_for_update(read=True, of=Thread), asked)
        connection.execute(_MARK_GROUP_READ, asked)
        connection.execute(_DELETE_PASSED_RANGES, asked)
        announce(GroupRead(account_id, group_id, until, clock.now()))


def follow(viewer: Viewer, thread_id: int, *, on: bool) -> None:
    """Be told of new replies in a thread, or no longer. Raises NotFound, Forbidden."""
    account_id = member_id(viewer)
    with transaction() as session:
        thread_id = queries.current_thread_for(viewer, thread_id).id
        if not on:
            # A reply that is being written may tell them still: it comes before the end.
            lock_threads(session.connection(), [thread_id])
        current_connection().execute(
            _FOLLOW, {"account_id": account_id, "thread_id": thread_id, "on": on, "off": not on}
        )
        if not on:
            announce(ThreadUnfollowed(account_id, thread_id, clock.now()))


def set_bookmark(viewer: Viewer, post_id: int, *, on: bool) -> None:
    """Keep a post to find it again, or no longer. Raises NotFound."""
    account_id = member_id(viewer)
    with transaction() as session:
        queries.post_for(viewer, post_id)
        bookmark_row = session.get(Bookmark, (account_id, post_id))
        if on and bookmark_row is None:
            session.add(Bookmark(account_id=account_id, post_id=post_id, created_at=clock.now()))
        elif bookmark_row is not None and not on:
            session.delete(bookmark_row)
