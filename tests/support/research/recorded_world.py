"""A studied group whose members do whatever is recorded, step by step."""

from contextlib import suppress
from dataclasses import dataclass

from forum.accounts.policy import Viewer
from forum.core import clock, db
from forum.core.errors import Forbidden, NotFound
from forum.groups import service as groups
from forum.groups.membership import memberships
from forum.meetings.models import OVER
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.lifecycle import room_locking
from forum.meetings.room.lifecycle.state_machine import CLOSED, Change
from forum.moderation.actions import service as moderation
from forum.research import service
from forum.research.studies import group_withdrawal
from forum.threads import service as threads
from forum.threads.approval import pre_moderation
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.reading_world import MovedClock
from tests.support.research.study_world import StudyWorld
from tests.support.worlds import conversation_world


@dataclass
class World:
    """A studied group, people in it, and what they can do, each some minutes after the last."""

    room: StudyWorld
    hands: MovedClock
    people: list[Viewer]
    heron: Viewer
    thread_id: int
    given: set[tuple[int, int]]
    posts: list[tuple[int, int]]
    conversation_id: int

    def do(self, who: int, what: str) -> None:
        """Let somebody do something, even if it changes nothing."""
        with suppress(NotFound):  # a visitor may not know of the study
            getattr(self, f"_{what}")(who, self.people[who])
        self.hands.forward(61)

    def _agree(self, _who: int, me: Viewer) -> None:
        self.room.agree(me)

    def _agree_past(self, _who: int, me: Viewer) -> None:
        self.room.agree(me, "record", "past")

    def _contact(self, _who: int, me: Viewer) -> None:
        self.room.agree(me, "contact")

    def _keep(self, _who: int, me: Viewer) -> None:
        service.withdraw(me, self.room.slug, erase=False)

    def _erase(self, _who: int, me: Viewer) -> None:
        service.withdraw(me, self.room.slug, erase=True)

    def _group_leaves(self, _who: int, _me: Viewer) -> None:
        group_withdrawal.withdraw_group(self.room.study_id, self.room.group_id)

    def _post(self, who: int, me: Viewer) -> None:
        if self._there(me):
            self.posts.append((who, factories.post(me, self.thread_id).id))

    def _held(self, who: int, me: Viewer) -> None:
        if self._there(me):
            moderation.take_action(self.heron, "review", self.thread_id)
            post_id = factories.post(me, self.thread_id).id
            self.hands.forward(300)
            pre_moderation.approve(self.heron, post_id)
            moderation.take_action(self.heron, "unreview", self.thread_id)
            self.posts.append((who, post_id))

    def _react(self, who: int, me: Viewer) -> None:
        others = [post_id for author, post_id in self.posts if author != who]
        if others and self._there(me):
            mine = (who, others[-1])
            self.given ^= {mine}
            threads.react(me, others[-1], "hug", on=mine in self.given)

    def _message(self, _who: int, me: Viewer) -> None:
        with suppress(Forbidden):  # who is not in the group
            conversation_world.say(me, self.conversation_id, "Words")

    def _come_and_go(self, _who: int, me: Viewer) -> None:
        (groups.leave if self._there(me) else groups.join)(me, self.room.group_id)

    def _meet(self, _who: int, me: Viewer) -> None:
        meeting_id = factories.meeting(self.room.group_id)
        with db.transaction() as session:
            presence_time.record_arrival(
                session, meeting_id, me.id or 0, clock.now(), facilitates=False
            )
        self.hands.forward(90)
        with db.transaction() as session:
            over = Change(clock.now(), OVER, CLOSED)
            room_locking.enter_state(session, meeting_id, self.room.group_id, over)

    def _there(self, me: Viewer) -> bool:
        return memberships.role_of(db.current_session(), self.room.group_id, me.id or 0) is not None


def world(hands: MovedClock) -> World:
    """Return a studied group with two members, its moderator and a thread."""
    room = study_world.study(f"study-{factories.group()}")
    people = [room.member() for _ in range(2)]
    heron = factories.join(factories.person(), room.group_id, "moderator")
    thread_id = factories.thread(heron, room.group_id).thread_id
    between = conversation_world.begin(people[0], people[1])
    hands.forward(600)
    return World(room, hands, people, heron, thread_id, set(), [], between)
