"""Doing background jobs, in steps that keep nobody else waiting."""

import time
from contextlib import closing

import structlog
from sqlalchemy.orm import Session

from forum.core import clock, ids
from forum.core.background import periodic
from forum.core.background.jobs import job_types, queue
from forum.core.background.jobs.job_types import Stage, Task
from forum.core.background.jobs.models import BackgroundJob
from forum.core.db import transaction

# A step may take 50 ms with the piece that is begun last, and the commit.
STEP_S = 0.02
log = structlog.get_logger()


def start(_event: queue.JobEnqueued | None = None) -> None:
    """Do soon what waits; outside the server, do it now."""
    periodic.soon(0, "background_jobs", run)


def go_on() -> None:
    """Take up what a process that has died, or failed, has left."""
    if queue.waits():
        start()


def run(*, gently: bool | None = None) -> None:
    """Do the jobs that wait, one after the other; `gently` rests as long as each step took.

    So others can use half of the time; by default that is what the server does.
    """
    gently = periodic.serving() if gently is None else gently
    worker = ids.token()[:32]
    while (job_id := queue.claim(worker)) is not None:
        try:
            _finish(job_id, worker, gently=gently)
        except Exception:
            log.exception("background_job_failed", job=job_id)
            queue.postpone(job_id, worker)


def _finish(job_id: int, worker: str, *, gently: bool) -> None:
    goes_on = True
    while goes_on:
        began = time.perf_counter()
        goes_on = _step(job_id, worker)
        if gently:
            time.sleep(time.perf_counter() - began)


def _step(job_id: int, worker: str) -> bool:
    """Do one step; return whether there is more."""
    until = time.perf_counter() + STEP_S
    with transaction() as session:
        job = queue.leased(session, job_id, worker)
        if job is None:
            return False
        kind = job_types.job_type(job.kind)
        while job.stage < len(kind.stages):
            if _go_on(session, job, kind.stages[job.stage], until):
                break
            job.stage, job.after, job.done, job.size = job.stage + 1, [], 0, 0
        job.leased_until, job.failures = clock.now() + queue.LEASE, 0
        if job.stage < len(kind.stages):
            return True
        job.ended_at, job.params = clock.now(), {}
    if kind.finish is not None:
        kind.finish()
    return False


def _go_on(session: Session, job: BackgroundJob, stage: Stage, until: float) -> bool:
    """Do pieces of a stage until the time is over; return whether there was any."""
    task = Task(job.subject_id, job.params, tuple(job.after))
    if stage.size is not None and not job.done:
        job.size = stage.size(session, task)
    found = False
    with closing(stage.work(session, task)) as pieces:
        for rows, after in pieces:
            found, job.done, job.after = True, job.done + rows, list(after)
            if time.perf_counter() >= until:
                break
    return found
