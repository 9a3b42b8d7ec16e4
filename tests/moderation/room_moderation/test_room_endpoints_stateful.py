"""Actions and undoing in a room, in any order: the room is what they say, and each has its row."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from forum.core import db
from forum.core.errors import Refusal
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import Attendance, RoomMessage
from forum.moderation.actions import service
from forum.moderation.appeals import undo as appeals_undo
from tests.support.suite import machines
from tests.support.worlds.meeting_room import Clock, Meeting, moment
from tests.support.worlds.moderation_world import count

__all__ = ["moment"]


class Evening(RuleBasedStateMachine):
    """A message and its author in a room, and three who act and undo in any order."""

    FIELDS = {
        "hide_message": "hidden",
        "restore_message": "hidden",
        "room_mute": "muted",
        "room_unmute": "muted",
        "room_remove": "removed",
        "room_let_back": "removed",
    }
    ON = {"hide_message", "room_mute", "room_remove"}

    @initialize()
    def begin(self) -> None:
        """Begin with nothing done."""
        self.room = Meeting.made(members=2).opened()
        self.wren = self.room.members[0]
        self.said = self.room.say(self.wren, "Words")
        self.people = [self.room.members[1], self.room.fern, self.room.moss]
        self.state = dict.fromkeys(("hidden", "muted", "removed"), False)
        self.done: list[list[Any]] = []
        self.before = count()

    def _try(self, verb: Any, *args: Any, **named: Any) -> Any:
        try:
            return verb(*args, **named)
        except Refusal as refusal:
            return refusal

    @rule(who=st.integers(0, 2), action=st.sampled_from(sorted(FIELDS)))
    def act(self, who: int, action: str) -> None:
        """Somebody does something, or is refused."""
        field, wanted = self.FIELDS[action], action in self.ON
        subject = self.said if field == "hidden" else self.room.id
        person = None if field == "hidden" else self.wren.id
        outcome = self._try(
            service.take_action, self.people[who], action, subject, person_id=person
        )
        allowed = who > 0 and self.state[field] != wanted
        assert isinstance(outcome, Refusal) != allowed, (action, outcome)
        if allowed:
            self.done.append([outcome.log_entry_id, field, self.state[field], wanted, False])
            self.state[field] = wanted

    @precondition(lambda self: self.done)
    @rule(who=st.integers(0, 2), data=st.data())
    def undo(self, who: int, data: st.DataObject) -> None:
        """Somebody undoes an action: as it was before, or refused."""
        one = data.draw(st.sampled_from(self.done))
        log_entry_id, field, was, became, undone = one
        allowed = who > 0 and not undone and self.state[field] == became
        outcome = self._try(appeals_undo.undo, self.people[who], log_entry_id)
        assert isinstance(outcome, Refusal) != allowed, (one, outcome)
        if allowed:
            one[4], self.state[field] = True, was

    @invariant()
    def it_is_as_told(self) -> None:
        """The room is what the actions made of it, and the log has a row for each."""
        db.release_session()
        reading = db.current_session()
        hidden = reading.scalar(select(RoomMessage.hidden_at).where(RoomMessage.id == self.said))
        muted, removed = reading.execute(
            select(Attendance.muted_at, Attendance.removed_at).where(
                Attendance.meeting_id == self.room.id, Attendance.account_id == self.wren.id
            )
        ).one()
        assert self.state == {
            "hidden": hidden is not None,
            "muted": muted is not None,
            "removed": removed is not None,
        }
        assert count() - self.before == len(self.done) + sum(one[4] for one in self.done)
        hears = bool(message_queries.last_messages(self.room.members[1], self.room.id))
        assert hears == (not self.state["hidden"])
        if self.state["removed"]:
            refused = self._try(messages.room_attended_by, self.wren, self.room.id)
            assert isinstance(refused, Refusal)


@pytest.mark.timeout(300)
def test_acts_and_undoing_in_a_room_leave_what_they_say(app: Flask, moment: Clock) -> None:
    machines.run(Evening, examples=10, steps=15)
