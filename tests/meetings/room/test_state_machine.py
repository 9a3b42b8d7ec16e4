"""A meeting's states: what opens and closes a room."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden
from forum.meetings.events import MeetingStateChanged
from forum.meetings.room import service as rooms
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import private_note_queries, private_notes
from forum.meetings.room.messages import queries as message_queries
from tests.support import factories
from tests.support.worlds.meeting_room import (
    NOON,
    AnnouncedEvents,
    Clock,
    Meeting,
    announced,
    moment,
)

__all__ = ["announced", "moment"]


def test_the_room_opens_when_a_facilitator_is_there(app: Flask, moment: Clock) -> None:
    room = Meeting.made(starts_at=NOON + timedelta(minutes=30))
    member = room.members[0]
    rooms.enter_room(room.fern, room.id)
    assert room.view().state == "scheduled"
    moment.forward(minutes=20)
    assert rooms.enter_room(member, room.id).state == "scheduled"
    with pytest.raises(Conflict, match="isn't open yet"):
        room.say(member, "Is anybody there?")
    assert rooms.enter_room(room.fern, room.id).state == "doors_open"
    assert rooms.enter_room(member, room.id).may_read
    assert room.say(member, "Here we are.")
    moment.forward(minutes=4)
    rooms.enter_room(room.fern, room.id)
    timers.record_connected({room.id: {room.fern.id or 0}})
    moment.forward(minutes=4)
    timers.record_connected({room.id: {room.fern.id or 0}})
    moment.forward(minutes=2)
    timers.update_due_meetings()
    assert room.view().state == "running"


def test_a_facilitator_whose_line_drops_leaves_the_room_open(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    moment.forward(minutes=1)
    timers.update_due_meetings()
    assert room.say(room.members[0], "We wait for you.")
    moment.forward(minutes=3, seconds=59)
    timers.update_due_meetings()
    assert room.view().state == "running"
    rooms.enter_room(room.fern, room.id)
    moment.forward(minutes=4)
    timers.update_due_meetings()
    assert room.view().state == "running"


def test_anyone_with_the_role_takes_over(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    moment.forward(minutes=4)
    rooms.enter_room(room.moss, room.id)
    for _ in range(12):
        moment.forward(minutes=1)
        timers.record_connected({room.id: {room.moss.id or 0, room.members[0].id or 0}})
        timers.update_due_meetings()
    assert room.view().state == "running"


def test_the_room_closes_kindly_without_a_facilitator(
    app: Flask, moment: Clock, announced: AnnouncedEvents
) -> None:
    room = Meeting.made().opened()
    for _ in range(5):
        moment.forward(minutes=1)
        timers.record_connected({room.id: {room.members[0].id or 0}})
    view = room.view()
    assert (view.state, view.ended_because) == ("over", "no_facilitator")
    assert view.closed_at == NOON + timedelta(minutes=5)
    with pytest.raises(Conflict, match="over"):
        room.say(room.members[0], "Hello?")
    timers.update_due_meetings()
    changes = [event.state for event in announced.of(MeetingStateChanged)]
    assert changes == ["running", "over"]


def test_last_words_and_then_over(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    with pytest.raises(Forbidden):
        rooms.close_meeting(room.members[0], room.id)
    assert rooms.close_meeting(room.fern, room.id) == "closing"
    assert room.say(room.members[0], "Thank you all.")
    moment.forward(minutes=4, seconds=59)
    timers.update_due_meetings()
    assert room.view().state == "closing"
    moment.forward(seconds=1)
    timers.update_due_meetings()
    assert (room.view().state, room.view().ended_because) == ("over", "closed")


def test_closing_twice_is_closing_at_once(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    assert rooms.close_meeting(room.fern, room.id) == "closing"
    assert rooms.close_meeting(room.moss, room.id) == "over"
    with pytest.raises(Conflict):
        rooms.close_meeting(room.fern, room.id)


def test_time_up_asks_for_last_words_and_more_time_goes_on(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    for _ in range(60):
        moment.forward(minutes=1)
        timers.record_connected({room.id: {room.fern.id or 0}})
    assert (room.view().state, room.view().ended_because) == ("closing", "time_up")
    rooms.extend_meeting(room.fern, room.id, 15)
    assert room.view().state == "running"
    assert room.view().ends_at == NOON + timedelta(minutes=75)


def test_a_meeting_that_nobody_opened_does_not_take_place(app: Flask, moment: Clock) -> None:
    room = Meeting.made()
    moment.forward(hours=1)
    timers.update_due_meetings()
    assert (room.view().state, room.view().ended_because) == ("over", "not_held")


def test_a_drop_in_room_is_open_for_an_hour(app: Flask, moment: Clock) -> None:
    group = factories.group()
    fern = factories.join(factories.person(), group, "facilitator")
    member = factories.join(factories.person(), group)
    with pytest.raises(Forbidden):
        rooms.open_drop_in(member, group)
    meeting_id = rooms.open_drop_in(fern, group, title="Tea")
    assert rooms.enter_room(member, meeting_id).state == "running"
    with pytest.raises(Conflict):
        rooms.open_drop_in(fern, group)
    moment.forward(hours=1, minutes=5)
    timers.update_due_meetings()
    assert rooms.enter_room(fern, meeting_id).state == "over"


def test_a_full_room_says_so_kindly_and_has_a_place_again_later(app: Flask, moment: Clock) -> None:
    room = Meeting.made(members=3, room_size=2)
    rooms.enter_room(room.fern, room.id)
    first, second, third = room.members
    rooms.enter_room(first, room.id)
    rooms.enter_room(second, room.id)
    with pytest.raises(Conflict, match="full"):
        rooms.enter_room(third, room.id)
    rooms.enter_room(room.moss, room.id)
    rooms.enter_room(first, room.id)
    rooms.leave_room(second, room.id)
    assert rooms.enter_room(third, room.id).may_read
    assert people_queries.count_attending(room.id, clock.now() - timedelta(minutes=2)) == 2


def test_words_vanish_for_good_and_attendance_stays(app: Flask, moment: Clock) -> None:
    room, kept = Meeting.made().opened(), Meeting.made(transcript_kept=True).opened()
    for one in (room, kept):
        one.say(one.members[0], f"Unmistakable {one.id}")
        private_notes.send_private_note(one.members[0], one.id, body="A word, please")
        rooms.close_meeting(one.fern, one.id)
        rooms.close_meeting(one.fern, one.id)
    moment.forward(hours=23, minutes=59)
    timers.delete_expired_transcripts()
    assert len(_messages(room)) == 1
    moment.forward(minutes=1)
    timers.delete_expired_transcripts()
    assert _messages(room) == []
    assert len(_messages(kept)) == 1
    assert _words(room) == _words(kept) == 0
    assert len(people_queries.attendance_of(room.id)) == 4


def _messages(room: Meeting) -> list[Any]:
    db.release_session()
    return list(message_queries.last_messages(room.members[0], room.id))


def _words(room: Meeting) -> int:
    return len(private_note_queries.private_notes_for(room.fern.id or 0, room.id))
