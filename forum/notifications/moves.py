"""Telling people that what they wrote has come to another place.

Whose conversation it is reads more in the log; the others who wrote there are told here, once
each, about the first of their posts that has moved.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from forum.core.db import reading
from forum.notifications.kinds import MOVED_AWAY, POST_MOVED
from forum.notifications.service import tell
from forum.threads.events import ThreadMoved, ThreadsReshaped
from forum.threads.models import Post


def told_of_move(event: ThreadMoved) -> None:
    """Tell those who wrote in a conversation that it is in another group now."""
    _tell(Post.thread_id == event.thread_id, {event.author_id, event.by_id}, event.at)


def told_of_reshaping(event: ThreadsReshaped) -> None:
    """Tell those whose posts have come to another conversation."""
    if event.how != "undone":
        _tell(Post.id.in_(event.post_ids), {event.author_id, event.by_id}, event.at)


def _tell(which: ColumnElement[bool], without: Collection[Any], at: datetime) -> None:
    wrote = (
        select(Post.author_id, func.min(Post.id))
        .where(which, Post.deleted_at.is_(None))
        .group_by(Post.author_id)
    )
    for author_id, post_id in reading().execute(wrote).all():
        if author_id is not None and author_id not in without:
            tell([author_id], POST_MOVED, post_id, at)
            tell([author_id], MOVED_AWAY, post_id, at)
