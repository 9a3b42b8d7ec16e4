"""What is done with an item of the queue, and that two people never do the same."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.text import stock_reasons
from forum.groups import service as groups
from forum.moderation.on_call import rota
from forum.moderation.queue import item_history
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items.models import QueueItem, QueueTransition
from forum.moderation.reports import service as reports
from forum.moderation.reports.models import Report
from tests.support import factories as make
from tests.support.servers.crowds import run_at_once
from tests.support.suite.thoroughness import examples
from tests.support.worlds.queue_world import QueueWorld

FAR = settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def test_the_second_claim_is_refused_with_the_name_of_the_first(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    queue.claim(room["moderator"], item.id)
    queue.claim(room["moderator"], item.id)
    actions: list[Callable[[], None]] = [
        lambda: queue.claim(room["second"], item.id),
        lambda: queue.resolve(room["second"], item.id, outcome="acted"),
        lambda: queue.hand_over(room["second"], item.id, note="For somebody"),
    ]
    for action in actions:
        with pytest.raises(Conflict, match="moderatorone has claimed this") as refused:
            action()
        assert refused.value.code == "claimed"


def test_two_claims_in_the_same_moment_have_one_winner(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    names = ("moderator", "second", "facilitator", "administrator")
    for _ in range(5):
        with transaction() as session:
            session.execute(update(QueueItem).values(claimed_by_id=None))
        claims = [partial(queue.claim, room[name], item.id) for name in names]
        answers = dict(zip(names, run_at_once(*claims), strict=True))
        (winner,) = [name for name, answer in answers.items() if answer is None]
        told = f"{room[winner].handle} has claimed this in the meantime."
        refusals = [answer for answer in answers.values() if answer is not None]
        assert all(isinstance(one, Conflict) and one.message == told for one in refusals)
        assert room.reported().claimed_by_id == room[winner].id


def test_reports_in_the_same_moment_are_one_item(room: QueueWorld) -> None:
    names = ("reporter", "other", "facilitator", "second")
    made = run_at_once(*(partial(room.report, name) for name in names))
    assert len({one for one in made if isinstance(one, int)}) == len(names)
    assert room.kinds("administrator").count("report") == 1
    assert room.reported().reports == len(names)


def test_a_claim_holds_for_an_hour(room: QueueWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    room.report()
    item = room.reported()
    queue.claim(room["moderator"], item.id)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert room.reported("second").claim_is_stale
    queue.claim(room["second"], item.id)
    with pytest.raises(Conflict, match="secondone"):
        queue.resolve(room["moderator"], item.id, outcome="acted")


def test_handing_over_needs_a_note_and_a_permitted_colleague(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    for wrong, field in (
        ({"note": " "}, "note"),
        ({"note": "Please", "to": "authorone"}, "to"),
        ({"note": "Please", "to": "elsewhereone"}, "to"),
        ({"note": "Please", "to": "nobody at all"}, "to"),
    ):
        with pytest.raises(Invalid) as refused:
            queue.hand_over(room["moderator"], item.id, **wrong)
        assert set(refused.value.fields) == {field}
    queue.hand_over(room["moderator"], item.id, note="I know them", to="SECONDONE")
    assert room.reported("second").is_mine
    queue.hand_over(room["second"], item.id, note="Not for me either")
    given = room.reported()
    assert (given.claimed_by, given.handover_note) == (None, "Not for me either")
    notes = [(row.transition, row.handle, row.note) for row in item_history.transitions_of(item.id)]
    assert notes == [
        ("opened", None, ""),
        ("handed_over", "moderatorone", "I know them"),
        ("handed_over", "secondone", "Not for me either"),
    ]


def test_what_is_resolved_can_be_opened_again(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    queue.resolve(room["moderator"], item.id, outcome="acted", note="Spoke on the phone")
    assert "report" not in room.kinds("moderator")
    with pytest.raises(Conflict, match="resolved this in the meantime"):
        queue.claim(room["second"], item.id)
    with pytest.raises(Invalid):
        queue.resolve(room["second"], item.id, outcome="answered")
    queue.reopen(room["second"], item.id)
    assert room.reported("second").is_mine
    with pytest.raises(Conflict):
        queue.reopen(room["second"], item.id)


def test_an_item_is_not_reopened_next_to_a_newer_one(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    queue.resolve(room["moderator"], item.id, outcome="acted")
    room.report("other")
    with pytest.raises(Conflict, match="newer"):
        queue.reopen(room["moderator"], item.id)


def test_who_no_longer_moderates_the_group_lets_go(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    queue.claim(room["facilitator"], item.id)
    groups.set_role(None, room.group, room["facilitator"].id or 0, "moderator")
    assert room.reported().claimed_by == "facilitatorone"
    groups.set_role(None, room.group, room["facilitator"].id or 0, "member")
    assert room.reported().claimed_by is None
    queue.claim(room["second"], item.id)
    groups.leave(room["second"], room.group)
    assert room.reported().claimed_by is None


def test_a_break_passes_everything_on(room: QueueWorld) -> None:
    room.report()
    item = room.reported()
    queue.claim(room["moderator"], item.id)
    rota.take_shift(room["moderator"], room.group, clock.now(), 3)
    assert rota.groups_on_call([room.group]) == {room.group}
    assert rota.take_break(room["moderator"]) == 1
    assert rota.groups_on_call([room.group]) == set()
    assert room.reported().claimed_by is None
    assert room.reported().handover_note == stock_reasons.FOR_A_BREAK
    assert rota.take_break(room["moderator"]) == 0


class QueueMachine(RuleBasedStateMachine):
    """One reported post, three who may handle it, and a plain model of who has it."""

    room: QueueWorld

    def __init__(self) -> None:
        super().__init__()
        self.post = make.post(self.room["author"], self.room.thread).id
        reports.report(self.room["reporter"], "post", self.post, reason="unkind")
        self.item = next(
            one.id
            for one in queue_queries.open_items(self.room["administrator"], most=10_000)
            if one.target_id == self.post
        )
        self.has: str | None = None
        self.open = True

    def _try(self, expected: bool, action, *args: object, **named: object) -> None:  # type: ignore[no-untyped-def]
        try:
            action(*args, **named)
        except Conflict:
            done = False
        else:
            done = True
        assert done == expected

    def _free_for(self, name: str) -> bool:
        return self.open and self.has in {None, name}

    who = st.sampled_from(["moderator", "second", "facilitator"])

    @rule(name=who)
    def claim(self, name: str) -> None:
        free = self._free_for(name)
        self._try(free, queue.claim, self.room[name], self.item)
        self.has = name if free else self.has

    @rule(name=who, to=st.sampled_from(["", "moderator", "second"]))
    def hand_over(self, name: str, to: str) -> None:
        free = self._free_for(name)
        handle = self.room[to].handle if to else ""
        self._try(free, queue.hand_over, self.room[name], self.item, note="A note", to=handle)
        self.has = (to or None) if free else self.has

    @rule(name=who, outcome=st.sampled_from(sorted(queue_policy.OUTCOMES)))
    def resolve(self, name: str, outcome: str) -> None:
        free = self._free_for(name)
        self._try(free, queue.resolve, self.room[name], self.item, outcome=outcome)
        if free:
            self.open, self.has = False, name

    @rule(name=who)
    def reopen(self, name: str) -> None:
        closed = not self.open
        self._try(closed, queue.reopen, self.room[name], self.item)
        if closed:
            self.open, self.has = True, name

    @rule(name=who)
    def take_break(self, name: str) -> None:
        passed_on = rota.take_break(self.room[name])
        assert passed_on == int(self.open and self.has == name)
        if self.open and self.has == name:
            self.has = None

    @invariant()
    def the_database_agrees(self) -> None:
        row = (
            current_session()
            .execute(select(QueueItem).where(QueueItem.id == self.item))
            .scalar_one()
        )
        assert (row.resolved_at is None) == self.open
        assert row.claimed_by_id == (self.room[self.has].id if self.has else None)
        assert (row.outcome != "") == (not self.open)
        report = current_session().scalar(
            select(Report.answered_at).where(Report.item_id == self.item)
        )
        assert (report is None) == self.open

    def teardown(self) -> None:
        with transaction() as session:
            session.execute(delete(Report))
            session.execute(delete(QueueTransition).where(QueueTransition.item_id == self.item))
            session.execute(delete(QueueItem).where(QueueItem.id == self.item))


def test_claim_hand_over_resolve_and_undo_in_any_order(room: QueueWorld) -> None:
    machine = type("Machine", (QueueMachine,), {"room": room})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples(12), stateful_step_count=15, deadline=None)
    )
