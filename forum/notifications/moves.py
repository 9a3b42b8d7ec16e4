"""Telling people that what they wrote has come to another place.

Whose conversation it is reads more in the log; the others who wrote there are told here, once
each, about the first of their posts that has moved.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, func, select

from forum.core.db import reading
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.notifications.kinds import MOVED_AWAY, POST_MOVED
from forum.notifications.service import tell
from forum.threads.events import ThreadMoved, ThreadsReshaped
from forum.threads.models import Post


def told_of_move(event: ThreadMoved) -> None:
    """Tell those who wrote in a conversation, and could read it, that it is in another group."""
    could_read = and_(Group.id == event.from_group_id, groups.belongs(Post.author_id))
    wrote = _WROTE.join(Group, could_read).where(Post.thread_id == event.thread_id)
    _tell(wrote, (POST_MOVED, MOVED_AWAY), {event.author_id, event.by_id}, event.at)


def told_of_reshaping(event: ThreadsReshaped) -> None:
    """Tell those whose posts have come to another conversation."""
    if event.how != "undone":
        wrote = _WROTE.where(Post.id.in_(event.post_ids))
        _tell(wrote, (POST_MOVED,), {event.author_id, event.by_id}, event.at)


_WROTE = (
    select(Post.author_id, func.min(Post.id))
    .where(Post.author_id.is_not(None), Post.deleted_at.is_(None))
    .group_by(Post.author_id)
)


def _tell(
    wrote: Select[int | None, int], kinds: tuple[str, ...], without: Collection[int | None],
    at: datetime,
) -> None:  # fmt: skip
    """Tell each author the one of these kinds that fits what they may see now."""
    for author_id, post_id in reading().execute(wrote).all():
        if author_id is not None and author_id not in without:
            for kind in kinds:
                tell([author_id], kind, post_id, at)
