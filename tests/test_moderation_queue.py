"""The queue: its order, who sees what, and that two people never do the same."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from forum.accounts import service as accounts
from forum.core import clock
from forum.core.db import done_reading, reading, transaction
from forum.core.errors import Conflict, Invalid, NotFound
from forum.groups import service as groups
from forum.moderation import queue, queue_policy, queue_queries, reports, rota
from forum.moderation import queue_steps as steps
from forum.moderation.queue_models import QueueEntry, QueueStep, Report
from forum.moderation.queue_steps import Matter
from tests import factories as make
from tests.queueroom import QueueRoom

FAR = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def room(app: Flask) -> QueueRoom:
    return QueueRoom()


@FAR
@given(
    things=st.lists(
        st.tuples(
            st.sampled_from(sorted(queue_policy.KINDS)),
            st.sampled_from(sorted(queue_policy.URGENCIES)),
            st.integers(0, 5 * 24 * 60),
        ),
        max_size=12,
    )
)
def test_the_most_urgent_is_first_then_the_oldest(
    room: QueueRoom, things: list[tuple[str, int, int]]
) -> None:
    now = clock.now()
    with transaction() as session:
        session.execute(delete(QueueEntry))
        made = []
        for at, (kind, urgency, minutes) in enumerate(things):
            matter = Matter(kind, "post", at + 1, room.group, None, urgency)
            waited = timedelta(minutes=minutes)
            entry = steps.bring(session, matter, now - waited)
            made.append((queue_policy.risen(kind, urgency, waited), -waited, entry.id))
    shown = queue_queries.waiting(room["administrator"])
    assert [one.id for one in shown] == [entry_id for _, _, entry_id in sorted(made)]
    assert [one.urgency for one in shown] == [urgency for urgency, _, _ in sorted(made)]


def test_nothing_that_waits_becomes_a_crisis_by_waiting() -> None:
    for kind in queue_policy.KINDS:
        for urgency in (queue_policy.SOON, queue_policy.TODAY, queue_policy.CALM):
            long = queue_policy.risen(kind, urgency, timedelta(days=400))
            assert queue_policy.SOON <= long <= urgency
        assert queue_policy.risen(kind, queue_policy.CRISIS, timedelta(0)) == queue_policy.CRISIS


def test_each_sees_the_entries_of_their_own_groups(room: QueueRoom) -> None:
    room.report()
    seeing = {name for name in room.people if "report" in room.kinds(name)}
    assert seeing == {"facilitator", "moderator", "second", "administrator"}
    entry = room.reported()
    for name in set(room.people) - seeing:
        with pytest.raises(NotFound):
            queue_queries.entry_for(room[name], entry.id)
        for verb in (queue.claim, queue.reopen):
            with pytest.raises(NotFound):
                verb(room[name], entry.id)
        with pytest.raises(NotFound):
            queue.resolve(room[name], entry.id, outcome="nothing")
        with pytest.raises(NotFound):
            queue.hand_over(room[name], entry.id, note="Mine?")


def test_nobody_handles_what_is_about_themselves(room: QueueRoom) -> None:
    post = make.post(room["moderator"], room.thread).id
    room.report(post=post)
    assert "report" not in room.kinds("moderator")
    with pytest.raises(NotFound):
        queue.claim(room["moderator"], room.reported("second").id)
    administrators = make.post(make.join(room["administrator"], room.group), room.thread).id
    room.report(post=administrators)
    subjects = [one.subject_id for one in queue_queries.waiting(room["administrator"])]
    assert administrators not in subjects
    assert administrators in [one.subject_id for one in queue_queries.waiting(room["second"])]


def test_those_who_are_suspended_or_lose_their_role_see_nothing(room: QueueRoom) -> None:
    room.report()
    accounts.suspend(
        room["second"].id or 0, because="A pause", until=clock.now() + timedelta(days=1)
    )
    groups.set_role(None, room.group, room["facilitator"].id or 0, "member")
    assert room.kinds("second") == room.kinds("facilitator") == []


def test_whoever_comes_second_is_told_who_was_first(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    queue.claim(room["moderator"], entry.id)
    queue.claim(room["moderator"], entry.id)
    acts: list[Callable[[], None]] = [
        lambda: queue.claim(room["second"], entry.id),
        lambda: queue.resolve(room["second"], entry.id, outcome="acted"),
        lambda: queue.hand_over(room["second"], entry.id, note="For somebody"),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="moderatorone has taken this on") as refused:
            act()
        assert refused.value.code == "claimed"


def test_two_claims_in_the_same_moment_have_one_winner(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    done_reading()
    names = ("moderator", "second", "facilitator", "administrator")
    for _ in range(5):
        with transaction() as session:
            session.execute(update(QueueEntry).values(claimed_by_id=None))
        answers: dict[str, str] = {}
        start = threading.Barrier(len(names))

        def act(name: str, start: threading.Barrier, answers: dict[str, str]) -> None:
            start.wait()
            try:
                queue.claim(room[name], entry.id)
                answers[name] = "has it"
            except Conflict as first:
                answers[name] = first.message
            finally:
                done_reading()

        threads = [threading.Thread(target=act, args=(name, start, answers)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners = [name for name in names if answers[name] == "has it"]
        assert len(winners) == 1, answers
        told = f"{room[winners[0]].handle} has taken this on in the meantime."
        assert all(answers[name] == told for name in names if name not in winners)
        done_reading()
        assert room.reported().claimed_by_id == room[winners[0]].id


def test_reports_in_the_same_moment_are_one_entry(room: QueueRoom) -> None:
    names = ("reporter", "other", "facilitator", "second")
    start, faults = threading.Barrier(len(names)), []

    def act(name: str) -> None:
        start.wait()
        try:
            room.report(name)
        except Exception as fault:
            faults.append(fault)
        finally:
            done_reading()

    threads = [threading.Thread(target=act, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert room.kinds("administrator").count("report") == 1
    assert room.reported().reports == len(names)


def test_a_claim_holds_for_an_hour(room: QueueRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.report()
    entry = room.reported()
    queue.claim(room["moderator"], entry.id)
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert room.reported("second").stale
    queue.claim(room["second"], entry.id)
    with pytest.raises(Conflict, match="secondone"):
        queue.resolve(room["moderator"], entry.id, outcome="acted")


def test_handing_over_needs_a_note_and_somebody_who_may(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    for wrong, field in (
        ({"note": " "}, "note"),
        ({"note": "Please", "to": "authorone"}, "to"),
        ({"note": "Please", "to": "elsewhereone"}, "to"),
        ({"note": "Please", "to": "nobody at all"}, "to"),
    ):
        with pytest.raises(Invalid) as refused:
            queue.hand_over(room["moderator"], entry.id, **wrong)
        assert set(refused.value.fields) == {field}
    queue.hand_over(room["moderator"], entry.id, note="I know them", to="SECONDONE")
    assert room.reported("second").mine
    queue.hand_over(room["second"], entry.id, note="Not for me either")
    given = room.reported()
    assert (given.claimed_by, given.handed_over) == (None, "Not for me either")
    notes = [(row.step, row.handle, row.note) for row in queue_queries.steps_of(entry.id)]
    assert notes == [
        ("opened", None, ""),
        ("handed_over", "moderatorone", "I know them"),
        ("handed_over", "secondone", "Not for me either"),
    ]


def test_what_is_resolved_can_be_opened_again(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    queue.resolve(room["moderator"], entry.id, outcome="acted", note="Spoke on the phone")
    assert "report" not in room.kinds("moderator")
    with pytest.raises(Conflict, match="resolved in the meantime"):
        queue.claim(room["second"], entry.id)
    with pytest.raises(Invalid):
        queue.resolve(room["second"], entry.id, outcome="answered")
    queue.reopen(room["second"], entry.id)
    assert room.reported("second").mine
    with pytest.raises(Conflict):
        queue.reopen(room["second"], entry.id)


def test_it_is_not_opened_again_beside_a_newer_one(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    queue.resolve(room["moderator"], entry.id, outcome="acted")
    room.report("other")
    with pytest.raises(Conflict, match="newer"):
        queue.reopen(room["moderator"], entry.id)


def test_who_no_longer_looks_after_the_group_lets_go(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    queue.claim(room["facilitator"], entry.id)
    groups.set_role(None, room.group, room["facilitator"].id or 0, "moderator")
    assert room.reported().claimed_by == "facilitatorone"
    groups.set_role(None, room.group, room["facilitator"].id or 0, "member")
    assert room.reported().claimed_by is None
    queue.claim(room["second"], entry.id)
    groups.leave(room["second"], room.group)
    assert room.reported().claimed_by is None


def test_a_break_passes_everything_on(room: QueueRoom) -> None:
    room.report()
    entry = room.reported()
    queue.claim(room["moderator"], entry.id)
    rota.take_shift(room["moderator"], room.group, clock.now(), 3)
    assert rota.staffed([room.group]) == {room.group}
    assert rota.take_break(room["moderator"]) == 1
    assert rota.staffed([room.group]) == set()
    assert room.reported().claimed_by is None
    assert room.reported().handed_over == rota.BREAK_NOTE
    assert rota.take_break(room["moderator"]) == 0


def test_every_change_has_a_version_of_its_own(room: QueueRoom) -> None:
    room.report()
    before = queue_queries.version()
    entry = room.reported()
    queue.claim(room["moderator"], entry.id)
    changed = queue_queries.changes_after(room["second"], before, 10)
    assert [(one.id, one.claimed_by) for one in changed] == [(entry.id, "moderatorone")]
    assert changed[0].version <= queue_queries.version()
    assert queue_queries.changes_after(room["elsewhere"], 0, 10) == []


class QueueMachine(RuleBasedStateMachine):
    """One reported post, three who may handle it, and a plain model of who has it."""

    room: QueueRoom

    def __init__(self) -> None:
        super().__init__()
        self.post = make.post(self.room["author"], self.room.thread).id
        reports.report(self.room["reporter"], "post", self.post, reason="unkind")
        self.entry = next(
            one.id
            for one in queue_queries.waiting(self.room["administrator"], 10_000)
            if one.subject_id == self.post
        )
        self.has: str | None = None
        self.open = True

    def _try(self, expected: bool, act, *args: object, **named: object) -> None:  # type: ignore[no-untyped-def]
        try:
            act(*args, **named)
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
        self._try(free, queue.claim, self.room[name], self.entry)
        self.has = name if free else self.has

    @rule(name=who, to=st.sampled_from(["", "moderator", "second"]))
    def hand_over(self, name: str, to: str) -> None:
        free = self._free_for(name)
        handle = self.room[to].handle if to else ""
        self._try(free, queue.hand_over, self.room[name], self.entry, note="A note", to=handle)
        self.has = (to or None) if free else self.has

    @rule(name=who, outcome=st.sampled_from(sorted(queue_policy.OUTCOMES)))
    def resolve(self, name: str, outcome: str) -> None:
        free = self._free_for(name)
        self._try(free, queue.resolve, self.room[name], self.entry, outcome=outcome)
        if free:
            self.open, self.has = False, name

    @rule(name=who)
    def reopen(self, name: str) -> None:
        closed = not self.open
        self._try(closed, queue.reopen, self.room[name], self.entry)
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
        row = reading().execute(select(QueueEntry).where(QueueEntry.id == self.entry)).scalar_one()
        assert (row.resolved_at is None) == self.open
        assert row.claimed_by_id == (self.room[self.has].id if self.has else None)
        assert (row.outcome != "") == (not self.open)
        report = reading().scalar(select(Report.answered_at).where(Report.entry_id == self.entry))
        assert (report is None) == self.open

    def teardown(self) -> None:
        with transaction() as session:
            session.execute(delete(Report))
            session.execute(delete(QueueStep).where(QueueStep.entry_id == self.entry))
            session.execute(delete(QueueEntry).where(QueueEntry.id == self.entry))


def test_claim_hand_over_resolve_and_undo_in_any_order(room: QueueRoom) -> None:
    machine = type("Machine", (QueueMachine,), {"room": room})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=15, deadline=None)
    )
