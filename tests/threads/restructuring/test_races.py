"""Two moderators at once, and people who write and read while a conversation is moved."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from forum.core import db
from forum.core.errors import Refusal
from forum.moderation.actions import service
from forum.moderation.actions.threads import split
from forum.threads import service as writing
from tests.support import factories as make
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    check_counts,
    restructuring_world,
    said_in,
    slug_of,
    state_of_threads,
    thread_with_posts,
)


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world()


def at_once(*verbs: Callable[[], Any]) -> list[BaseException | None]:
    """Do things in the same moment, and return what each failed with."""

    def run(verb: Callable[[], Any]) -> None:
        try:
            verb()
        finally:
            db.release_session()

    with ThreadPoolExecutor(len(verbs)) as pool:
        asked = [pool.submit(run, verb) for verb in verbs]
    return [one.exception() for one in asked]


def act(
    room: RestructuringWorld, who: str, name: str, thread: int, value: str
) -> Callable[[], Any]:
    """Return an act that waits to be done."""
    return lambda: service.take_action(room.people[who], name, thread, value=value)


@pytest.mark.every_case
@pytest.mark.parametrize("name", ["split", "merge", "merge the other way", "move"])
def test_the_second_of_two_moderators_gets_a_conflict(room: RestructuringWorld, name: str) -> None:
    thread, _, two, three = thread_with_posts(room, "one", "two", "three")
    other, *_ = thread_with_posts(room, "x", "y")
    ways = {
        "split": [("split", thread, split.as_value("A title", [str(two), str(three)]))] * 2,
        "merge": [("merge", thread, str(other))] * 2,
        "merge the other way": [("merge", thread, str(other)), ("merge", other, str(thread))],
        "move": [("move", thread, slug_of(room.there))] * 2,
    }[name]
    db.release_session()
    failures = at_once(
        *(act(room, who, *way) for who, way in zip(("keeper", "second"), ways, strict=True))
    )
    (failed,) = [one for one in failures if one]
    assert isinstance(failed, Refusal), failed
    check_counts(room)


def test_split_and_merge_of_the_same_thread_leave_it_whole(room: RestructuringWorld) -> None:
    thread, _, two, three = thread_with_posts(room, "one", "two", "three")
    other, *_ = thread_with_posts(room, "x", "y")
    before = {post[0] for post in state_of_threads(room)["posts"]}
    db.release_session()
    failures = at_once(
        act(
            room,
            "keeper",
            "split",
            thread,
            split.as_value("A title", [str(two), str(three)]),
        ),
        act(room, "second", "merge", other, str(thread)),
        act(room, "administrator", "move", thread, slug_of(room.there)),
    )
    assert all(one is None or isinstance(one, Refusal) for one in failures), failures
    assert {post[0] for post in state_of_threads(room)["posts"]} == before
    check_counts(room)


@pytest.mark.every_case
@pytest.mark.parametrize("name", ["split", "merge", "move"])
def test_what_is_written_meanwhile_is_not_lost(room: RestructuringWorld, name: str) -> None:
    older, *_ = thread_with_posts(room, "a1", "a2")
    newer, *posts = thread_with_posts(room, "b1", "b2", "b3")
    value = {
        "merge": str(older),
        "move": slug_of(room.there),
        "split": split.as_value("A title", [*map(str, posts[1:])]),
    }[name]
    writers = [room.people[who] for who in ("both", "facilitator", "second", "both")]
    words = [f"late {n}" for n in range(len(writers))]
    db.release_session()
    failures = at_once(
        *(
            lambda one=one, body=body: writing.post_reply(one, newer, body=body)
            for one, body in zip(writers[:2], words[:2], strict=True)
        ),
        act(room, "keeper", name, newer, value),
        *(
            lambda one=one, body=body: writing.post_reply(one, newer, body=body)
            for one, body in zip(writers[2:], words[2:], strict=True)
        ),
    )
    assert failures == [None] * 5
    where = older if name == "merge" else newer
    assert sorted(said_in(where, room.people["keeper"]))[-4:] == words
    check_counts(room)


def test_who_edits_hides_or_reacts_meanwhile_reaches_the_post_where_it_is(
    room: RestructuringWorld,
) -> None:
    older, *_ = thread_with_posts(room, "a1", "a2")
    newer, one, two, three = thread_with_posts(room, "b1", "b2", "b3")
    db.release_session()
    failures = at_once(
        act(room, "keeper", "merge", newer, str(older)),
        lambda: writing.edit_post(room.people["author"], one, body="b1 again"),
        lambda: writing.react(room.people["both"], two, "hug", on=True),
        act(room, "facilitator", "hide", three, ""),
    )
    assert failures == [None] * 4
    assert "b1 again" in said_in(older, room.people["both"])
    check_counts(room)
    make.post(room.people["both"], older)
    check_counts(room)
