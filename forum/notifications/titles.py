"""What a notification's row is called, where several types ask for it."""

from functools import cache
from typing import Any

from sqlalchemy import SQLColumnExpression, case, func, select

from forum.groups.models import Group
from forum.moderation.models import AuditLogEntry, PendingAction
from forum.moderation.queue_items.models import QueueItem
from forum.notifications.registry import Title
from forum.threads.models import REMOVED_TITLE, Post, Thread

COMMUNITY = "this community"  # as JSON has it


@cache
def group_of(row: type[QueueItem | PendingAction | AuditLogEntry]) -> Title:
    """What the group of a row is called; of one without a group, "this community"."""

    def title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
        name = select(Group.name).join(row, row.group_id == Group.id).where(row.id == about_id)
        return func.coalesce(name.scalar_subquery(), COMMUNITY)

    return title


def thread_of_post(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    """The title of the thread that a post is in."""
    return (
        select(case((Thread.title_hidden.is_(False), Thread.title), else_=REMOVED_TITLE))
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.id == about_id)
        .scalar_subquery()
    )
