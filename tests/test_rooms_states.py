"""A meeting's states: what opens and closes a room, whoever asks and however often."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden, Refusal
from forum.meetings import people_queries, room_queries, rooms, states, talking, timed
from forum.meetings.models import OPEN_STATES
from forum.meetings.room_events import MeetingStateChanged
from forum.meetings.states import Change, Phase
from tests import factories
from tests.meetingroom import NOON, Announced, Clock, Meeting, announced, moment

__all__ = ["announced", "moment"]

AFTER = {
    "scheduled": {"doors_open", "running", "over"},
    "doors_open": {"running", "scheduled", "closing", "over"},
    "running": {"closing", "over", "running"},
    "closing": {"over", "running"},
    "over": set[str](),
}
minutes = st.integers(-30, 200).map(lambda m: NOON + timedelta(minutes=m))


@given(
    st.builds(
        Phase,
        st.sampled_from(["scheduled", *OPEN_STATES, "over", "cancelled"]),
        st.just(NOON),
        st.integers(10, 120).map(lambda m: NOON + timedelta(minutes=m)),
        st.none() | minutes,
        st.none() | minutes,
    ),
    st.lists(minutes, min_size=1, max_size=6).map(sorted),
)
def test_it_does_not_matter_how_often_time_is_asked(phase: Phase, asked: list[Any]) -> None:
    at_once, changes_at_once = states.changes_until(phase, asked[-1])
    stepwise, changes = phase, list[Change]()
    for now in asked:
        stepwise, more = states.changes_until(stepwise, now)
        changes += more
    assert (stepwise, changes) == (at_once, changes_at_once)
    came_through = [phase.state, *(change.state for change in changes)]
    assert all(after in AFTER[before] for before, after in pairwise(came_through))


def test_the_room_opens_when_a_facilitator_is_there(app: Flask, moment: Clock) -> None:
    room = Meeting.made(starts_at=NOON + timedelta(minutes=30))
    member = room.members[0]
    rooms.enter(room.fern, room.id)
    assert room.view().state == "scheduled"
    moment.forward(minutes=20)
    assert rooms.enter(member, room.id).state == "scheduled"
    with pytest.raises(Conflict, match="not open yet"):
        room.say(member, "Is anybody there?")
    assert rooms.enter(room.fern, room.id).state == "doors_open"
    assert rooms.enter(member, room.id).hears
    assert room.say(member, "Here we are.")
    moment.forward(minutes=4)
    rooms.enter(room.fern, room.id)
    timed.still_here({room.id: {room.fern.id or 0}})
    moment.forward(minutes=4)
    timed.still_here({room.id: {room.fern.id or 0}})
    moment.forward(minutes=2)
    timed.settle_due()
    assert room.view().state == "running"


def test_a_facilitator_whose_line_drops_leaves_the_room_open(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    moment.forward(minutes=1)
    timed.settle_due()
    assert room.say(room.members[0], "We wait for you.")
    moment.forward(minutes=3, seconds=59)
    timed.settle_due()
    assert room.view().state == "running"
    rooms.enter(room.fern, room.id)
    moment.forward(minutes=4)
    timed.settle_due()
    assert room.view().state == "running"


def test_anyone_with_the_role_takes_over(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    moment.forward(minutes=4)
    rooms.enter(room.moss, room.id)
    for _ in range(12):
        moment.forward(minutes=1)
        timed.still_here({room.id: {room.moss.id or 0, room.members[0].id or 0}})
        timed.settle_due()
    assert room.view().state == "running"


def test_the_room_closes_kindly_without_a_facilitator(
    app: Flask, moment: Clock, announced: Announced
) -> None:
    room = Meeting.made().opened()
    for _ in range(5):
        moment.forward(minutes=1)
        timed.still_here({room.id: {room.members[0].id or 0}})
    view = room.view()
    assert (view.state, view.ended_because) == ("over", "no_facilitator")
    assert view.closed_at == NOON + timedelta(minutes=5)
    with pytest.raises(Conflict, match="over"):
        room.say(room.members[0], "Hello?")
    timed.settle_due()
    changes = [event.state for event in announced.of(MeetingStateChanged)]
    assert changes == ["running", "over"]


def test_last_words_and_then_over(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    with pytest.raises(Forbidden):
        rooms.close(room.members[0], room.id)
    assert rooms.close(room.fern, room.id) == "closing"
    assert room.say(room.members[0], "Thank you all.")
    moment.forward(minutes=4, seconds=59)
    timed.settle_due()
    assert room.view().state == "closing"
    moment.forward(seconds=1)
    timed.settle_due()
    assert (room.view().state, room.view().ended_because) == ("over", "closed")


def test_closing_twice_is_closing_at_once(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    assert rooms.close(room.fern, room.id) == "closing"
    assert rooms.close(room.moss, room.id) == "over"
    with pytest.raises(Conflict):
        rooms.close(room.fern, room.id)


def test_time_up_asks_for_last_words_and_more_time_goes_on(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    for _ in range(60):
        moment.forward(minutes=1)
        timed.still_here({room.id: {room.fern.id or 0}})
    assert (room.view().state, room.view().ended_because) == ("closing", "time_up")
    rooms.extend(room.fern, room.id, 15)
    assert room.view().state == "running"
    assert room.view().ends_at == NOON + timedelta(minutes=75)


def test_a_meeting_that_nobody_opened_was_not_held(app: Flask, moment: Clock) -> None:
    room = Meeting.made()
    moment.forward(hours=1)
    timed.settle_due()
    assert (room.view().state, room.view().ended_because) == ("over", "not_held")


def test_a_drop_in_room_is_open_for_an_hour(app: Flask, moment: Clock) -> None:
    group = factories.group()
    fern = factories.join(factories.person(), group, "facilitator")
    member = factories.join(factories.person(), group)
    with pytest.raises(Forbidden):
        rooms.open_drop_in(member, group)
    meeting_id = rooms.open_drop_in(fern, group, title="Tea")
    assert rooms.enter(member, meeting_id).state == "running"
    with pytest.raises(Conflict):
        rooms.open_drop_in(fern, group)
    moment.forward(hours=1, minutes=5)
    timed.settle_due()
    assert rooms.enter(fern, meeting_id).state == "over"


def test_a_full_room_says_so_kindly_and_has_a_place_again_later(app: Flask, moment: Clock) -> None:
    room = Meeting.made(members=3, room_size=2)
    rooms.enter(room.fern, room.id)
    first, second, third = room.members
    rooms.enter(first, room.id)
    rooms.enter(second, room.id)
    with pytest.raises(Conflict, match="full"):
        rooms.enter(third, room.id)
    rooms.enter(room.moss, room.id)
    rooms.enter(first, room.id)
    rooms.leave(second, room.id)
    assert rooms.enter(third, room.id).hears
    assert people_queries.count_inside(room.id, clock.now() - timedelta(minutes=2)) == 2


def test_words_vanish_for_good_and_attendance_stays(app: Flask, moment: Clock) -> None:
    room, kept = Meeting.made().opened(), Meeting.made(transcript_kept=True).opened()
    for one in (room, kept):
        one.say(one.members[0], f"Unmistakable {one.id}")
        talking.word(one.members[0], one.id, body="A word, please")
        rooms.close(one.fern, one.id)
        rooms.close(one.fern, one.id)
    moment.forward(hours=23, minutes=59)
    timed.let_vanish()
    assert len(_messages(room)) == 1
    moment.forward(minutes=1)
    timed.let_vanish()
    assert _messages(room) == []
    assert len(_messages(kept)) == 1
    assert _words(room) == _words(kept) == 0
    assert len(people_queries.attended(room.id)) == 4


def _messages(room: Meeting) -> list[Any]:
    db.done_reading()
    return room_queries.last_messages(room.members[0], room.id)


def _words(room: Meeting) -> int:
    return len(room_queries.words_for(room.fern.id or 0, room.id))


class Evening(RuleBasedStateMachine):
    """Two who facilitate, two members, a clock that moves on, and a timer that runs or does not."""

    clock: Clock

    @initialize()
    def begin(self) -> None:
        """Begin with a meeting in a quarter of an hour."""
        self.clock.at = NOON
        self.room = Meeting.made(members=2, starts_at=NOON + timedelta(minutes=15))
        self.connected: set[int] = set()
        self.states = ["scheduled"]

    def _try(self, verb: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return verb(*args, **kwargs)
        except Refusal:
            return None

    def _who(self, number: int) -> Viewer:
        return [self.room.fern, self.room.moss, *self.room.members][number]

    @rule(seconds=st.sampled_from([1, 14, 60, 119, 121, 299, 301, 900]))
    def time_passes(self, seconds: int) -> None:
        """Nobody does anything for a while; connections are seen now and then, as on a server."""
        until = self.clock.at + timedelta(seconds=seconds)
        while self.clock.at < until:
            self.clock.at = min(until, self.clock.at + timedelta(seconds=15))
            timed.still_here({self.room.id: set(self.connected)})

    @rule(who=st.integers(0, 3))
    def come_in(self, who: int) -> None:
        """Somebody comes."""
        if self._try(rooms.enter, self._who(who), self.room.id):
            self.connected.add(self._who(who).id or 0)

    @rule(who=st.integers(0, 3))
    def drop(self, who: int) -> None:
        """A line drops."""
        self.connected.discard(self._who(who).id or 0)

    @rule(who=st.integers(0, 3))
    def leave(self, who: int) -> None:
        """Somebody goes."""
        self._try(rooms.leave, self._who(who), self.room.id)
        self.connected.discard(self._who(who).id or 0)

    @rule(who=st.integers(0, 3))
    def close(self, who: int) -> None:
        """Somebody would like to close the room."""
        self._try(rooms.close, self._who(who), self.room.id)

    @rule(who=st.integers(0, 3))
    def extend(self, who: int) -> None:
        """Somebody would like to have more time."""
        self._try(rooms.extend, self._who(who), self.room.id, 15)

    @rule()
    def timer(self) -> None:
        """The periodic job runs."""
        timed.settle_due()

    @rule(who=st.integers(0, 3))
    def speak(self, who: int) -> None:
        """What somebody says is taken while the room is open to them, and never else."""
        viewer = self._who(who)
        said = self._try(self.room.say, viewer, "Hello", f"{self.clock.at}{who}")
        view = self.room.view(viewer)
        assert bool(said) == (view.is_open and view.joined_at is not None and not view.left_at)

    @invariant()
    def the_state_follows_the_rules(self) -> None:
        """An open room has had a facilitator within five minutes once time has been asked."""
        if not hasattr(self, "room"):
            return
        view = self.room.view()
        if view.state != self.states[-1]:
            assert (
                view.state in AFTER[self.states[-1]]
                or len(self.states) == 1
                or (self._through(self.states[-1], view.state))
            )
            self.states.append(view.state)
        timed.settle_due()
        view = self.room.view()
        if view.is_open:
            assert view.facilitator_seen_at
            assert self.clock.at - view.facilitator_seen_at < states.ALONE_FOR
            assert self.clock.at >= view.starts_at - states.DOORS_BEFORE
        self.states.append(view.state)

    def _through(self, before: str, after: str) -> bool:
        """Whether a state may be reached from another over one in between."""
        return any(after in AFTER[between] for between in AFTER[before])


@pytest.mark.timeout(300)
def test_whatever_people_do_the_states_follow_the_rules(app: Flask, moment: Clock) -> None:
    machine = type("OnThisApp", (Evening,), {"clock": moment})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
