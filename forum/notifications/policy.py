"""Whom an event concerns, asked when they are notified and each time it is shown to them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, not_, or_
from sqlalchemy.orm import aliased

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId, row_exists
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.notifications.registry import sharing
from forum.threads import policy as threads
from forum.threads.models import Post, Thread
from forum.threads.reader import unread

Named = aliased(Post, name="named")
_ANY_NUMBER = 2**31 - 1


def covers_post(told: Any) -> ColumnElement[bool]:
    """Condition on Post and on Named, the post that a line names: the line tells of this post.

    That is the same one; or, where it tells of a thread, whatever its reader has not read from
    there on, or had not until the line was read: of the hundred that followed, as nobody asks how
    many more there were once.
    """
    of_one = told.thread_id.is_(None)
    return and_(
        Post.thread_id == Named.thread_id,
        Post.number >= Named.number,
        Post.number
        <= case(
            (of_one, Named.number),
            (told.read_at.is_not(None), Named.number + unread.COUNT_MAX),
            else_=_ANY_NUMBER,
        ),
        or_(
            Post.id == Named.id,
            and_(told.read_at.is_(None), not_(unread.has_read(told.account_id))),
            Post.created_at <= told.read_at,
        ),
    )


def actor_of(told: Any) -> ColumnElement[int | None]:
    """Whose act a line tells of; on Post. Without an actor of its own, it tells of what is said."""
    return func.coalesce(told.actor_id, Post.author_id)


def concerns(account_id: ViewerId, actor_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Post, Thread, Group: this account may hear what the actor did at this post.

    They are a member of the group, may see the post, are not the actor, and neither mutes nor
    blocks the other: moderators see the posts of people who blocked them, but hear nothing.
    """
    return and_(
        account_id != actor_id,
        not_(threads.is_deleted()),
        threads.visible_to(account_id),
        groups.belongs(account_id),
        not_(accounts.mutes_or_blocks(account_id, actor_id)),
        not_(accounts.is_blocked_by(account_id, actor_id)),
    )


def shows(told: Any) -> ColumnElement[bool]:
    """Condition on Named, Post, Thread, Group: the line tells of this post, and its reader may
    hear of it now.
    """
    return and_(covers_post(told), concerns(told.account_id, actor_of(told)))


def gone_for(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Post: something has befallen it, for which this account may hear no more of it.

    Of all that `concerns` asks, it is what can differ from post to post of a thread.
    """
    return or_(
        threads.is_deleted(),
        threads.is_hidden(),
        Post.author_id.is_(None),
        accounts.mutes_or_blocks(account_id, Post.author_id),
        accounts.is_blocked_by(account_id, Post.author_id),
    )


def about_visible(
    type_: SQLColumnExpression[str], account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    """Condition: what a notification of one of these types is about may be seen by this account."""
    rules = sharing(lambda one: one.visible)
    return or_(
        *(and_(is_any(type_, names), sees(account_id, about_id)) for sees, names in rules.items())
    )


def own_post(
    account_id: ViewerId, about_id: SQLColumnExpression[Any], *, seen: bool
) -> ColumnElement[bool]:
    """Condition: the account's own post, which it may see at its place now, or may not."""
    there = row_exists(Group, Group.id == Thread.group_id, threads.visible_to(account_id))
    sees = row_exists(Thread, Thread.id == Post.thread_id, there)
    return row_exists(
        Post,
        Post.id == about_id,
        Post.author_id == account_id,
        not_(threads.is_deleted()),
        sees if seen else not_(sees),
    )


def is_any(type_: SQLColumnExpression[str], names: Iterable[str]) -> ColumnElement[bool]:
    """Condition: a notification is of one of these types, in words that can be compiled once."""
    return or_(*(type_ == name for name in names))
