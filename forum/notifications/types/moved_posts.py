"""A member's posts have come to another place.

Whose thread it is reads more in the log; the others who wrote there are notified here, once each,
about the first of their posts that has moved. Hundreds may have written there, so a background job
notifies them, a few at a time.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache, partial
from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, func, literal, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import Integer

from forum.core.background.jobs import queue
from forum.core.background.jobs.job_types import JobType as JobKind
from forum.core.background.jobs.job_types import Stage, StepDone, Steps, Task
from forum.core.cooperative_yielding import give_way
from forum.core.db import UtcDateTime, transaction
from forum.core.events import announce
from forum.core.translation import lazy
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.notifications import broadcasts
from forum.notifications.events import MembersNotified
from forum.notifications.models import Notification
from forum.notifications.notification_choices import DECISIONS
from forum.notifications.outbox import service as outbox
from forum.notifications.policy import own_post
from forum.notifications.registry import NotificationType
from forum.threads import policy as threads
from forum.threads.events import ThreadMoved, ThreadsRestructured
from forum.threads.models import Post

AT_ONCE = 20
_TABLE = cast("Table", Notification.__table__)


def _notify_of_move(event: ThreadMoved) -> None:
    """Notify authors in a thread who could read it that it is in another group."""
    could_read = and_(Group.id == event.from_group_id, groups.belongs(Post.author_id))
    wrote = _WROTE.join(Group, could_read).where(Post.thread_id == event.thread_id)
    _ask_job(wrote, (POST_MOVED.name, MOVED_AWAY.name), {event.author_id, event.by_id}, event.at)


def _notify_of_restructuring(event: ThreadsRestructured) -> None:
    """Tell those whose posts have come to another conversation."""
    if event.how != "undone":
        wrote = _WROTE.where(Post.id.in_(event.post_ids))
        _ask_job(wrote, (POST_MOVED.name,), {event.author_id, event.by_id}, event.at)


_WROTE = (
    select(Post.author_id, func.min(Post.id))
    .where(Post.author_id.is_not(None), not_(threads.is_deleted()))
    .group_by(Post.author_id)
)


def _ask_job(
    wrote: Select[int | None, int],
    types: tuple[str, ...],
    without: Collection[int | None],
    at: datetime,
) -> None:
    """Ask for each author to be told the one of these types that fits what they may see then."""
    give_way()  # it is asked about every post of a conversation
    with transaction() as session:
        first = [post_id for author, post_id in session.execute(wrote) if author not in without]
        if first:
            told = {"posts": sorted(first), "kinds": types, "at": at.isoformat()}
            queue.enqueue(session, JOB.name, first[0], **told)


def _notify(session: Session, task: Task) -> Steps:
    posts, at = task.params["posts"], datetime.fromisoformat(task.params["at"])
    begin = task.after[0] if task.after else 0
    for start in range(begin, len(posts), AT_ONCE):
        some = posts[start : start + AT_ONCE]
        for type_ in task.params["kinds"]:
            given = {"posts": some, "at": at}
            told = session.connection().scalars(_insert(type_), given).all()
            if told:
                outbox.enqueue_about_rows(type_, some, told)
                announce(MembersNotified(tuple(told)))
        yield StepDone(len(some), (start + len(some),))


@cache
def _insert(type_: str) -> ReturningInsert[Any]:
    """Return the notifications for authors of some posts; each may see what theirs says."""
    own = aliased(Post, name="own")
    told = select(own.author_id, literal(type_), own.id, bindparam("at", type_=UtcDateTime)).where(
        own.id.in_(bindparam("posts", type_=Integer, expanding=True)),
        _VISIBLE[type_](own.author_id, own.id),
    )
    return (
        insert(_TABLE)
        .from_select(["account_id", "type", "about_id", "created_at"], told)
        .on_conflict_do_nothing()
        .returning(_TABLE.c.account_id)
    )


JOB = JobKind(
    "tell_of_moved_posts",
    (Stage(lazy("We're telling people that their posts have moved"), _notify),),
)


def _show(event: ThreadMoved) -> None:
    broadcasts.show_thread(event.thread_id)


POST_MOVED = NotificationType(
    name="post_moved",
    choice=DECISIONS,
    text=lazy("Your posts have been moved: see where they are now"),
    icon="shield-check",
    visible=partial(own_post, seen=True),
    handled_on={ThreadMoved: _notify_of_move, ThreadsRestructured: _notify_of_restructuring},
    badge_on={ThreadMoved: _show},
)
MOVED_AWAY = NotificationType(
    name="moved_away",
    choice=DECISIONS,
    text=lazy(
        "A thread you wrote in has moved to a group you're not in. "
        "You can still download what you wrote."
    ),
    address="/account/data",
    icon="shield-check",
    visible=partial(own_post, seen=False),
)
_VISIBLE = {one.name: one.visible for one in (POST_MOVED, MOVED_AWAY)}
