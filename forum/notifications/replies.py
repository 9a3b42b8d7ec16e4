"""One line for all that is new in a thread, however many replies come before it is read.

To be told of each reply would be a list of thirty lines about one conversation for whoever comes
back after a weekend, and as many rows to write for each reply as people watch.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, not_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.core.db import UtcDateTime, transaction
from forum.core.prepared import Prepared
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.models import MENTION, REPLY, Notification
from forum.threads import unread
from forum.threads.events import PostCreated, ThreadsReshaped
from forum.threads.models import Post, ReadMark, Thread

_AS_GIVEN = {"synchronize_session": False}
_THREAD = bindparam("thread", type_=Integer)
_POST = bindparam("post", type_=Integer)
# Of those who are left of these it is asked what they may see, which takes longer.
_UNTOLD = (
    select(ReadMark.account_id)
    .where(ReadMark.thread_id == _THREAD, ReadMark.watching)
    .except_(
        select(Notification.account_id).where(
            Notification.thread_id == _THREAD, Notification.read_at.is_(None)
        ),
        select(Notification.account_id).where(
            Notification.post_id == _POST, Notification.kind == MENTION
        ),
    )
    .subquery("untold")
)
_LEFT = _UNTOLD.c.account_id
_NEWS = (
    select(
        _LEFT, literal(REPLY), Post.id, Post.thread_id, bindparam("at", type_=UtcDateTime)
    )
    .select_from(Post)
    .join(Thread, Thread.id == Post.thread_id)
    .join(Group, Group.id == Thread.group_id)
    .join(_UNTOLD, true())
    .where(Post.id == _POST, policy.concerns(_LEFT, Post.author_id))
)  # fmt: skip
_TELL = Prepared(
    insert(Notification)
    .from_select(["account_id", "kind", "post_id", "thread_id", "created_at"], _NEWS)
    .on_conflict_do_nothing()
)


def tell(event: PostCreated) -> None:
    """Tell those who watch a thread, and were not told that the post names them, of it.

    Whoever has an unread line about the thread has been told.
    """
    _TELL.run(thread=event.thread_id, post=event.post_id, at=event.at)


# Conditions: unread, and about a post that its `reader` has seen now, from `first` to `last`.
SEEN = (
    Notification.account_id == bindparam("reader", type_=Integer),
    Notification.read_at.is_(None),
    Notification.post_id.in_(
        select(Post.id).where(
            Post.thread_id == _THREAD,
            Post.number.between(
                bindparam("first", type_=Integer), bindparam("last", type_=Integer)
            ),
        )
    ),
)
_READER = bindparam("reader", type_=Integer)
_NEXT = (
    select(func.min(Post.number))
    .where(
        Post.thread_id == _THREAD,
        Post.number > bindparam("last", type_=Integer),
        not_(unread.has_read(_READER)),
        Post.author_id != _READER,
        Post.deleted_at.is_(None),  # one that is hidden may come back, and is new to them then
        not_(accounts.avoids(_READER, Post.author_id)),
        not_(accounts.is_avoided_by(_READER, Post.author_id)),
    )
    .scalar_subquery()
)
_NEXT_POST = (
    select(Post.id).where(Post.thread_id == _THREAD, Post.number == _NEXT).scalar_subquery()
)
_LEAD_ON = (
    update(Notification)
    .where(*SEEN, Notification.thread_id == _THREAD, _NEXT_POST.is_not(None))
    .values(post_id=_NEXT_POST)
    .execution_options(**_AS_GIVEN)
)


def lead_on(connection: Connection, seen: Sequence[dict[str, Any]]) -> None:
    """Let lines of those who have read only a part tell of the rest of it.

    `seen` is by `reader`, `thread`, `first`, `last`. Replies may have come between what somebody
    saw and this: those would never be told.
    """
    connection.execute(_LEAD_ON, seen)


_GOES_ON = (
    select(
        Notification.account_id, Notification.thread_id, func.min(Post.id).label("post_id"),
        func.min(Post.created_at).label("created_at"), literal(REPLY).label("kind"),
    )
    .join(Post, (Post.thread_id == Notification.thread_id) & (Post.id > Notification.post_id))
    .where(
        Notification.post_id.in_(bindparam("moved", expanding=True)),
        Notification.read_at.is_(None),
        Post.author_id != Notification.account_id,
        Post.deleted_at.is_(None),
    )
    .group_by(Notification.account_id, Notification.thread_id)
)  # fmt: skip


def told_apart(event: ThreadsReshaped) -> None:
    """Let lines that name a post which is in another thread now tell of that post alone.

    Of what was said after it and stays where it was, another line tells.
    """
    with transaction() as session:
        left = session.execute(_GOES_ON, {"moved": event.post_ids}).mappings().all()
        session.execute(
            update(Notification)
            .where(Notification.post_id.in_(event.post_ids), Notification.thread_id.is_not(None))
            .values(thread_id=None)
            .execution_options(**_AS_GIVEN)
        )
        if left:
            again = insert(Notification).on_conflict_do_nothing()
            session.execute(again, [dict(row) for row in left])
