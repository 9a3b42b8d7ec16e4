"""Whose badge changes with a post, a thread or another thing."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    select,
    union,
)
from sqlalchemy.orm import aliased

from forum.core.db import current_session
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.models import Notification
from forum.threads import policy as threads
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread

_THESE: BindParameter[int] = bindparam("posts", expanding=True)
_TOLD_OF = (
    select(Notification.account_id).where(Notification.post_id.in_(_THESE)),
    select(Post.author_id).where(Post.id.in_(_THESE)),
)


def _who_know(told: ColumnElement[bool]) -> Select[int]:
    """Return whose notifications these are, among people who may know of the posts.

    An update with the same count as before would show that something happened unseen.
    """
    found = select(Notification.account_id).join(Post, told)
    found = found.join(Thread, IN_THREAD)
    known = threads.visible_unless_hidden_within(Notification.account_id)
    return found.join(Group, IN_GROUP).where(Post.id.in_(_THESE), known)


_CONCERNED: CompoundSelect[Any] = union(
    select(Post.author_id).where(Post.id.in_(_THESE)),
    _who_know(Post.id == Notification.post_id),
    _who_know(and_(Post.thread_id == Notification.thread_id, Notification.read_at.is_(None))),
)
# A line that names a post which its reader may not see can have nothing to tell until the next.
_NEW = aliased(Post, name="new")
_TOLD_NOW: CompoundSelect[Any] = union(
    *_TOLD_OF,
    select(Notification.account_id)
    .join(_NEW, _NEW.thread_id == Notification.thread_id)
    .join(Post, Post.id == Notification.post_id)
    .where(
        _NEW.id.in_(_THESE),
        Notification.read_at.is_(None),
        policy.gone_for(Notification.account_id),
    ),
)


_IN_THREAD = bindparam("thread", type_=Integer)
_CONCERNED_BY_THREAD: CompoundSelect[Any] = union(
    select(Notification.account_id)
    .join(Post, Post.id == Notification.post_id)
    .where(Post.thread_id == _IN_THREAD),
    select(Post.author_id).where(Post.thread_id == _IN_THREAD),
    select(Notification.account_id).where(
        Notification.thread_id == _IN_THREAD, Notification.read_at.is_(None)
    ),
)


def affected_by_thread(thread_id: int) -> set[int]:
    """Return whose unread count may change with a whole thread, whether or not they may see it."""
    found = current_session().execute(_CONCERNED_BY_THREAD, {"thread": thread_id}).scalars()
    return {account_id for account_id in found if account_id}


def affected_by_new_posts(post_ids: Collection[int]) -> set[int]:
    """Return for whom these new posts may be the first unread ones, and their authors."""
    return _accounts(_TOLD_NOW, post_ids)


def affected_by_posts(post_ids: Collection[int]) -> set[int]:
    """Return for whom what is unread may change with these posts: also who was told of earlier
    ones in their threads.
    """
    return _accounts(_CONCERNED, post_ids)


def _accounts(which: CompoundSelect[Any], post_ids: Collection[int]) -> set[int]:
    if not post_ids:
        return set()
    found = current_session().execute(which, {"posts": list(post_ids)}).scalars()
    return {account_id for account_id in found if account_id}


def notified_about(type_: str, about_id: int) -> set[int]:
    """Return who was told of something other than a post."""
    told = select(Notification.account_id).where(
        Notification.type == type_, Notification.about_id == about_id
    )
    return set(current_session().scalars(told))
