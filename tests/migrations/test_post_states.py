"""States of posts that were made by the code before: everybody sees of them what they saw then."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Connection, or_, select, text

from forum import migrations
from forum.core import db
from forum.core.db import engines
from forum.threads import policy
from forum.threads.models import Post, Thread
from forum.threads.posts.post_creation import PostRef
from forum.threads.posts.post_states import PostState
from forum.threads.reader.models import ReadPosition
from tests.support import factories

WRITTEN = datetime(2026, 5, 1, 12, tzinfo=UTC)
HELD = (None, "", "declined")  # not held; held, with nothing or this decided
THEN = [
    (held, hidden, deleted)
    for held, hidden, deleted in product(HELD, (False, True), (False, True))
    if held is None or not hidden  # what is held could not be hidden
]


@pytest.fixture
def opening(app: Flask) -> Iterator[PostRef]:
    """Return a thread in a database with the schema of the code before."""
    group_id = factories.group()
    place = factories.thread(factories.join(factories.person(), group_id), group_id)
    db.release_session()
    command.downgrade(migrations.config(), "0042")
    yield place
    migrations.upgrade()


def _write(connection: Connection, thread_id: int) -> None:
    post = text(
        "INSERT INTO posts (thread_id, number, version, body, html, renderer, content_note, "
        "reactions, created_at, held_at, hidden_at, deleted_at) VALUES (:thread, :number, "
        ":version, '', '', 1, '', '{}', :at, :held, :hidden, :deleted) RETURNING id"
    )
    review = text(
        "INSERT INTO post_reviews (post_id, group_id, held_at, outcome, reason) "
        "SELECT :post, group_id, :at, :outcome, '' FROM threads WHERE id = :thread"
    )
    for n, (held, hidden, deleted) in enumerate(THEN, start=10):
        at = {"held": held is not None, "hidden": hidden, "deleted": deleted}
        times = {name: WRITTEN if there else None for name, there in at.items()}
        numbers = {"number": n if held is None else -n, "version": n}
        given = {"thread": thread_id, "at": WRITTEN, **numbers, **times}
        (post_id,) = connection.execute(post, given).one()
        if held is not None:
            connection.execute(review, {**given, "post": post_id, "outcome": held})


def test_everybody_sees_what_they_saw_before(opening: PostRef) -> None:
    with engines.writing(db.engine()) as connection:
        _write(connection, opening.thread_id)
    migrations.upgrade()
    found = select(Post).where(Post.thread_id == opening.thread_id, Post.version >= 10)
    rows = db.current_session().scalars(found.order_by(Post.version)).all()
    conditions = {
        "published": policy.was_published(),
        "deleted": policy.is_deleted(),
        "hidden": policy.is_hidden(),
        "pending": policy.is_pending(),
        "shown": or_(Post.state == PostState.PUBLISHED, Post.state == PostState.DELETED),
    }
    those = {
        name: set(db.current_session().scalars(select(Post.id).where(condition)))
        for name, condition in conditions.items()
    }
    for row, (held, hidden, deleted) in zip(rows, THEN, strict=True):
        assert row.number == (row.version if held is None else None)
        assert (row.id in those["published"]) == (held is None) == row.state.was_published
        assert (row.id in those["shown"]) == (held is None and not hidden)
        assert (row.id in those["deleted"]) == deleted == row.state.is_deleted
        assert (row.id in those["hidden"]) == hidden == row.state.is_hidden
        assert (row.id in those["pending"]) == (held is not None and not deleted)
        assert (row.state == PostState.DECLINED) == (held == "declined" and not deleted)


def test_what_has_another_name_now_comes_along(opening: PostRef) -> None:
    with engines.writing(db.engine()) as connection:
        connection.execute(
            text(
                "UPDATE threads SET reviewed = NOT reviewed, reshaped = 7, "
                "held_count = 3, says_hello = NOT says_hello"
            )
        )
        connection.execute(text("UPDATE read_marks SET watching = NOT watching, number = 4"))
    migrations.upgrade()
    thread = db.current_session().get_one(Thread, opening.thread_id)
    assert (thread.is_introductions, thread.pre_moderated) == (True, True)
    assert (thread.pending_count, thread.reload_version) == (3, 7)
    (row,) = db.current_session().scalars(select(ReadPosition)).all()
    assert (row.number, row.following, row.unfollowed) == (4, False, False)
