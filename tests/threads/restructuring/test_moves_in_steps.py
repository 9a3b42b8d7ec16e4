"""However many people wrote in a thread, moving it is short: they are notified in steps."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, select

from forum.core import clock, cooperative_yielding, db
from forum.core.background import periodic
from forum.core.background.jobs import queue, runner
from forum.moderation.actions import service
from forum.moderation.actions.threads import move, split
from forum.notifications.models import REPLY, Notification
from forum.notifications.types import moved_posts
from forum.threads.models import Post
from forum.threads.restructuring import split_merge
from tests.support import factories as make
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    restructuring_world,
    slug_of,
    thread_with_posts,
)


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world()


def crowd(room: RestructuringWorld, size: int) -> tuple[str, ...]:
    """Bring so many more people into both groups, and return their names here."""
    names = tuple(f"guest{number}" for number in range(size))
    for name in names:
        if name not in room.people:
            room.people[name] = make.join(make.join(make.person(), room.here), room.there)
    return names


@contextmanager
def asked() -> Iterator[list[str]]:
    """Collect the statements that are executed meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield statements
    event.remove(db.engine(), "before_cursor_execute", note)


@pytest.mark.parametrize("name", ["move", "merge", "split"])
def test_an_action_asks_no_more_the_more_people_wrote(
    room: RestructuringWorld, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def statements(writers: int) -> int:
        older, *_ = thread_with_posts(room, "where it began", by=("author",))
        thread, *posts = thread_with_posts(room, *["words"] * 9, by=crowd(room, writers))
        value = {
            "move": slug_of(room.there),
            "merge": str(older),
            "split": split.as_value("Beside it", [str(one) for one in posts[1:]]),
        }[name]
        db.release_session()
        with asked() as done:
            service.take_action(room.people["keeper"], name, thread, value=value)
        return len(done)

    statements(2)  # what is asked once in a process
    with monkeypatch.context() as patched:
        patched.setattr(periodic, "soon", lambda *_: None)
        assert statements(8) == statements(2)


def test_others_go_on_while_it_is_noted_what_a_long_thread_holds(
    room: RestructuringWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, *posts = thread_with_posts(room, *["words"] * 12, by=("author", "member"))
    with db.transaction() as session:
        at_once = move._digest(session, thread)
        turns: list[None] = []
        monkeypatch.setattr(cooperative_yielding, "STRETCH_S", 0.0)
        monkeypatch.setattr(cooperative_yielding, "give_way", lambda: turns.append(None))
        monkeypatch.setattr(move, "ROWS_AT_ONCE", 5)
        assert move._digest(session, thread) == at_once
    assert len(turns) == len(posts)


def test_everybody_is_notified_once_even_if_the_process_dies(
    room: RestructuringWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers = crowd(room, 5)
    thread, *_ = thread_with_posts(room, *["words"] * 10, by=writers)
    monkeypatch.setattr(runner, "STEP_S", 0.0)
    monkeypatch.setattr(moved_posts, "AT_ONCE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(periodic, "soon", lambda *_: None)
        act = service.take_action(room.people["keeper"], "move", thread, value=slug_of(room.there))
    assert act.log_entry_id
    died = queue.claim("a process that dies")
    assert died
    assert runner._step(died, "a process that dies")
    assert len(told(room)) == 1
    later = clock.now() + queue.LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    runner.run()
    # Who began the conversation reads it in the log.
    assert told(room) == {room.people[name].id: 1 for name in writers[1:]}
    assert not queue.waits()


def test_who_writes_after_a_move_is_not_notified_of_it(
    room: RestructuringWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, *_ = thread_with_posts(room, "one", "two", by=("author", "both"))
    with monkeypatch.context() as patched:
        patched.setattr(periodic, "soon", lambda *_: None)
        service.take_action(room.people["keeper"], "move", thread, value=slug_of(room.there))
        make.post(room.people["neighbour"], thread, body="I have always been here")
    runner.run()
    assert told(room) == {room.people["both"].id: 1}


def test_a_split_notifies_authors_of_moved_posts(room: RestructuringWorld) -> None:
    writers = crowd(room, 4)
    thread, *posts = thread_with_posts(room, *["words"] * 4, by=writers)
    value = split.as_value("Beside it", [str(one) for one in posts[1:]])
    service.take_action(room.people["keeper"], "split", thread, value=value)
    assert told(room) == {room.people[name].id: 1 for name in writers[2:]}


def test_each_line_goes_on_to_what_another_said_after_its_own_post(
    room: RestructuringWorld,
) -> None:
    by = ("author", "member", "facilitator", "author", "both", "member")
    thread, _, gone, theirs, gone_too, mine, last = thread_with_posts(room, *["words"] * 6, by=by)
    facilitator, both = room.people["facilitator"].id, room.people["both"].id
    with db.transaction() as session:
        session.execute(delete(Notification))
        for reader, post_id in ((facilitator, gone), (both, gone_too)):
            session.add(
                Notification(
                    account_id=reader,
                    type=REPLY,
                    post_id=post_id,
                    thread_id=thread,
                    created_at=clock.now(),
                )
            )
    room.split("keeper", thread, [gone, gone_too])
    lines = select(Notification.account_id, Notification.post_id).where(
        Notification.thread_id == thread
    )
    found = sorted(tuple(row) for row in db.current_session().execute(lines))
    assert found == sorted([(facilitator, mine), (both, last)])
    assert theirs not in {post_id for _, post_id in found}


def told(room: RestructuringWorld) -> dict[int, int]:
    """Return how often each person was told that a post of theirs has moved."""
    db.release_session()
    lines = select(Notification.account_id, func.count()).where(
        Notification.type == moved_posts.POST_MOVED.name
    )
    counted = db.current_session().execute(lines.group_by(Notification.account_id))
    return {account_id: times for account_id, times in counted}  # noqa: C416 - rows are no pairs


@pytest.mark.parametrize("back", [False, True])
def test_others_find_what_was_there_before_while_threads_are_joined(
    room: RestructuringWorld, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    """A join works a little at a time; what it has not finished is shown to nobody."""
    keeper, crowds = room.people["keeper"], crowd(room, 15)
    older, *_ = thread_with_posts(room, *["here"] * 15, by=crowds)
    newer, *_ = thread_with_posts(room, *["there"] * 15, by=crowds)
    db.release_session()
    if back:
        shapes_of = split_merge.merge_threads(keeper, older, newer)
    before = stands(older, newer)
    seen: list[dict[int, int]] = []

    def let_others_read() -> None:
        other = threading.Thread(target=lambda: seen.append(stands(older, newer)))
        other.start()
        other.join()

    monkeypatch.setattr(periodic, "soon", lambda *_given: None)
    monkeypatch.setattr(cooperative_yielding, "AT_ONCE", 10)
    monkeypatch.setattr(cooperative_yielding, "STRETCH_S", 0.0)
    monkeypatch.setattr(cooperative_yielding, "give_way", let_others_read)
    if back:
        split_merge.restore_layout(keeper, *shapes_of)
    else:
        split_merge.merge_threads(keeper, older, newer)
    assert len(seen) > 15
    assert all(each == before for each in seen)
    db.release_session()
    assert stands(older, newer) != before


def stands(*thread_ids: int) -> dict[int, int]:
    """Return in which of these threads each post is."""
    rows = db.current_session().execute(
        select(Post.id, Post.thread_id).where(Post.thread_id.in_(thread_ids))
    )
    found = {row.id: row.thread_id for row in rows}
    db.release_session()
    return found
