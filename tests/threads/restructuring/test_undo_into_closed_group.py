"""Undoing a move to a more closed group: what came to be there does not come to more people."""

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.errors import Conflict, Refusal
from forum.groups import service as groups
from forum.threads import service as writing
from forum.threads.approval import pre_moderation
from tests.support import factories as make
from tests.support.restructuring_world import (
    Groups,
    check_counts,
    furnished,
    picture,
    said_in,
    slug_of,
    talk,
)

SECRET = "Only for the closed group"


@pytest.fixture
def room(app: Flask) -> Groups:
    return furnished(there={"visibility": "approval"})


def joined(room: Groups, said: list[int], theirs: int) -> int:
    """Join a conversation of the closed group, begun before the last post of the other."""
    return room.act("keeper", "merge", theirs, str(said[0]))


def edited(room: Groups, said: list[int], _: int) -> None:
    writing.edit_post(room.people["both"], said[2], body=SECRET)


def edited_while_held(room: Groups, said: list[int], _: int) -> None:
    writing.edit_post(room.people["both"], said[-1], body=SECRET)
    pre_moderation.approve(room.people["keeper"], said[-1])


def exchanged(room: Groups, said: list[int], theirs: int) -> None:
    """As many posts as before, but not the same."""
    joined(room, said, theirs)
    room.split("keeper", said[0], said[2:3])


@pytest.mark.parametrize("meanwhile", [joined, edited, edited_while_held, exchanged])
def test_what_came_to_be_in_a_closed_group_stays_there(
    room: Groups, meanwhile: Callable[[Groups, list[int], int], object]
) -> None:
    people = room.people
    said = talk(room, "one", "two", by=("author", "both"))
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


def test_a_join_that_was_undone_does_not_stand_in_the_way(room: Groups) -> None:
    said = talk(room, "one", "two", by=("author", "both"))
    theirs = make.thread(room.people["neighbour"], room.there, body=SECRET).thread_id
    before = picture(room)
    moved = room.act("keeper", "move", said[0], slug_of(room.there))
    room.undo("keeper", joined(room, said, theirs))
    room.undo("keeper", moved)
    assert picture(room) == before
    assert said_in(said[0], room.people["member"]) == ["one", "two"]


def test_to_a_group_that_is_as_closed_it_goes_back_with_all_that_was_said(room: Groups) -> None:
    groups.edit_group(room.people["administrator"], room.there, visibility="open")
    said = talk(room, "one", by=("author",))
    moved = room.act("keeper", "move", said[0], slug_of(room.there))
    make.post(room.people["both"], said[0], body="later")
    room.undo("keeper", moved)
    assert said_in(said[0], room.people["member"]) == ["one", "later"]
