"""What cannot be split, merged or moved, and when an undo is refused."""

import pytest
from flask import Flask

from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.moderation.actions import service
from forum.moderation.actions.threads import split
from forum.moderation.second_approval import pending_actions
from forum.threads import queries as threads
from forum.threads import service as writing
from forum.threads.restructuring import split_merge
from tests.support import factories as make
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    check_counts,
    restructuring_world,
    slug_of,
    thread_with_posts,
)


@pytest.fixture
def room(app: Flask) -> RestructuringWorld:
    return restructuring_world()


@pytest.mark.parametrize("posts", ["none", "the first", "elsewhere", "deleted"])
def test_what_cannot_be_split_off(room: RestructuringWorld, posts: str) -> None:
    thread, one, two = thread_with_posts(room, "one", "two")
    other = thread_with_posts(room, "x", "y")[2]
    if posts == "deleted":
        writing.delete_post(room.people["member"], two)
    chosen = {"none": [], "the first": [one, two], "elsewhere": [other], "deleted": [two]}[posts]
    with pytest.raises(Invalid) as refused:
        room.split("keeper", thread, chosen)
    assert "posts" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        room.split("keeper", thread, [two], title="x")
    assert "title" in refused.value.fields


def test_what_cannot_be_merged(room: RestructuringWorld) -> None:
    older, *_ = thread_with_posts(room, "a1")
    for value in ("", "not a number", str(older), "999999999", "/threads/99999999999999"):
        with pytest.raises(Invalid):
            room.act("keeper", "merge", older, value)
    elsewhere = make.thread(room.people["neighbour"], room.there).thread_id
    with pytest.raises(Invalid, match="a problem with what you entered"):
        room.act("keeper", "merge", older, str(elsewhere))
    hello = make.thread(room.people["author"], room.here, is_introductions=True).thread_id
    with pytest.raises(Conflict, match="say hello"):
        room.act("keeper", "merge", older, str(hello))
    with pytest.raises(NotFound):
        room.act("keeper", "merge", 999_999_999, str(older))


def test_pending_posts_are_not_moved(app: Flask) -> None:
    room = restructuring_world(here={"premoderate_first_posts": True})
    held = make.thread(room.people["author"], room.here).thread_id
    other = make.thread(room.people["keeper"], room.here).thread_id
    for name, value in (
        ("merge", str(other)),
        ("move", slug_of(room.there)),
        ("split", split.as_value("A title", ["1"])),
    ):
        with pytest.raises(Conflict, match="hasn't been approved"):
            service.take_action(room.people["keeper"], name, held, value=value)


@pytest.mark.parametrize("name", ["move", "split", "merge"])
def test_only_moderators_do_it_and_nobody_to_their_equals_alone(
    room: RestructuringWorld, name: str
) -> None:
    thread, *posts = thread_with_posts(room, "one", "two", by=("second", "second"))
    mine, *_ = thread_with_posts(room, "x")
    value = {
        "move": slug_of(room.there),
        "merge": str(mine),
        "split": split.as_value("A title", [str(posts[1])]),
    }[name]
    for who in ("facilitator", "member"):
        with pytest.raises(Forbidden):
            service.take_action(room.people[who], name, thread, value=value)
    asked = service.take_action(room.people["keeper"], name, thread, value=value)
    assert asked.log_entry_id is None
    with pytest.raises(Forbidden):  # the one concerned
        pending_actions.answer(room.people["second"], asked.pending_action_id or 0, confirm=True)
    done = pending_actions.answer(
        room.people["administrator"], asked.pending_action_id or 0, confirm=True
    )
    assert done
    check_counts(room)


def test_an_undo_is_refused_when_something_has_changed_since(room: RestructuringWorld) -> None:
    thread, _, two, three = thread_with_posts(room, "one", "two", "three")
    other, *_ = thread_with_posts(room, "x")
    row = room.split("keeper", thread, [two, three])
    new = threads.post_for(room.people["member"], two).thread_id
    make.post(room.people["author"], new, body="since")
    with pytest.raises(Conflict):
        room.undo("keeper", row)
    row = room.act("keeper", "merge", thread, str(other))
    room.act("keeper", "merge", thread, str(new))
    with pytest.raises(Conflict):
        room.undo("keeper", row)
    check_counts(room)


def test_a_split_cannot_be_undone_into_numbers_that_are_others_now(
    room: RestructuringWorld,
) -> None:
    thread, _, two, _ = thread_with_posts(room, "one", "two", "three")
    other, *_ = thread_with_posts(room, "x", "y")
    row = room.split("keeper", thread, [two])
    room.act("keeper", "merge", thread, str(other))
    with pytest.raises(Conflict, match="changed since"):
        room.undo("keeper", row)
    check_counts(room)


def test_there_is_a_most_for_joining(
    room: RestructuringWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split_merge, "MERGED_MAX", 3)
    older, *_ = thread_with_posts(room, "a1", "a2")
    newer, *_ = thread_with_posts(room, "b1", "b2")
    with pytest.raises(Invalid) as refused:
        room.act("keeper", "merge", older, str(newer))
    assert "more than 3 posts" in refused.value.fields["value"]
