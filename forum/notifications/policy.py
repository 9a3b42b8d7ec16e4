"""Whom an event concerns, when they are told and again each time it is shown to them."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_, or_

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.groups import policy as groups
from forum.notifications.kinds import KINDS
from forum.threads import policy as threads
from forum.threads.models import Post


def concerns(account_id: ViewerId, actor_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Post, Thread, Group: this account may hear what the actor did at this post.

    They are a member of the group, may see the post, are not the actor, and neither avoids the
    other: those who look after a group see the posts of people who blocked them, but hear nothing.
    """
    return and_(
        account_id != actor_id,
        Post.deleted_at.is_(None),
        threads.visible_to(account_id),
        groups.belongs(account_id),
        not_(accounts.avoids(account_id, actor_id)),
        not_(accounts.is_avoided_by(account_id, actor_id)),
    )


def about_visible(
    kind: SQLColumnExpression[str], account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    """Condition: what a notification of one of `KINDS` is about may be seen by this account."""
    return or_(
        *(and_(kind == name, one.visible(account_id, about_id)) for name, one in KINDS.items())
    )
