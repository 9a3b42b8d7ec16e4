"""The steps of renumbering posts: their places, their threads' counts, and read positions.

All run inside the transaction of a verb that has locked the threads. Half of it can be shown to
nobody, so what takes long lets others go on in between: readers find what was there before, and
writers wait for the whole.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session

from forum.core.cooperative_yielding import give_way, in_batches, in_turns
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.models import REMOVED_TITLE, Post, Thread
from forum.threads.reader import read_positions
from forum.threads.reader.read_positions import ReaderState
from forum.threads.restructuring import thread_layout
from forum.threads.restructuring.merge_order import CarriedPositions, NumberedLocation, PostLocation
from forum.threads.restructuring.thread_layout import ThreadEnd, ThreadLayout

# Further than any number, so posts can pass each other on their way.
_TEMPORARY_OFFSET = 1_000_000_000
_AS_GIVEN = {"synchronize_session": False}
_SET_TEMPORARY_NUMBER = (
    update(Post).where(Post.id == bindparam("post")).values(number=Post.id + _TEMPORARY_OFFSET)
).execution_options(**_AS_GIVEN)
_SET_LOCATION = (
    update(Post)
    .where(Post.id == bindparam("post"))
    .values(thread_id=bindparam("to"), number=bindparam("place"), version=bindparam("stamp"))
).execution_options(**_AS_GIVEN)


def apply_layout(session: Session, to: ThreadLayout, *, now: Mapping[int, ThreadEnd]) -> None:
    """Bring posts and threads to a layout; `now` are the threads' ends as they were left.

    A post's version never goes back: all threads count on from the one that has counted furthest.
    """
    ids = sorted(to.ends)
    give_way()
    before = thread_layout.locations_in(session, ids)
    there = {post_id: PostLocation(*where) for post_id, where in before.items()}
    version = session.scalars(select(func.max(Thread.version)).where(Thread.id.in_(ids))).one() or 0
    moved = list(to.locations.items())
    if moved:
        connection = session.connection()
        aside = [
            {"post": post_id}
            for post_id, location in to.locations.items()
            if location.number is not None
        ]
        places: list[dict[str, int | None]] = [
            {
                "post": post_id,
                "to": location.thread_id,
                "stamp": version + n,
                "place": location.number,
            }
            for n, (post_id, location) in enumerate(moved, start=1)
        ]
        for some in in_batches(aside):
            connection.execute(_SET_TEMPORARY_NUMBER, some)
        for batch in in_batches(places):
            connection.execute(_SET_LOCATION, batch)
    for thread_id in in_turns(ids):
        _update_thread(
            session, thread_id, to.ends[thread_id], now[thread_id], version + len(moved) + 1
        )
    for thread_id in in_turns(ids):
        _carry_positions(session, thread_id, before, {**there, **to.locations})


def _update_thread(
    session: Session, thread_id: int, ends: ThreadEnd, left: ThreadEnd, version: int
) -> None:
    """Recount a thread; numbers that were given since then stay given."""
    thread = session.get_one(Thread, thread_id, populate_existing=True)
    was_open = thread.last_number > 0
    posts, pending, latest = session.execute(_COUNTS, {"thread": thread_id}).one()
    if thread.last_number == left.last_number:
        thread.last_number = ends.last_number
    if ends.pre_moderated is not None and thread.pre_moderated == left.pre_moderated:
        thread.pre_moderated = ends.pre_moderated
    thread.merged_into_id = ends.merged_into_id
    thread.version = thread.reload_version = version
    thread.post_count, thread.pending_count = posts, pending
    thread.last_post_at = latest or thread.last_post_at
    first = session.execute(_FIRST, {"thread": thread_id}).one_or_none()
    if first is not None:
        thread.title_hidden = first.state.is_hidden
        thread.title = REMOVED_TITLE if first.state.is_deleted else thread.title
    session.flush()
    change = (thread.last_number > 0) - was_open
    if change:
        session.execute(
            update(Group)
            .where(Group.id == thread.group_id)
            .values(thread_count=Group.thread_count + change)
            .execution_options(**_AS_GIVEN)
        )


_COUNTS = select(
    func.count(case((policy.is_published(), 1))),
    func.count(case((policy.is_pending(), 1))),
    func.max(case((policy.was_published(), Post.created_at))),
).where(Post.thread_id == bindparam("thread"))
_FIRST = select(Post.state).where(Post.thread_id == bindparam("thread"), Post.number == 1)


def _carry_positions(
    session: Session,
    thread_id: int,
    before: Mapping[int, NumberedLocation],
    now: Mapping[int, PostLocation],
) -> None:
    """Say how far readers have read where posts have come to a thread, or have a new order in it.

    Where there were none before, readers may have positions from an earlier time, which still hold.
    """
    here = [
        (before.get(post_id, (thread_id, location.number)), location.number)
        for post_id, location in now.items()
        if location.thread_id == thread_id and location.number is not None
    ]
    if all(was == (thread_id, number) for was, number in here):
        return
    carried, sources = CarriedPositions(here), {was[0] for was, _ in here} | {thread_id}
    revived = all(was[0] != thread_id for was, _ in here)
    carried_on = {}
    give_way()
    readers = read_positions.readers_of(session, sources)
    for account_id, theirs in in_turns(sorted(readers.items())):
        position = carried.read({where: one.position for where, one in theirs.items()})
        states = [*theirs.values()]
        if revived and thread_id in theirs:
            states = [theirs[thread_id]]
            position = states[0].position.read(*position.all())
        following = any(one.following for one in states)
        unfollowed = not following and any(one.unfollowed for one in states)
        carried_on[account_id] = ReaderState(position, following, unfollowed)
    read_positions.replace_positions(session, thread_id, carried_on)
