"""Threads for the first page: what is new in one's groups, and what nobody has answered yet.

Each group is asked by itself, in the order of an index, so it costs the same however many threads
there are. What is new is looked for in the threads of a group that were written in last.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, func, literal, literal_column, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.types import Integer, NullType

from forum.accounts.policy import Viewer
from forum.core.clock import EARLIEST
from forum.core.db import AnyRow, UtcDateTime, at_most, current_connection
from forum.core.db.compiled_sql import CompiledStatement
from forum.groups import policy as groups
from forum.groups.models import Group, Membership
from forum.groups.queries import GroupView
from forum.threads import policy
from forum.threads.lists import mutes_and_blocks_in_lists, thread_lists
from forum.threads.models import IN_GROUP, Thread
from forum.threads.reader import unread
from forum.threads.reader.models import ReadPosition

LATEST_THREADS_SEARCHED = 500
UNANSWERED_MAX = 25
_ME = bindparam("me", type_=Integer)
_GROUP = bindparam("group", type_=Integer)
_latest = aliased(Thread)
_SINCE = func.coalesce(
    select(_latest.last_post_at)
    .where(_latest.group_id == _GROUP)
    .order_by(_latest.last_post_at.desc())
    .limit(at_most(1))
    .offset(literal_column(str(LATEST_THREADS_SEARCHED - 1)))
    .scalar_subquery(),
    literal(EARLIEST, UtcDateTime),
)
_WITH_UNREAD = CompiledStatement(  # saves 10 % of the first page
    # As the database keeps it: it is only put in order.
    select(Thread.id, type_coerce(Thread.last_post_at, NullType()).label("last_post_at"))
    .join(Group, IN_GROUP)
    .join(Membership, unread.membership_of(_ME))
    .outerjoin(ReadPosition, unread.position_of(_ME))
    .where(
        Thread.group_id == _GROUP,
        Thread.last_post_at >= _SINCE,
        groups.belongs(_ME),
        policy.has_visible_posts(_ME),
        thread_lists.HAS_UNREAD,
    )
    .order_by(Thread.last_post_at.desc(), Thread.id.desc())
    .limit(at_most(unread.COUNT_MAX + 1))
)
_UNANSWERED = (
    select(Thread.id, Thread.created_at)
    .join(Group, IN_GROUP)
    .where(
        Thread.group_id == _GROUP,
        Thread.is_introductions.is_(False),
        groups.belongs(_ME),
        policy.has_visible_posts(_ME),
    )
    .order_by(Thread.created_at, Thread.id)
    .limit(at_most(UNANSWERED_MAX))
)
# Said with numbers, not parameters: so the index of such threads is known to hold them.
_UNANSWERED_BY_COUNT = CompiledStatement(  # saves 6 % of the first page
    _UNANSWERED.where(
        Thread.last_number == literal_column("1"), Thread.post_count == literal_column("1")
    )
)
# No index knows of these: they are looked for where something has been said last.
_UNANSWERED_BY_VISIBLE = _UNANSWERED.where(
    Thread.last_post_at >= _SINCE, mutes_and_blocks_in_lists.HAS_NO_VISIBLE_REPLY
)


def unread_in_groups(viewer: Viewer, group_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return the threads of each of one's groups in which something is new, the latest first.

    Columns: id, last_post_at; 101 rows are "more than 100". Groups without, and those that the
    viewer does not belong to, are left out.
    """
    found = {one: _WITH_UNREAD.all(me=viewer.id or 0, group=one) for one in group_ids}
    return {one: rows for one, rows in found.items() if rows}


def latest_unread_ids(new: dict[int, list[Any]], most: int) -> list[int]:
    """Return the threads that were written in last, of those that `unread_in_groups` has found."""
    rows = sorted((row.last_post_at, row.id) for rows in new.values() for row in rows)
    return [thread_id for _, thread_id in rows[-most:]][::-1]


def unanswered_ids(viewer: Viewer, mine: Sequence[GroupView], most: int) -> list[int]:
    """Return threads of one's groups that nobody has answered, longest waiting first.

    Those in groups that the viewer moderates come before the others. `most` is 25 at most.
    """
    rows = sorted(
        (not group.moderates, row.created_at, row.id)
        for group in mine
        for row in _unanswered_in(group, viewer.id or 0)
    )
    return [thread_id for *_, thread_id in rows[:most]]


def _unanswered_in(group: GroupView, account_id: int) -> Sequence[Any]:
    asked = {"me": account_id, "group": group.id}
    by_count = _UNANSWERED_BY_COUNT.all(**asked)
    if not group.has_mute_or_block:
        return by_count
    return [*by_count, *current_connection().execute(_UNANSWERED_BY_VISIBLE, asked)]


def listed_threads(viewer: Viewer, *lists: list[int]) -> list[list[AnyRow]]:
    """Return what lists show of these threads, for each list in its order, by one question."""
    ids = {thread_id for one in lists for thread_id in one}
    if not ids:
        return [[] for _ in lists]
    asked = {"me": viewer.id or 0, "ids": list(ids)}
    rows = {row.id: row for row in current_connection().execute(thread_lists.THREADS_BY_ID, asked)}
    return [[rows[thread_id] for thread_id in one if thread_id in rows] for one in lists]
