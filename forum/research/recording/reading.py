"""Who reads what for how long: noted as it comes, bounded, and written within a second.

There is one row for each page of a thread that a participant opens. What their browser says of it
is the whole of it each time, so a word that is lost, or comes twice, does no harm.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.accounts.policy import Viewer, person_id
from forum.core import clock, ids
from forum.core.background import periodic
from forum.core.db import current_connection, transaction
from forum.core.errors import Invalid, NotFound
from forum.groups.models import Group
from forum.research.consent import participant_cache
from forum.research.recording import reading_rows
from forum.research.recording.reading_rows import Page, ReadingSignal
from forum.threads import policy
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread

WRITE_EVERY_S = 1.0
POSTS_MAX = 200
MS_MAX = ids.ROW_MAX
_pending: list[ReadingSignal] = []

_ME = bindparam("me", type_=Integer)
# The rule by which a live page learns of a removed post: nothing is lost by that.
_POSTS = (
    select(Post.id)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .where(
        Post.thread_id == bindparam("thread_id", type_=Integer),
        Post.id.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer)),
        policy.visible_unless_hidden(_ME),
    )
)


@dataclass(frozen=True)
class ReadingReport:
    """What a browser says of a page so far: milliseconds of reading, and posts on screen."""

    low_ms: int
    high_ms: int
    posts: str


def open_page(account_id: int, group_id: int, thread_id: int) -> Page | None:
    """Note that somebody was served a page of a thread.

    Returns what their browser names in `told`; None where nothing may be recorded of them.
    """
    if not participant_cache.may_record(account_id, group_id):
        return None
    at = clock.now()
    page = Page(secrets.randbits(63), account_id, group_id, thread_id, at)
    _add(ReadingSignal(page, at))
    return page


def report_reading(viewer: Viewer, page: Page, report: ReadingReport) -> None:
    """Note for how long somebody has read a page by now; what cannot be is cut when it is written.

    Raises LoginNeeded, NotFound for somebody else's page, and Invalid for what nobody can have
    read: less than nothing, or posts that are not in the thread for them.
    """
    if person_id(viewer) != page.account_id:
        raise NotFound
    wrong = {}
    if not 0 <= report.high_ms <= MS_MAX:
        wrong["high_ms"] = "This must be a number of milliseconds."
    if not 0 <= report.low_ms <= report.high_ms:
        wrong["low_ms"] = "This must be a number of milliseconds, and at most high_ms."
    seen = _posts(page, report.posts)
    if seen is None:
        wrong["posts"] = "These must be posts of the thread, their ids parted by commas."
    if wrong:
        raise Invalid(fields=wrong)
    low, high = (ms / 1000 for ms in (report.low_ms, report.high_ms))
    _add(ReadingSignal(page, clock.now(), low, high, seen or 0))


def write_pending() -> None:
    """Write what is waiting; nothing of people who have withdrawn meanwhile."""
    signals = tuple(_pending)
    _pending.clear()
    if signals:
        with transaction():
            reading_rows.record(signals)


def _add(signal: ReadingSignal) -> None:
    _pending.append(signal)
    periodic.soon(WRITE_EVERY_S, "reading", write_pending)


def _posts(page: Page, named: str) -> int | None:
    """Return how many posts are named; None if one of them is not in the thread for the reader."""
    given = named.split(",") if named else []
    if not given:
        return 0
    numbers_named = {ids.row_id(each) for each in given[: POSTS_MAX + 1]}
    if None in numbers_named or len(given) > POSTS_MAX:
        return None
    numbers = {each for each in numbers_named if each}
    found = (
        current_connection()
        .execute(
            _POSTS,
            {
                "me": page.account_id,
                "thread_id": page.thread_id,
                "first": min(numbers),
                "last": max(numbers),
            },
        )
        .all()
    )
    return len(numbers) if numbers <= {row.id for row in found} else None
