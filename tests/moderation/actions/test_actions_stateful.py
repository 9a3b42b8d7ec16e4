"""Actions and undoing in any order: the state is what the model says, and each has its row."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from forum.core import db
from forum.core.errors import Conflict, Refusal
from forum.groups.models import Membership
from forum.moderation.actions import service, targets
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.models import AuditLogEntry
from forum.threads import service as threads
from forum.threads.models import Post, Thread
from tests.support import factories as make
from tests.support.suite import machines

RANKS = ("member", "facilitator", "moderator", "administrator")
SETS: dict[str, tuple[str, Any, str]] = {
    "hide": ("hidden", True, ""),
    "restore": ("hidden", False, ""),
    "content_note": ("content_note", "hospital", "hospital"),
    "edit": ("body", "Other words", "Other words"),
    "lock": ("locked", True, ""),
    "unlock": ("locked", False, ""),
    "slow": ("slow_seconds", 60, "60"),
    "pin": ("pinned", True, ""),
    "unpin": ("pinned", False, ""),
    "silence": ("silenced", True, "3"),
    "unsilence": ("silenced", False, ""),
}


def _attempt(verb: Any, *args: Any, **named: Any) -> Any:
    try:
        return verb(*args, **named)
    except Refusal as refusal:
        return refusal


@dataclass
class Done:
    """An action that was done: what it set, from what, and whether it was undone."""

    log_entry_id: int
    action: str
    before: Any
    after: Any
    turn: int
    undone: bool = False


class Actions(RuleBasedStateMachine):
    """One post of a member, and three who moderate the group with it."""

    app: Flask

    @initialize()
    def people_meet(self) -> None:
        """Begin with nothing done."""
        self.group = make.group()
        self.author = make.join(make.person(), self.group)
        self.people = [make.join(make.person(), self.group, role) for role in RANKS[:3]]
        self.people.append(make.administrator())
        self.place = threads.start_thread(
            self.author, self.group, title="A title", body="Some words"
        )
        self.state: dict[str, Any] = {
            "hidden": False,
            "content_note": "",
            "body": "Some words",
            "locked": False,
            "slow_seconds": 0,
            "pinned": False,
            "silenced": False,
        }
        self.set_in = dict.fromkeys(self.state, 0)
        self.done: list[Done] = []
        self.rows, self.turn = self._rows(), 0

    @rule(who=st.integers(0, 3), action=st.sampled_from(sorted(SETS)))
    def do(self, who: int, action: str) -> None:
        """Somebody does something, or is refused."""
        what, (field, value, given) = ACTIONS[action], SETS[action]
        allowed = who >= what.least
        changes = self.state[field] != value or action == "silence"
        outcome = _attempt(
            service.take_action,
            self.people[who],
            action,
            self._subject(what.on),
            reason="A reason",
            value=given,
            group_id=self.group if what.on == targets.PERSON else None,
        )
        assert isinstance(outcome, Refusal) == (not (allowed and changes)), (action, outcome)
        if isinstance(outcome, Refusal):
            assert not allowed or isinstance(outcome, Conflict)
            return
        self.turn += 1
        before = (self.state[field], self.set_in[field])
        self.state[field], self.set_in[field] = value, self.turn
        self.done.append(Done(outcome.log_entry_id or 0, action, before, value, self.turn))

    @precondition(lambda self: self.done)
    @rule(who=st.integers(0, 3), data=st.data())
    def undo(self, who: int, data: st.DataObject) -> None:
        """Somebody undoes an action: as it was before, or refused."""
        done = data.draw(st.sampled_from(self.done))
        what, (field, _, _) = ACTIONS[done.action], SETS[done.action]
        unchanged = self.state[field] == done.after
        if field == "silenced" and done.after:  # each silence has a moment of its own
            unchanged = self.set_in[field] == done.turn
        allowed = who >= what.least and not done.undone and unchanged
        outcome = _attempt(appeals_undo.undo, self.people[who], done.log_entry_id)
        assert isinstance(outcome, Refusal) == (not allowed), (done, outcome)
        if isinstance(outcome, Refusal):
            return
        done.undone = True
        self.state[field], self.set_in[field] = done.before

    @invariant()
    def state_is_as_told(self) -> None:
        """The tables hold what the actions made of them, and the log a row for each."""
        db.release_session()
        post = db.current_session().get_one(Post, self.place.id)
        thread = db.current_session().get_one(Thread, self.place.thread_id)
        silenced = db.current_session().scalar(
            select(Membership.silenced_until).where(Membership.account_id == self.author.id)
        )
        assert self.state == {
            "hidden": post.state.is_hidden,
            "content_note": post.content_note,
            "body": post.body,
            "locked": thread.locked,
            "slow_seconds": thread.slow_seconds,
            "pinned": thread.pinned,
            "silenced": silenced is not None,
        }
        undone = sum(done.undone for done in self.done)
        assert self._rows() - self.rows == len(self.done) + undone

    def _subject(self, on: str) -> int:
        subjects = {
            targets.POST: self.place.id,
            targets.THREAD: self.place.thread_id,
        }
        return subjects.get(on, self.author.id or 0)

    def _rows(self) -> int:
        return db.current_session().scalar(select(func.count(AuditLogEntry.id))) or 0


@pytest.mark.timeout(300)
def test_acts_and_undoing_leave_what_they_say(app: Flask) -> None:
    machines.run(Actions, examples=12, steps=20, app=app)
