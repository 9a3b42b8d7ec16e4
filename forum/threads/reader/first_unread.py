"""The first post that is new to a reader of a thread's page."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer

from forum.accounts.policy import Viewer
from forum.core.db import at_most, current_connection
from forum.groups.models import Group, Membership
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.queries import ThreadView
from forum.threads.reader import read_positions, reader_state, unread
from forum.threads.reader.models import ReadPosition
from forum.threads.reader.read_ranges import Position

_ME, _ID = bindparam("me", type_=Integer), bindparam("id", type_=Integer)
_FIRST_UNREAD = (
    select(Post.id, Post.number)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .join(Membership, unread.membership_of(_ME))
    .outerjoin(ReadPosition, unread.position_of(_ME))
    .where(Thread.id == _ID, Post.number > bindparam("beyond"), unread.is_unread_by(_ME))
    .order_by(Post.number)
    .limit(at_most(1))
)


def first_unread_post(viewer: Viewer, thread_id: int, read: Position | None = None) -> Any | None:
    """Return id and number of the first post in a thread that is new to the viewer, or None.

    What they have `read` may not all be written yet. The caller has checked who may see the thread.
    """
    read = read or Position()
    beyond = read.number
    while (
        first := current_connection()
        .execute(_FIRST_UNREAD, {"me": viewer.id or 0, "id": thread_id, "beyond": beyond})
        .first()
    ):
        if not read.has(first.number):
            return first
        beyond = read.end(first.number)
    return None


class FirstUnread(NamedTuple):
    """The first new post on this page, by number, and where the first one of the thread is.

    `since_joining` says that nothing here was read before: what is older than the reader's
    membership is not new. `exists` says whether anything in the thread may be new.
    """

    number: int | None
    address: str
    since_joining: bool
    exists: bool


def position(viewer: Viewer, thread: ThreadView) -> Position:
    """Return what the viewer has read of a thread, with what is not written yet."""
    written = read_positions.load_position(
        viewer.id, thread.id, thread.read_number, thread.last_number
    )
    return written.read(
        *reader_state.unwritten_position(viewer.id, thread.id, thread.reload_version).all()
    )


def find(viewer: Viewer, thread: ThreadView, rows: Sequence[Any], read: Position) -> FirstUnread:
    """Return where the viewer's first unread post is.

    `rows` are the posts on the page, which count since the viewer has joined.
    """
    new_since, since_joining = thread.new_since, read == Position()
    if new_since is None or (since_joining and thread.created_at >= new_since):
        is_all_new = new_since is not None
        return FirstUnread(None, "", since_joining, is_all_new)
    all_read = not rows or read.covers(rows[0].number, rows[-1].number)
    number = (
        None
        if all_read
        else next(
            (
                row.number
                for row in rows
                if row.counts_since and row.author_id != viewer.id and not read.has(row.number)
            ),
            None,
        )
    )
    if number is not None and rows[0].number <= read.number + 1:
        return FirstUnread(number, "#first-new", since_joining, True)
    address = _first_unread_url(viewer, thread, number, read)
    return FirstUnread(number, address, since_joining, bool(address))


def unread_numbers(
    viewer: Viewer, thread: ThreadView, rows: Sequence[Any], read: Position
) -> Collection[int]:
    """Return which posts on the page are new to the viewer, by number; `rows` as for `find`."""
    if thread.new_since is None or not rows or read.covers(rows[0].number, rows[-1].number):
        return ()
    return {
        row.number
        for row in rows
        if row.counts_since and row.author_id != viewer.id and not read.has(row.number)
    }


def _first_unread_url(viewer: Viewer, thread: ThreadView, here: int | None, read: Position) -> str:
    if thread.last_number <= read.number:
        return ""
    first = first_unread_post(viewer, thread.id, read)
    if first is None:
        return ""
    return "#first-new" if first.number == here else f"/threads/{thread.id}/unread"
