"""Who was there for how long, and how evenly people took part."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.core.errors import Forbidden
from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.room.attendance import summaries
from forum.meetings.room.attendance.inequality import corrected_gini, gini
from forum.meetings.room.attendance.presence_time import add_presence
from forum.meetings.room.events import MeetingAttended
from forum.meetings.room.lifecycle import timers
from tests.support.worlds.meeting_room import (
    NOON,
    AnnouncedEvents,
    Clock,
    Meeting,
    announced,
    moment,
)

__all__ = ["announced", "moment"]


@given(st.lists(st.integers(0, 400), max_size=30))
def test_short_gaps_are_bridged_and_long_ones_count_nothing(gaps: list[int]) -> None:
    at, present = NOON, 0
    for gap in gaps:
        later = at + timedelta(seconds=gap)
        present, at = add_presence(present, at, later), later
    assert present == 1000 * sum(gap for gap in gaps if gap <= 120)


def test_attendance_is_announced_when_the_meeting_is_over(
    app: Flask, moment: Clock, announced: AnnouncedEvents
) -> None:
    room = Meeting.made().opened()
    wren, robin, ash = room.members
    here = {room.fern.id or 0, wren.id or 0}
    room.say(wren, "Three little words")
    speaking_queue.give_speaking_turn(room.fern, room.id, wren.id or 0)
    for minute in range(20):
        moment.forward(minutes=1)
        if minute == 9:
            rooms.leave_room(robin, room.id)
        timers.record_connected({room.id: here | ({robin.id or 0} if minute < 9 else set())})
    rooms.close_meeting(room.fern, room.id)
    rooms.close_meeting(room.fern, room.id)
    timers.update_due_meetings()
    told = {event.account_id: event for event in announced.of(MeetingAttended)}
    assert len(announced.of(MeetingAttended)) == len(told) == 4
    assert (told[wren.id].minutes, told[wren.id].turns, told[wren.id].words) == (20.0, 1, 3)
    assert told[wren.id].left_at == moment.at
    assert (told[robin.id].minutes, told[robin.id].words) == (10.0, 0)
    assert (told[ash.id].minutes, told[ash.id].left_at) == (0.0, NOON)
    found = summaries.summary_for(room.fern, room.id)
    assert (found.came, found.facilitated, found.minutes) == (3, 1, 10.0)
    assert [one.id for one in found.silent] == [robin.id, ash.id]
    assert found.turns.corrected == pytest.approx(1.0)
    with pytest.raises(Forbidden):
        summaries.summary_for(wren, room.id)


def test_known_values_of_the_gini_coefficient() -> None:
    assert gini([1, 1, 1, 1]) == corrected_gini([1, 1, 1, 1]) == 0
    assert gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert corrected_gini([0, 0, 0, 1]) == pytest.approx(1.0)
    assert gini([]) == corrected_gini([]) == gini([0, 0]) == corrected_gini([5]) == 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_gini_coefficient_is_half_the_mean_difference(counts: list[int]) -> None:
    n, total = len(counts), sum(counts)
    differences = sum(abs(a - b) for a in counts for b in counts)
    expected = differences / (2 * n * total) if total else 0
    assert gini(counts) == pytest.approx(expected)
    assert 0 <= corrected_gini(counts) <= 1 + 1e-9
