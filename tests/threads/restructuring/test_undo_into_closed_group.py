"""Undoing a move to a more closed group: what came to be there does not come to more people."""

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.errors import Conflict, Refusal
from forum.groups import service as groups
from forum.threads import service as writing
from forum.threads.approval import pre_moderation
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

SECRET = "Only for the closed group"


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world(there={"visibility": "approval"})


def joined(room: RestructuringWorld, said: list[int], theirs: int) -> int:
    """Join a conversation of the closed group, begun before the last post of the other."""
    return room.act("keeper", "merge", theirs, str(said[0]))


def edited(room: RestructuringWorld, said: list[int], _: int) -> None:
    writing.edit_post(room.people["both"], said[2], body=SECRET)


def edited_while_held(room: RestructuringWorld, said: list[int], _: int) -> None:
    writing.edit_post(room.people["both"], said[-1], body=SECRET)
    pre_moderation.approve(room.people["keeper"], said[-1])


def exchanged(room: RestructuringWorld, said: list[int], theirs: int) -> None:
    """As many posts as before, but not the same."""
    joined(room, said, theirs)
    room.split("keeper", said[0], said[2:3])


@pytest.mark.parametrize("meanwhile", [joined, edited, edited_while_held, exchanged])
def test_what_came_to_be_in_a_closed_group_stays_there(
    room: RestructuringWorld, meanwhile: Callable[[RestructuringWorld, list[int], int], object]
) -> None:
    people = room.people
    said = thread_with_posts(room, "one", "two", by=("author", "both"))
    theirs = make.thread(people["neighbour"], room.there, body=SECRET).thread_id
    room.act("keeper", "review", said[0])
    said.append(make.post(people["both"], said[0], body="waits").id)
    moved = room.act("keeper", "move", said[0], slug_of(room.there))
    meanwhile(room, said, theirs)
    with pytest.raises(Conflict):
        room.undo("keeper", moved)
    with pytest.raises(Refusal):
        said_in(said[0], people["member"])
    check_counts(room)


def test_an_undone_merge_does_not_block_an_undo(room: RestructuringWorld) -> None:
    said = thread_with_posts(room, "one", "two", by=("author", "both"))
    theirs = make.thread(room.people["neighbour"], room.there, body=SECRET).thread_id
    before = state_of_threads(room)
    moved = room.act("keeper", "move", said[0], slug_of(room.there))
    room.undo("keeper", joined(room, said, theirs))
    room.undo("keeper", moved)
    assert state_of_threads(room) == before
    assert said_in(said[0], room.people["member"]) == ["one", "two"]


def test_to_a_group_that_is_as_closed_it_goes_back_with_all_that_was_said(
    room: RestructuringWorld,
) -> None:
    groups.edit_group(room.people["administrator"], room.there, visibility="open")
    said = thread_with_posts(room, "one", by=("author",))
    moved = room.act("keeper", "move", said[0], slug_of(room.there))
    make.post(room.people["both"], said[0], body="later")
    room.undo("keeper", moved)
    assert said_in(said[0], room.people["member"]) == ["one", "later"]
