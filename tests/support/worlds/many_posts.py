"""Threads of very many posts."""

from datetime import timedelta

from sqlalchemy import insert, select

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.threads.models import Post, Thread

POST = {"body": "words", "html": "<p>words</p>", "renderer": 1}


def many_posts(thread_id: int, author: Viewer, count: int) -> list[int]:
    """Write many replies at once, an hour apart, and return their ids."""
    with db.transaction() as session:
        thread = session.get_one(Thread, thread_id)
        last, at = thread.last_number, clock.now() - timedelta(days=100)
        rows = [
            {
                **POST,
                "thread_id": thread_id,
                "author_id": author.id,
                "number": last + each,
                "version": thread.version + each,
                "created_at": at + timedelta(hours=each),
            }
            for each in range(1, count + 1)
        ]
        session.execute(insert(Post), rows)
        thread.last_number = thread.post_count = last + count
        thread.version += count
        return list(
            session.scalars(
                select(Post.id)
                .where(Post.thread_id == thread_id, Post.number > last)
                .order_by(Post.number)
            )
        )
