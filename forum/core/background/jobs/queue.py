"""The queue of background jobs: asked for, leased by one process at a time, followed, forgotten."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.core import clock, ids
from forum.core.background.backoff import wait_after
from forum.core.background.jobs import job_types
from forum.core.background.jobs.models import BackgroundJob
from forum.core.db import current_session, transaction
from forum.core.events import announce

LEASE = timedelta(seconds=20)
KEPT = timedelta(days=7)
RETRY_AFTER, RETRY_AT_MOST = timedelta(seconds=1), timedelta(minutes=10)


@dataclass(frozen=True)
class JobEnqueued:
    """Somebody wants something that is done in steps."""

    job_id: int


@dataclass(frozen=True)
class Progress:
    """How far a job is; `done` of `size` rows of its current stage, a size of 0 is unknown."""

    label: str
    stage: int
    stages: int
    done: int
    size: int
    ended: bool

    @property
    def reached(self) -> float:
        """How many stages are over, with the share of the current one that is."""
        return self.stage + (min(self.done / self.size, 1) if self.size else 0)


def enqueue(session: Session, kind: str, subject_id: int, **params: Any) -> str:
    """Write down a job; return the token of the page that says how far it is."""
    token = ids.token()
    job = BackgroundJob(
        kind=kind,
        subject_id=subject_id,
        params=params,
        digest=ids.digest(token),
        asked_at=clock.now(),
    )
    session.add(job)
    session.flush()
    announce(JobEnqueued(job.id))
    return token


def progress(kind: str, token: str) -> Progress | None:
    """Return how far the job with this page is; None for one that is not, or not of this kind."""
    mine = select(BackgroundJob).where(BackgroundJob.digest == ids.digest(token))
    job = current_session().scalar(mine.where(BackgroundJob.kind == kind))
    if job is None:
        return None
    stages = job_types.job_type(kind).stages
    label = stages[min(job.stage, len(stages) - 1)].label
    return Progress(label, job.stage, len(stages), job.done, job.size, job.ended_at is not None)


def waits() -> bool:
    """Whether anything is not done yet."""
    waiting = select(BackgroundJob.id).where(BackgroundJob.ended_at.is_(None))
    return current_session().scalar(waiting.limit(1)) is not None


def claim(worker: str) -> int | None:
    """Lease the job that has waited longest; none while another process works on one."""
    now = clock.now()
    with transaction() as session:
        waiting = select(BackgroundJob).where(BackgroundJob.ended_at.is_(None))
        jobs = session.scalars(waiting.order_by(BackgroundJob.id).with_for_update()).all()
        due = [job for job in jobs if job.leased_until is None or job.leased_until <= now]
        if not due or any(job.leased_by and job not in due for job in jobs):
            return None
        due[0].leased_by, due[0].leased_until = worker, now + LEASE
        return due[0].id


def leased(session: Session, job_id: int, worker: str) -> BackgroundJob | None:
    """Return a job, locked, for the process that has leased it; None when the lease is over."""
    mine = select(BackgroundJob).where(
        BackgroundJob.id == job_id, BackgroundJob.leased_by == worker
    )
    return session.scalar(mine.where(BackgroundJob.ended_at.is_(None)).with_for_update())


def postpone(job_id: int, worker: str) -> None:
    """Let a job that has failed wait, longer each time, before it is tried again."""
    with transaction() as session:
        job = leased(session, job_id, worker)
        if job is not None:
            wait = wait_after(job.failures, RETRY_AFTER, RETRY_AT_MOST)
            job.failures, job.leased_by, job.leased_until = (
                job.failures + 1,
                None,
                clock.now() + wait,
            )


def forget_old() -> None:
    """Delete jobs that ended a week ago."""
    with transaction() as session:
        old = delete(BackgroundJob).where(BackgroundJob.ended_at < clock.now() - KEPT)
        session.execute(old)
