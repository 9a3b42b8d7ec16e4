"""Long work is done in steps, by one process at a time, and goes on where a dead one stopped."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum import jobs
from forum.core import clock, events
from forum.core.background.jobs import job_types, queue, runner
from forum.core.background.jobs.job_types import JobType, Stage, StepDone, Steps, Task
from forum.core.background.jobs.models import BackgroundJob
from forum.core.background.jobs.queue import JobEnqueued
from forum.core.db import current_session, transaction

ROWS = 7


class Killed(BaseException):
    """What ends a process ends it without a word."""


class Counting:
    """A kind of job that counts to seven, twice; it remembers what was done and committed."""

    def __init__(self) -> None:
        self.committed: list[int] = []
        self.step: list[int] = []
        self.fails_at: int | None = None
        stages = (Stage("First", self._count, lambda *_: ROWS), Stage("Second", self._count))
        self.kind = JobType("count", stages, lambda: self.committed.append(-1))

    def _count(self, _session: Session, task: Task) -> Steps:
        for number in range(task.after[0] + 1 if task.after else 0, ROWS):
            if number == self.fails_at:
                raise ValueError(number)
            self.step.append(number)
            yield StepDone(1, (number,))


@pytest.fixture
def counting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    """Return a kind of job of which each step does one piece, and that is not begun by itself."""
    made = Counting()
    job_types.register([made.kind])
    events.subscribe({}, {JobEnqueued: [lambda _event: None]})
    monkeypatch.setattr(runner, "STEP_S", 0.0)
    yield made
    job_types.register(jobs.BACKGROUND_JOBS)


def ask() -> str:
    """Ask for a job, and return its page's token."""
    with transaction() as session:
        return queue.enqueue(session, "count", 1, name="somebody")


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let that much time pass."""
    then = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: then)


def run(counting: Counting, monkeypatch: pytest.MonkeyPatch, steps: int | None = None) -> None:
    """Work as a process does that is killed in the middle of a step, after so many steps."""
    left, step = steps, runner._step

    def counted(job_id: int, worker: str) -> bool:
        nonlocal left
        counting.step = []
        if left == 0:
            with transaction() as session:
                job = queue.leased(session, job_id, worker)
                assert job is not None
                job.done = 999
                raise Killed
        goes_on = step(job_id, worker)
        counting.committed += counting.step
        left = None if left is None else left - 1
        return goes_on

    with monkeypatch.context() as patched:
        patched.setattr(runner, "_step", counted)
        if steps is None:
            runner.run()
        else:
            with pytest.raises(Killed):
                runner.run()


@pytest.mark.parametrize("steps", range(0, 2 * ROWS, 3))
def test_another_process_goes_on_where_one_was_killed(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    token = ask()
    run(counting, monkeypatch, steps)
    run(counting, monkeypatch)  # the lease of the dead one still holds
    assert len(counting.committed) == steps
    later(monkeypatch, queue.LEASE)
    run(counting, monkeypatch)
    assert counting.committed == [*range(ROWS), *range(ROWS), -1]
    progress = queue.progress("count", token)
    assert progress is not None
    assert progress.ended
    run(counting, monkeypatch)
    assert len(counting.committed) == 2 * ROWS + 1


def test_a_page_says_how_far_it_is(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    token = ask()
    run(counting, monkeypatch, 3)
    found = queue.progress("count", token)
    assert found is not None
    assert (found.label, found.done, found.size, found.stages) == ("First", 3, ROWS, 2)
    assert found.reached == pytest.approx(3 / ROWS)
    assert queue.progress("other", token) is None
    assert queue.progress("count", f"{token}x") is None


def test_nobody_works_on_what_another_has_leased(counting: Counting) -> None:
    ask()
    ask()
    first = queue.claim("one")
    assert first is not None
    assert queue.claim("two") is None
    assert not runner._step(first, "two")
    assert runner._step(first, "one")


def test_what_fails_lets_others_go_on_and_is_tried_again_later(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ask()
    counting.fails_at = 3
    run(counting, monkeypatch)
    assert "background_job_failed" in "".join(capfd.readouterr())
    assert counting.committed == [0, 1, 2]
    counting.fails_at = None
    ask()
    run(counting, monkeypatch)
    assert counting.committed == [0, 1, 2, *range(ROWS), *range(ROWS), -1]
    later(monkeypatch, queue.RETRY_AFTER)
    run(counting, monkeypatch)
    assert len(counting.committed) == 2 * (2 * ROWS + 1)


def test_what_a_job_was_about_is_forgotten_with_its_end(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    run(counting, monkeypatch)
    assert current_session().scalars(select(BackgroundJob.params)).all() == [{}]
    later(monkeypatch, queue.KEPT + timedelta(seconds=1))
    queue.forget_old()
    assert current_session().scalars(select(BackgroundJob.id)).all() == []


def test_a_job_of_a_transaction_that_is_undone_is_none(counting: Counting) -> None:
    with pytest.raises(Killed), transaction() as session:
        queue.enqueue(session, "count", 1)
        raise Killed
    assert not queue.waits()
