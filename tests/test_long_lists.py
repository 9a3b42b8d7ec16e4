"""Lists whose work does not grow with what lies behind their lines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.notifications import queries as notifications
from forum.notifications.models import Notification
from forum.threads.models import Post, Thread
from tests import factories as make
from tests.questions import sqlite_work

POST = {"body": "words", "html": "<p>words</p>", "renderer": 1}


def only_sqlite() -> None:
    """PostgreSQL works in another process, and does not stop this one."""
    if db.engine().dialect.name != "sqlite":
        pytest.skip("SQLite counts what it does")


def many_posts(thread_id: int, author: Viewer, count: int) -> list[int]:
    """Write many replies at once, an hour apart, and return their ids."""
    with db.transaction() as session:
        thread = session.get_one(Thread, thread_id)
        last, at = thread.last_number, clock.now() - timedelta(days=100)
        rows = [
            {**POST, "thread_id": thread_id, "author_id": author.id, "number": last + each,
             "version": thread.version + each, "created_at": at + timedelta(hours=each)}
            for each in range(1, count + 1)
        ]  # fmt: skip
        session.execute(insert(Post), rows)
        thread.last_number = thread.post_count = last + count
        thread.version += count
        return list(session.scalars(
            select(Post.id).where(Post.thread_id == thread_id, Post.number > last)
            .order_by(Post.number)
        ))  # fmt: skip


def told_of(reader: Viewer, thread_id: int, post_id: int, **facts: Any) -> None:
    """Give somebody a line about a thread from this post on."""
    line = {"account_id": reader.id, "kind": "reply", "post_id": post_id, "thread_id": thread_id,
            "created_at": clock.now() - timedelta(days=99), **facts}  # fmt: skip
    with db.transaction() as session:
        session.execute(insert(Notification), [line])


@pytest.mark.parametrize("read", [False, True])
def test_lines_about_long_threads_cost_what_those_about_short_ones_do(
    app: Flask, read: bool
) -> None:
    only_sqlite()
    group = make.group()

    def work(posts: int) -> int:
        reader, other = (make.join(make.person(), group) for _ in range(2))
        for _ in range(20):
            thread = make.thread(reader, group).thread_id
            first, *_ = many_posts(thread, other, posts)
            told_of(reader, thread, first, read_at=clock.now() if read else None)
        assert len(notifications.lines(reader)) == 20  # compiled
        return sqlite_work(lambda: notifications.lines(reader))

    assert work(800) < 1.5 * work(120)


@pytest.mark.parametrize(("posts", "others"), [(100, 99), (101, 100), (102, 100), (250, 100)])
def test_of_the_replies_in_a_line_a_hundred_are_counted(
    app: Flask, posts: int, others: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    group = make.group()
    reader, other = (make.join(make.person(), group) for _ in range(2))
    thread = make.thread(reader, group).thread_id
    first, *_, last = many_posts(thread, other, posts)
    told_of(reader, thread, first)
    (line,) = notifications.lines(reader)
    newest = db.reading().scalar(select(Post.created_at).where(Post.id == last))
    assert (line.post_id, line.others, line.created_at) == (first, others, newest)
    client = app.test_client()
    make.log_in(client, reader)
    count = "100+" if others == 100 else str(posts)
    assert f"{count} new replies in" in client.get("/notifications").text


def test_a_line_that_was_read_tells_of_no_more_than_was_there(app: Flask) -> None:
    group = make.group()
    reader, other = (make.join(make.person(), group) for _ in range(2))
    thread = make.thread(reader, group).thread_id
    ids = many_posts(thread, other, 300)
    rows = db.reading().execute(select(Post.id, Post.created_at))
    times = {row.id: row.created_at for row in rows}
    told_of(reader, thread, ids[0], read_at=times[ids[4]])
    told_of(reader, thread, ids[9], read_at=times[ids[249]])
    told_of(reader, thread, ids[260])
    lines = notifications.lines(reader)
    assert [(line.post_id, line.others) for line in lines] == [
        (ids[260], 39), (ids[9], 100), (ids[0], 4),
    ]  # fmt: skip
    assert lines[2].created_at == times[ids[4]]
