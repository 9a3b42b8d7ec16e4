"""A catch-up has a limit in bytes: past it the page reloads."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, update

from forum.core import db
from forum.core.realtime.socket_events import CATCH_UP_BYTES
from forum.meetings.room.models import RoomMessage
from forum.threads import service as threads
from forum.threads.models import Post
from tests.support import factories as make
from tests.support.worlds.meeting_room import Meeting, call, connect


def lengthen(table: type[Post] | type[RoomMessage], to: int) -> None:
    """Make what everybody said so many bytes long, each word its own."""
    with db.transaction() as session:
        words = func.substr(table.html.concat("é" * (to // 2)), 1, to // 2)
        session.execute(update(table).values(html=words))


@pytest.mark.parametrize(("size", "fits"), [(10_000, True), (CATCH_UP_BYTES // 4, False)])
def test_a_thread_is_caught_up_with_or_reloaded(app: Flask, size: int, fits: bool) -> None:
    group = make.group()
    reader, other = (make.join(make.person(), group) for _ in range(2))
    thread = make.thread(other, group).thread_id
    last = [make.post(other, thread) for _ in range(5)][-1]
    lengthen(Post, size)
    socket = connect(app, reader)
    answer = call(socket, "thread:join", thread_id=thread, after=0)
    assert answer["ok"]
    assert answer.get("reload", False) is not fits
    assert len(answer["posts"]) == (6 if fits else 0)
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < CATCH_UP_BYTES * 1.1
    one = call(socket, "thread:join", thread_id=thread, after=last.version - 1)
    assert [post["id"] for post in one["posts"]] == [last.id]


def test_what_is_hidden_makes_no_answer_too_long(app: Flask) -> None:
    """Else somebody could learn from it how long the words are that they may not read."""
    group = make.group()
    reader, other = (make.join(make.person(), group) for _ in range(2))
    guide = make.join(make.person(), group, "moderator")
    thread = make.thread(other, group).thread_id
    for _ in range(5):
        threads.hide_post(guide, make.post(other, thread).id)
    lengthen(Post, CATCH_UP_BYTES // 4)
    answer = call(connect(app, reader), "thread:join", thread_id=thread, after=0)
    assert "reload" not in answer
    assert len(answer["posts"]) == 6


@pytest.fixture
def room(app: Flask) -> Meeting:
    """Return an open room in which six things were said."""
    made = Meeting.made().opened()
    for number in range(6):
        made.say(made.fern, f"Words {number}")
    return made


def test_a_room_answers_the_last_messages_that_fit(app: Flask, room: Meeting) -> None:
    def joined(after: int) -> dict[str, Any]:
        socket = connect(app, room.members[0])
        return call(socket, "meeting:join", meeting_id=room.id, after=after)

    all_of_them = [message["number"] for message in joined(0)["messages"]]
    lengthen(RoomMessage, CATCH_UP_BYTES // 4)
    answer = joined(0)
    assert [message["number"] for message in answer["messages"]] == all_of_them[-4:]
    assert "reload" not in answer
    missed = joined(1)
    assert (missed["messages"], missed["reload"]) == ([], True)
