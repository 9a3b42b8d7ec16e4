"""Raised hands and turns: who waits, who speaks, and who gives the turn."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core import db
from forum.core.errors import Conflict, Forbidden
from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.lifecycle import timers
from tests.support.suite.thoroughness import examples
from tests.support.worlds.meeting_room import Clock, Meeting, announced, moment

__all__ = ["announced", "moment"]


def order(room: Meeting) -> list[int]:
    """Return who waits for a turn, and first who has it."""
    db.release_session()
    return [hand.account_id for hand in people_queries.speaking_queue(room.id)]


def speaker(room: Meeting) -> int | None:
    """Return whose turn it is."""
    db.release_session()
    return next(
        (h.account_id for h in people_queries.speaking_queue(room.id) if h.speaking_since), None
    )


def test_only_whose_turn_it_is_writes(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    rooms.set_room_rules(room.fern, room.id, turns_only=True, slow_mode_s=0)
    with pytest.raises(Forbidden, match="Raise your hand"):
        room.say(wren, "Me first")
    speaking_queue.raise_hand(wren, room.id, up=True)
    speaking_queue.raise_hand(robin, room.id, up=True)
    with pytest.raises(Forbidden):
        speaking_queue.give_speaking_turn(robin, room.id, robin.id or 0)
    speaking_queue.give_speaking_turn(wren, room.id, wren.id or 0)
    room.say(wren, "Thank you")
    with pytest.raises(Forbidden):
        room.say(robin, "And I")
    speaking_queue.give_speaking_turn(room.fern, room.id, robin.id or 0)
    assert order(room) == [robin.id]
    room.say(robin, "Now I")
    speaking_queue.finish_own_turn(robin, room.id)
    assert speaker(room) is None
    speaking_queue.finish_own_turn(robin, room.id)
    assert [
        row.speaking_turns for row in people_queries.attendance_of(room.id) if not row.facilitated
    ] == [
        1,
        1,
        0,
    ]


@settings(deadline=None, max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["up", "down", "give", "end", "earlier", "later", "finish"]),
            st.integers(0, 3),
        ),
        max_size=25,
    )
)
def test_the_order_is_a_list_in_which_everybody_is_once(
    app: Flask, acts: list[tuple[str, int]]
) -> None:
    room = Meeting.made(members=4).opened()
    people = [viewer.id or 0 for viewer in room.members]
    waits: list[int] = []
    speaks: int | None = None
    for act, number in acts:
        who, viewer = people[number], room.members[number]
        match act:
            case "up":
                speaking_queue.raise_hand(viewer, room.id, up=True)
                waits += [who] if who not in (*waits, speaks) else []
            case "down":
                speaking_queue.raise_hand(viewer, room.id, up=False)
            case "finish":
                speaking_queue.finish_own_turn(viewer, room.id)
                speaks = None if speaks == who else speaks
            case "give":
                speaking_queue.give_speaking_turn(room.fern, room.id, who)
                speaks = who
            case "end":
                speaking_queue.end_speaking_turn(room.fern, room.id, who)
            case _:
                by = -1 if act == "earlier" else 1
                if who not in waits:
                    with pytest.raises(Conflict):
                        speaking_queue.move_in_queue(room.fern, room.id, who, by=by)
                    continue
                speaking_queue.move_in_queue(room.fern, room.id, who, by=by)
                here = waits.index(who)
                waits.insert(max(0, min(len(waits) - 1, here + by)), waits.pop(here))
        if act in {"down", "end"}:
            speaks = None if speaks == who else speaks
        if act in {"down", "end", "give"}:
            waits = [other for other in waits if other != who]
        assert speaker(room) == speaks
        assert order(room) == ([speaks] if speaks else []) + waits


def test_a_silent_line_loses_its_place_only_after_two_minutes(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    speaking_queue.raise_hand(wren, room.id, up=True)
    for _ in range(8):
        moment.forward(seconds=15)
        timers.record_connected({room.id: {room.fern.id or 0}})
    timers.update_due_meetings()
    assert order(room) == [wren.id]
    moment.forward(seconds=1)
    timers.update_due_meetings()
    assert order(room) == []
