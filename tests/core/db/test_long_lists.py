"""Lists whose work does not grow with what lies behind their lines."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, insert, literal, select, update

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.groups import queries as group_queries
from forum.groups.models import Group
from forum.notifications import queries as notifications
from forum.notifications.models import Notification
from forum.threads.lists import home_lists, mutes_and_blocks_in_lists, thread_lists
from forum.threads.models import Post, Thread
from forum.threads.posts.post_states import PostState
from tests.support import factories as make
from tests.support.databases.query_counts import sqlite_work
from tests.support.suite.thoroughness import examples
from tests.support.worlds.many_posts import POST, many_posts


def only_sqlite() -> None:
    """PostgreSQL works in another process, and does not stop this one."""
    if db.engine().dialect.name != "sqlite":
        pytest.skip("SQLite counts what it does")


def notified_of(reader: Viewer, thread_id: int, post_id: int, **facts: Any) -> None:
    """Give somebody a line about a thread from this post on."""
    line = {
        "account_id": reader.id,
        "type": "reply",
        "post_id": post_id,
        "thread_id": thread_id,
        "created_at": clock.now() - timedelta(days=99),
        **facts,
    }
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
            notified_of(reader, thread, first, read_at=clock.now() if read else None)
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
    notified_of(reader, thread, first)
    (line,) = notifications.lines(reader)
    newest = db.current_session().scalar(select(Post.created_at).where(Post.id == last))
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
    rows = db.current_session().execute(select(Post.id, Post.created_at))
    times = {row.id: row.created_at for row in rows}
    notified_of(reader, thread, ids[0], read_at=times[ids[4]])
    notified_of(reader, thread, ids[9], read_at=times[ids[249]])
    notified_of(reader, thread, ids[260])
    lines = notifications.lines(reader)
    assert [(line.post_id, line.others) for line in lines] == [
        (ids[260], 39),
        (ids[9], 100),
        (ids[0], 4),
    ]
    assert lines[2].created_at == times[ids[4]]


def threads_at_once(group: int, author: Viewer, count: int) -> None:
    """Start threads of one post each, a minute apart."""
    times = [clock.now() - timedelta(days=9, minutes=each) for each in range(count)]
    row = {
        "group_id": group,
        "author_id": author.id,
        "title": "A title",
        "version": 1,
        "last_number": 1,
        "post_count": 1,
    }
    with db.transaction() as session:
        session.execute(
            insert(Thread), [{**row, "created_at": at, "last_post_at": at} for at in times]
        )
        made = select(
            Thread.id,
            Thread.author_id,
            literal(1),
            literal(1),
            literal("words"),
            literal("<p>words</p>"),
            literal(1),
            literal(""),
            literal("{}", JSON),
            Thread.created_at,
            literal(PostState.PUBLISHED),
            Thread.created_at,
        ).where(Thread.group_id == group)
        columns = [
            "thread_id",
            "author_id",
            "number",
            "version",
            "body",
            "html",
            "renderer",
            "content_note",
            "reactions",
            "created_at",
            "state",
            "state_since",
        ]
        session.execute(insert(Post).from_select(columns, made))
        session.get_one(Group, group).thread_count = count


def large_group(count: int, *people: Viewer) -> int:
    """Return a group of these people, in which the last of them has begun so many threads."""
    group = make.group(slug=f"g{count}")
    for each in people:
        make.join(each, group)
    threads_at_once(group, people[-1], count)
    return group


def test_a_mute_makes_no_page_of_a_large_group_slow(app: Flask) -> None:
    only_sqlite()
    reader, muted, other = (make.person() for _ in range(3))
    accounts.mute(reader, muted.id or 0)

    def work(count: int) -> int:
        group = large_group(count, reader, muted, other)
        make.thread(muted, group)

        def ask() -> None:
            found = group_queries.group_by_id(reader, group)
            assert thread_lists.count_pages(reader, found) == count // 25
            assert len(thread_lists.threads_of(reader, group, 1)) == 25

        ask()
        return sqlite_work(ask)

    assert work(4_000) < 1.5 * work(400)


@given(st.data())
@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
def test_members_who_mute_find_all_threads_in_the_order_of_visible_posts(
    app: Flask, data: st.DataObject
) -> None:
    group = make.group()
    reader, muted, blocker, other = (make.join(make.person(), group) for _ in range(4))
    authors = st.sampled_from([muted, blocker, other, reader])
    ids = []
    with pytest.MonkeyPatch.context() as patch:
        three = mutes_and_blocks_in_lists._THREADS_BEFORE.limit(db.at_most(3))
        patch.setattr(mutes_and_blocks_in_lists, "_THREADS_BEFORE", three)
        patch.setattr(mutes_and_blocks_in_lists, "WALK_BATCH", 3)
        for _ in range(data.draw(st.integers(1, 12))):
            thread = make.thread(data.draw(authors), group).thread_id
            ids.append(thread)
        for _ in range(data.draw(st.integers(0, 25))):
            make.post(data.draw(authors), data.draw(st.sampled_from(ids)))
        accounts.mute(reader, muted.id or 0)
        accounts.block(blocker, reader.id or 0)
        order = list(mutes_and_blocks_in_lists.thread_ids_in_order(reader.id or 0, group))
    unseen = mutes_and_blocks_in_lists.count_hidden_threads(reader.id or 0, group)
    apart = {muted.id, blocker.id}
    met: dict[int, list[Any]] = {}
    for post in db.current_session().execute(
        select(Post.thread_id, Post.author_id, Post.created_at)
    ):
        if post.thread_id in ids and post.author_id not in apart:
            met.setdefault(post.thread_id, []).append(post.created_at)
    assert order == sorted(met, key=lambda each: (max(met[each]), each), reverse=True)
    assert unseen == len(ids) - len(met)
    replies = {row.id: row.replies for row in thread_lists.threads_of(reader, group, 1)}
    assert replies == {each: len(times) - 1 for each, times in met.items()}


def test_what_was_answered_by_people_one_mutes_is_found_in_a_large_group(app: Flask) -> None:
    only_sqlite()
    reader, muted, other = (make.person() for _ in range(3))
    accounts.mute(reader, muted.id or 0)

    def work(count: int) -> int:
        group = large_group(count, reader, muted, other)
        with db.transaction() as session:
            here = select(Thread.id).where(Thread.group_id == group)
            rows = [
                {
                    **POST,
                    "thread_id": each,
                    "author_id": muted.id,
                    "number": 2,
                    "version": 2,
                    "created_at": clock.now(),
                }
                for each in session.scalars(here)
            ]
            session.execute(insert(Post), rows)
            session.execute(
                update(Thread).where(Thread.group_id == group).values(last_number=2, post_count=2)
            )
        waits = make.thread(other, group).thread_id
        make.post(muted, waits)
        mine = [group_queries.group_by_id(reader, group)]

        def ask() -> None:
            found = home_lists.unanswered_ids(reader, mine, 25)
            assert len(found) == 25

        ask()
        return sqlite_work(ask)

    assert work(3_000) < 1.5 * work(600)
