"""Bringing the index up to date with what `changes` has noted, in short steps, the latest first.

A step looks at what is there now, and writes only where that differs from the index. So it may be
killed anywhere, repeated, or done by two processes at once.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, not_, select
from sqlalchemy.orm import Session

from forum.core.background import periodic
from forum.core.db import at_most, current_connection, current_session, transaction
from forum.search import index, rebuild, sources, vocabulary
from forum.search.analysis.stems import ANALYSIS_VERSION
from forum.search.models import POST, THREAD, SearchChange, SearchEntry
from forum.search.sources import Source

STEP_S = 0.02  # with the entry that is begun last, and the commit, less than 50 ms
AT_ONCE = 50
SPENT_S = 20.0  # then others of the periodic work have their turn
PLACES_A_SECOND = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHANGES = (
    select(SearchChange.id, SearchChange.kind, SearchChange.ref_id)
    .where(not_(rebuild.IS_MARK))
    .order_by(SearchChange.id.desc())
    .limit(at_most(AT_ONCE))
)
_ENTRIES = cast("Table", SearchEntry.__table__)
_ENTRY = select(_ENTRIES).where(
    _ENTRIES.c.kind == bindparam("kind"), _ENTRIES.c.ref_id == bindparam("ref_id")
)
_INSERT, _DELETE = insert(_ENTRIES), delete(_ENTRIES).where(_ENTRIES.c.place == bindparam("at"))
_TAKEN = select(_ENTRIES.c.place).where(
    _ENTRIES.c.place.between(bindparam("first"), bindparam("last"))
)
_LOCK = 0x5EA4C4  # of all who index
_at_work = False


def go_on() -> None:
    """Index what has changed; the server rests as long as each step took."""
    global _at_work
    if _at_work:  # a long way, begun a while ago
        return
    _at_work = True
    until = time.monotonic() + SPENT_S
    try:
        start_again_after_upgrade()
        more = True
        while more and time.monotonic() < until:
            began = time.perf_counter()
            more = step()
            if more and periodic.serving():
                time.sleep(time.perf_counter() - began)
    finally:
        _at_work = False


def catch_up(done: Callable[[int], None] = lambda _left: None) -> None:
    """Index all that has changed; `done` is told now and then how many changes are left."""
    start_again_after_upgrade()
    while step():
        done(changes_left())


def changes_left() -> int:
    """Return how many changes are still to be indexed; of a rebuild, about how many."""
    noted = select(func.count()).select_from(SearchChange).where(not_(rebuild.IS_MARK))
    return (current_session().scalar(noted) or 0) + rebuild.left()


def count() -> int:
    """Return how many posts and titles are indexed."""
    return current_session().scalar(select(func.count()).select_from(SearchEntry)) or 0


def step(budget_s: float = STEP_S) -> bool:
    """Index some changes, for about so long; return whether there are more."""
    if current_connection().execute(_CHANGES).first() is None and not rebuild.is_under_way():
        return False
    until = time.perf_counter() + budget_s
    with transaction() as session:
        wait_for_turn(session)
        changes = [] if rebuild.is_emptying(session) else session.execute(_CHANGES).all()
        if not changes:
            return rebuild.go_on(session)
        by_thing: dict[tuple[str, int], list[int]] = {}
        for change in reversed(changes):  # of one second, the earlier has the earlier place
            by_thing.setdefault((change.kind, change.ref_id), []).append(change.id)
        rows = {
            kind: sources.rows_of(kind, [id_ for of, id_ in by_thing if of == kind])
            for kind in (POST, THREAD)
        }
        done: list[int] = []
        for (kind, ref_id), change_ids in by_thing.items():
            if done and time.perf_counter() > until:
                break
            wanted = sources.source_of(kind, rows[kind].get(ref_id))
            _bring_up_to_date(session, kind, ref_id, wanted)
            done += change_ids
        session.execute(delete(SearchChange).where(SearchChange.id.in_(done)))
        return len(done) < len(changes) or len(changes) == AT_ONCE or rebuild.is_under_way()


def wait_for_turn(session: Session) -> None:
    """Let no other process index until this transaction is over. (SQLite has one writer anyway.)"""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def start_again_after_upgrade() -> None:
    """Index everything anew if the index was made by another version of the analysis."""
    first = current_connection().execute(select(SearchEntry.analysis).limit(at_most(1))).first()
    if first is not None and first.analysis != ANALYSIS_VERSION and not rebuild.is_under_way():
        rebuild.begin()


def tidy() -> None:
    """Put an index in order that was filled just now."""
    with transaction():
        index.current().tidy()


def is_up_to_date(entry: Any, wanted: Source) -> bool:
    """Whether an entry holds what it is to hold."""
    held = (entry.group_id, entry.author_id, entry.language, entry.words, entry.analysis)
    return held == (
        wanted.group_id,
        wanted.author_id,
        wanted.language,
        wanted.words,
        ANALYSIS_VERSION,
    )


def _bring_up_to_date(session: Session, kind: str, ref_id: int, wanted: Source | None) -> None:
    entry = session.execute(_ENTRY, {"kind": kind, "ref_id": ref_id}).first()
    if entry is not None:
        if wanted is not None and is_up_to_date(entry, wanted):
            return
        _remove(session, entry, wanted)
    if wanted is not None:
        _add(session, wanted)


def _add(session: Session, wanted: Source) -> None:
    place = _free_place(session, wanted.at)
    columns = {
        "place": place,
        "kind": wanted.kind,
        "ref_id": wanted.ref_id,
        "group_id": wanted.group_id,
        "author_id": wanted.author_id,
        "language": wanted.language,
        "analysis": ANALYSIS_VERSION,
        "words": wanted.words,
    }
    session.connection().execute(_INSERT, columns)
    index.current().add(place, sources.keys_of(wanted))
    if wanted.kind == POST:
        vocabulary.add(session, wanted.group_id, sources.list_words(wanted.words))


def _remove(session: Session, entry: Any, wanted: Source | None) -> None:
    index.current().remove(entry.place, sources.keys_of(entry))
    session.connection().execute(_DELETE, {"at": entry.place})
    if entry.kind == POST:
        gone = set(sources.list_words(entry.words))
        if wanted is not None and wanted.group_id == entry.group_id:
            gone -= set(sources.list_words(wanted.words))
        vocabulary.remove(session, entry.group_id, gone)


def place_at(at: datetime) -> int:
    """Return the first place for what was written at a time."""
    return int((at - _EPOCH).total_seconds()) * PLACES_A_SECOND


def _free_place(session: Session, at: datetime) -> int:
    """Return a place for what was written then; an import may have many of one second."""
    first = max(1, place_at(at))
    asked = {"first": first, "last": first + PLACES_A_SECOND - 1}
    taken = set(session.connection().scalars(_TAKEN, asked))
    free = next((at for at in range(first, first + PLACES_A_SECOND) if at not in taken), None)
    return free or _free_behind(session, first + PLACES_A_SECOND - 1)


def _free_behind(session: Session, last_taken: int) -> int:
    """Return a free place behind one that is taken, with another one right before it, in few looks
    wherever that is.
    """

    def is_taken(place: int) -> bool:
        asked = {"first": place, "last": place}
        return session.connection().scalar(_TAKEN, asked) is not None

    leap = 1
    while is_taken(last_taken + leap):
        last_taken, leap = last_taken + leap, 2 * leap
    free = last_taken + leap
    while free - last_taken > 1:
        between = (last_taken + free) // 2
        last_taken, free = (between, free) if is_taken(between) else (last_taken, between)
    return free
