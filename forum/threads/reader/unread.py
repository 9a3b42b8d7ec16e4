"""What is new to somebody: the one rule, as SQL conditions, for every count, link and line.

New is what others have written in one's groups since one joined here, and what one has not read.
Of a community that was brought here, nothing is new to its members that was written before.
"""

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select
from sqlalchemy.sql.selectable import Subquery

from forum.accounts.policy import ViewerId, row_exists
from forum.core.db import at_most
from forum.groups.models import Group, Membership
from forum.threads import policy
from forum.threads.models import Post, Thread
from forum.threads.reader.models import ReadPosition, ReadRange

COUNT_MAX = 100


def position_of(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition to join the viewer's ReadMark, which they may not have, to Thread."""
    return and_(ReadPosition.thread_id == Thread.id, ReadPosition.account_id == viewer_id)


def membership_of(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition to join the viewer's Membership, which they may not have, to Thread."""
    return and_(Membership.group_id == Thread.group_id, Membership.account_id == viewer_id)


def may_have_unread() -> ColumnElement[bool]:
    """Condition on Thread, ReadMark, Membership: worth asking for new posts, by columns alone."""
    return and_(
        Thread.last_number > func.coalesce(ReadPosition.number, 0),
        Thread.last_post_at >= Membership.new_since,
    )


def is_unread_by(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Post, Thread, Group, ReadMark, Membership: the post is new to the viewer.

    Who is no member of the group has no Membership there, and so nothing new.
    """
    return and_(
        Post.thread_id == Thread.id,
        Post.number > func.coalesce(ReadPosition.number, 0),
        Post.created_at >= Membership.new_since,
        not_(policy.is_deleted()),
        or_(Post.author_id.is_(None), Post.author_id != viewer_id),
        not_(_in_range_read_by(viewer_id)),
        policy.visible_within(viewer_id),
    )


def unread_posts(viewer_id: ViewerId, most: int) -> Subquery:
    """Return a row for each new post of the thread around it, `most` and no more.

    So it costs the same in the longest thread.
    """
    return (
        select(literal(1))
        .select_from(Post)
        .where(is_unread_by(viewer_id))
        .limit(at_most(most))
        .correlate(Thread, Group, ReadPosition, Membership)
        .subquery()
    )


def has_read(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Post: this account has read it, wherever its mark is not joined."""
    marked = row_exists(
        ReadPosition,
        ReadPosition.account_id == account_id,
        ReadPosition.thread_id == Post.thread_id,
        ReadPosition.number >= Post.number,
    )
    return or_(marked, _in_range_read_by(account_id))


def _in_range_read_by(account_id: ViewerId) -> ColumnElement[bool]:
    return row_exists(
        ReadRange,
        ReadRange.account_id == account_id,
        ReadRange.thread_id == Post.thread_id,
        Post.number.between(ReadRange.first, ReadRange.last),
    )
