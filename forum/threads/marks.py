"""What a reader keeps for themselves: read marks, what they watch, drafts, bookmarks."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import background, clock, text
from forum.core.db import reading, transaction
from forum.core.events import announce
from forum.core.prepared import Prepared
from forum.groups import queries as group_queries
from forum.threads import policy, queries
from forum.threads.events import Reading, ThreadsRead, WatchEnded
from forum.threads.models import Bookmark, Draft, ReadMark, Thread

WRITE_EVERY_S = 1.0
_read: dict[tuple[int, int], tuple[int, int]] = {}


# PostgreSQL's words for "insert or update" are SQLite's, too.
_MARK = insert(ReadMark)
_FURTHER = _MARK.excluded.number > ReadMark.number
_PLACE = (ReadMark.account_id, ReadMark.thread_id)
_READ_FURTHER = _MARK.on_conflict_do_update(
    index_elements=_PLACE, set_={"number": _MARK.excluded.number}, where=_FURTHER
)
_IDS = bindparam("ids", type_=Integer, expanding=True)
_THREADS, _PEOPLE = (
    select(*columns)
    .where(columns[0].in_(_IDS))
    .order_by(columns[0])
    .with_for_update(read=True, key_share=columns[0] is Account.id)
    for columns in ((Thread.id, Thread.reshaped), (Account.id,))
)
_SET = _MARK.on_conflict_do_update(
    index_elements=_PLACE,
    set_={"number": _MARK.excluded.number, "watching": _MARK.excluded.watching},
)
_WATCH = Prepared(
    _MARK.values(
        {name: bindparam(name) for name in ("account_id", "thread_id", "number", "watching")}
    ).on_conflict_do_update(
        index_elements=_PLACE,
        set_={
            "number": case((_FURTHER, _MARK.excluded.number), else_=ReadMark.number),
            "watching": _MARK.excluded.watching,
        },
    )
)


def keep(account_id: int, thread_id: int, *, number: int = 0, watching: bool) -> None:
    """Move a read mark forward, never back, and set whether the thread is watched."""
    _WATCH.run(account_id=account_id, thread_id=thread_id, number=number, watching=watching)


def lay(session: Session, thread_id: int, read: list[tuple[int, int, bool]]) -> None:
    """Set how far accounts have read in a thread, and whether they watch it."""
    columns = ("account_id", "number", "watching")
    rows = [{**dict(zip(columns, one, strict=True)), "thread_id": thread_id} for one in read]
    if rows:
        session.connection().execute(_SET, rows)


def note_read(account_id: int, thread_id: int, number: int, reshaped: int = 0) -> None:
    """Remember that somebody has read up to a post; it is written within a second.

    `reshaped` is the thread's as they read it, since its posts have other numbers after the next
    time: a mark that is not written by then is forgotten, so that nothing unread is lost.
    """
    place = account_id, thread_id
    _read[place] = max((reshaped, number), _read.get(place, (0, 0)))
    background.soon(WRITE_EVERY_S, "read_marks", write_read)


def waiting(account_id: int | None, thread_id: int, reshaped: int) -> int:
    """Return up to which post somebody has read by a mark that is not yet written, or 0."""
    then, number = _read.get((account_id or 0, thread_id), (0, 0))
    return number if then == reshaped else 0


def write_read() -> None:
    """Write the read marks that are waiting; whoever has erased themselves meanwhile has none.

    Where the database is away, or ends a circle of those who wait, they wait for the next time.
    """
    noted = _read.copy()
    _read.clear()
    if not noted:
        return
    try:
        _write(noted)
    except OperationalError:
        for place, mark in noted.items():
            _read[place] = max(mark, _read.get(place, (0, 0)))
        raise


def _write(noted: Mapping[tuple[int, int], tuple[int, int]]) -> None:
    with transaction() as session:
        connection = session.connection()
        if readings := _still_true(connection, noted):
            connection.execute(_READ_FURTHER, [asdict(reading) for reading in readings])
            announce(ThreadsRead(readings, clock.now()))


def hold(connection: Connection, thread_ids: Iterable[int | None]) -> Mapping[int, int]:
    """Let replies in these threads wait until the end; return how each was `reshaped` last.

    Who is told of a reply is decided by what is read, and by who watches.
    """
    rows = connection.execute(_THREADS, {"ids": list({*filter(None, thread_ids)})})
    return {row.id: row.reshaped for row in rows}


def _still_true(
    connection: Connection, noted: Mapping[tuple[int, int], tuple[int, int]]
) -> tuple[Reading, ...]:
    """Return what can be written, in order; threads and readers are held until the end.

    Threads before people, each in order, as whoever joins threads or erases themselves holds them:
    so nobody waits in a circle, and one reader who has gone takes no marks of others along.
    """
    accounts, threads = zip(*noted, strict=True)
    reshaped = hold(connection, threads)
    people = set(connection.scalars(_PEOPLE, {"ids": list(set(accounts))}))
    return tuple(
        Reading(account_id, thread_id, number)
        for (account_id, thread_id), (then, number) in sorted(noted.items())
        if account_id in people and reshaped.get(thread_id) == then
    )


def write_read_of(account_id: int | None) -> None:
    """Write now if this person has marks waiting, so that their own next page is right."""
    if any(reader == account_id for reader, _thread in _read):
        write_read()


def watch(viewer: Viewer, thread_id: int, *, on: bool) -> None:
    """Be told of new replies in a thread, or no longer. Raises NotFound, Forbidden."""
    account_id = member_id(viewer)
    with transaction() as session:
        thread_id = queries.thread_now(viewer, thread_id).id
        if not on:
            # A reply that is being written may tell them still: it comes before the end.
            hold(session.connection(), [thread_id])
        keep(account_id, thread_id, watching=on)
        if not on:
            announce(WatchEnded(account_id, thread_id, clock.now()))


def bookmark(viewer: Viewer, post_id: int, *, on: bool) -> None:
    """Keep a post to find it again, or no longer. Raises NotFound."""
    account_id = member_id(viewer)
    with transaction() as session:
        queries.post_for(viewer, post_id)
        kept = session.get(Bookmark, (account_id, post_id))
        if on and kept is None:
            session.add(Bookmark(account_id=account_id, post_id=post_id, created_at=clock.now()))
        elif kept is not None and not on:
            session.delete(kept)


def save_draft(
    viewer: Viewer,
    group_id: int,
    thread_id: int = 0,
    *,
    title: str = "",
    body: str,
    content_note: str = "",
) -> None:
    """Keep what somebody has not sent yet; nothing written drops it. Raises Invalid, NotFound."""
    account_id = member_id(viewer)
    title = text.one_line(title, "title", most=policy.TITLE_MAX)
    body = text.checked(body, "body", most=policy.BODY_MAX)
    content_note = text.one_line(content_note, "content_note", most=policy.CONTENT_NOTE_MAX)
    with transaction() as session:
        if thread_id:
            thread = queries.thread_now(viewer, thread_id)
            group_id, thread_id = thread.group_id, thread.id
        else:
            group_queries.group_by_id(viewer, group_id)
        drop_draft(session, account_id, group_id, thread_id)
        if title or body:
            session.add(
                Draft(
                    account_id=account_id,
                    group_id=group_id,
                    thread_id=thread_id,
                    title=title,
                    body=body,
                    content_note=content_note,
                    saved_at=clock.now(),
                )
            )


def drop_draft(session: Session, account_id: int, group_id: int, thread_id: int) -> None:
    """Forget a draft, because it was sent or emptied."""
    session.execute(
        delete(Draft)
        .where(
            Draft.account_id == account_id, Draft.group_id == group_id, Draft.thread_id == thread_id
        )
        .execution_options(synchronize_session=False)
    )


_DRAFT = select(Draft.title, Draft.body, Draft.content_note)


def draft(viewer: Viewer, group_id: int) -> dict[str, str] | None:
    """Return the new thread that somebody has begun to write in a group."""
    row = (
        reading()
        .execute(
            _DRAFT.where(
                Draft.account_id == viewer.id, Draft.group_id == group_id, Draft.thread_id == 0
            )
        )
        .one_or_none()
    )
    return dict(row._mapping) if row else None
