"""A meeting's states follow the rules, no matter who asks, or how often."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from forum.accounts.policy import Viewer
from forum.core.errors import Refusal
from forum.meetings.models import OPEN_STATES
from forum.meetings.room import service as rooms
from forum.meetings.room.lifecycle import state_machine, timers
from forum.meetings.room.lifecycle.state_machine import Change, MeetingStatus
from tests.support.suite import machines
from tests.support.worlds.meeting_room import NOON, Clock, Meeting, announced, moment

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
        MeetingStatus,
        st.sampled_from(["scheduled", *OPEN_STATES, "over", "cancelled"]),
        st.just(NOON),
        st.integers(10, 120).map(lambda m: NOON + timedelta(minutes=m)),
        st.none() | minutes,
        st.none() | minutes,
    ),
    st.lists(minutes, min_size=1, max_size=6).map(sorted),
)
def test_it_does_not_matter_how_often_time_is_asked(phase: MeetingStatus, asked: list[Any]) -> None:
    at_once, changes_at_once = state_machine.changes_until(phase, asked[-1])
    stepwise, changes = phase, list[Change]()
    for now in asked:
        stepwise, more = state_machine.changes_until(stepwise, now)
        changes += more
    assert (stepwise, changes) == (at_once, changes_at_once)
    came_through = [phase.state, *(change.state for change in changes)]
    assert all(after in AFTER[before] for before, after in pairwise(came_through))


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
            timers.record_connected({self.room.id: set(self.connected)})

    @rule(who=st.integers(0, 3))
    def come_in(self, who: int) -> None:
        """Somebody comes."""
        if self._try(rooms.enter_room, self._who(who), self.room.id):
            self.connected.add(self._who(who).id or 0)

    @rule(who=st.integers(0, 3))
    def drop(self, who: int) -> None:
        """A line drops."""
        self.connected.discard(self._who(who).id or 0)

    @rule(who=st.integers(0, 3))
    def leave(self, who: int) -> None:
        """Somebody goes."""
        self._try(rooms.leave_room, self._who(who), self.room.id)
        self.connected.discard(self._who(who).id or 0)

    @rule(who=st.integers(0, 3))
    def close(self, who: int) -> None:
        """Somebody would like to close the room."""
        self._try(rooms.close_meeting, self._who(who), self.room.id)

    @rule(who=st.integers(0, 3))
    def extend(self, who: int) -> None:
        """Somebody would like to have more time."""
        self._try(rooms.extend_meeting, self._who(who), self.room.id, 15)

    @rule()
    def timer(self) -> None:
        """The periodic job runs."""
        timers.update_due_meetings()

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
        timers.update_due_meetings()
        view = self.room.view()
        if view.is_open:
            assert view.facilitator_seen_at
            assert self.clock.at - view.facilitator_seen_at < state_machine.FACILITATOR_AWAY_MAX
            assert self.clock.at >= view.starts_at - state_machine.DOORS_OPEN_BEFORE
        self.states.append(view.state)

    def _through(self, before: str, after: str) -> bool:
        """Whether a state may be reached from another over one in between."""
        return any(after in AFTER[between] for between in AFTER[before])


@pytest.mark.timeout(300)
def test_whatever_people_do_the_states_follow_the_rules(app: Flask, moment: Clock) -> None:
    machines.run(Evening, examples=25, steps=25, clock=moment)
