"""Moving a thread to another group, with all that people keep about it.

`moderation` decides who may, and logs it.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden
from forum.core.events import announce
from forum.core.translation import _
from forum.groups import queries as group_queries
from forum.groups.models import Group
from forum.threads import policy
from forum.threads.events import ThreadMoved
from forum.threads.models import Post, PostReview, Thread
from forum.threads.posts import moderator_edits, post_changes
from forum.threads.reader.models import Draft

_AS_GIVEN = {"synchronize_session": False}


def move_thread(viewer: Viewer, thread_id: int, to_group_id: int, *, back: bool = False) -> None:
    """Bring a thread to another group that is as closed as its own, or more so.

    Addresses, read positions, bookmarks and drafts stay; who may not read there loses sight of them
    until they join. With `back` it may be a more open group. Raises LoginNeeded, NotFound,
    Forbidden, and Conflict for a thread that is pending, where newcomers introduce themselves, or
    that more people would read.
    """
    by_id, at = member_id(viewer), clock.now()
    with transaction() as session:
        thread = moderator_edits.lock_thread_to_moderate(session, viewer, thread_id)
        here = group_queries.group_by_id(viewer, thread.group_id)
        there = group_queries.group_by_id(viewer, to_group_id)
        if not there.is_moderator:
            raise Forbidden(_("Only moderators of both groups can do that."), code="not_yours")
        moderator_edits.require_published(thread)
        moderator_edits.require_not_introductions(thread)
        if not back and not policy.is_as_closed(there, here):
            raise Conflict(
                _(
                    "%(there)s is open to more people than %(here)s. People wrote for the readers "
                    "they had, so this thread can't move there.",
                    there=there.name,
                    here=here.name,
                ),
                code="more_open",
            )
        post_changes.next_version(session, thread_id, group_id=there.id)
        _count(session, {here.id: -1, there.id: 1})
        _move_related(session, thread_id, there.id)
        announce(ThreadMoved(thread_id, thread.author_id, here.id, there.id, by_id, at))


def _count(session: Session, changes: dict[int, int]) -> None:
    for group_id, change in sorted(changes.items()):
        session.execute(
            update(Group)
            .where(Group.id == group_id)
            .values(thread_count=Group.thread_count + change)
            .execution_options(**_AS_GIVEN)
        )


def _move_related(session: Session, thread_id: int, group_id: int) -> None:
    """Take drafts along, and the looks that posts wait for; looks that are over were there.

    Whatever has become part of it, by whatever way, comes along, and so can be undone there.
    """
    parts = select(Thread.id).where(Thread.merged_into_id == thread_id).cte(recursive=True)
    parts = parts.union(select(Thread.id).join(parts, Thread.merged_into_id == parts.c.id))
    posts = select(Post.id).where(Post.thread_id == thread_id)
    for table, which in (
        (Draft, (Draft.thread_id == thread_id,)),
        (PostReview, (PostReview.post_id.in_(posts), PostReview.decided_at.is_(None))),
        (Thread, (Thread.id.in_(select(parts.c.id)),)),
    ):
        session.execute(
            update(table).where(*which).values(group_id=group_id).execution_options(**_AS_GIVEN)
        )
