"""The queue of releases: made one at a time, told as failed if their process ends, kept a month."""

import shutil
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, and_, delete, select, update

from forum.core import clock
from forum.core.db import current_session, transaction
from forum.core.events import announce
from forum.core.translation import lazy
from forum.research.figures import figure_jobs
from forum.research.models import Study
from forum.research.releases.events import RECALLED, ReleaseEnded, ReleaseExpires, ReleaseRemoved
from forum.research.releases.ledger import queries
from forum.research.releases.requests.models import (
    FAILED,
    READY,
    REFUSED,
    RUNNING,
    WAITING,
    ReleaseJob,
)
from forum.research.studies import audit_log

HEARTBEAT_S = 5
ABANDONED_AFTER = timedelta(seconds=45)
KEPT_FOR = timedelta(days=30)
WARNED_AFTER = timedelta(days=27)
WORKER_ENDED = lazy("Making this release was interrupted. Nothing was given out.")
SHARES_NO_LONGER = lazy(
    "Someone in this release no longer shares their data, so its files were removed. Please delete "
    "what you downloaded, and ask for the release again."
)
ASK_ANEW = lazy(
    "Someone in this release no longer shares their data, so its files were removed. Please have "
    "every copy deleted, and ask for a new release: the agreement's file was not kept."
)
LOGGED = {REFUSED: "release_refused", FAILED: "release_failed"}


@dataclass(frozen=True)
class ClaimedJob:
    """A release that this process is to make now."""

    id: int
    study: str
    tier: str
    made_by: str
    reason: str
    recipient: str
    agreement: bytes | None
    hours: int
    spss: bool
    epsilon: float | None
    class_size: int | None
    guesses: int | None
    columns: str
    linkage: str
    by_id: int | None


def release_folder(instance: Path, study: str, job_id: int) -> Path:
    """Return the folder in which a release is made and kept."""
    return figure_jobs.figures_folder(instance, study) / "releases" / str(job_id)


def remove_files(folder: Path) -> None:
    """Remove a release's files, and what a process that ended has left of it."""
    for left in (folder, *folder.parent.glob(f".{folder.name}-*")):
        shutil.rmtree(left, ignore_errors=True)


def claim() -> ClaimedJob | None:
    """Take the release that has waited longest; none while another is being made."""
    with transaction() as session:
        due = select(ReleaseJob).where(ReleaseJob.state.in_((WAITING, RUNNING)))
        jobs = session.scalars(due.order_by(ReleaseJob.id).with_for_update()).all()
        if not jobs or any(job.state == RUNNING for job in jobs):
            return None
        job = jobs[0]
        job.state, job.step, job.problem, job.heartbeat_at = RUNNING, "", "", clock.now()
        study = session.scalars(select(Study.slug).where(Study.id == job.study_id)).one()
        same = {
            each.name: getattr(job, each.name)
            for each in fields(ClaimedJob)
            if hasattr(job, each.name)
        }
        return ClaimedJob(study=study, by_id=job.requested_by_id, **same)


def report_step(job_id: int, reached: str) -> None:
    """Say how far a release is."""
    _update_running(job_id, step=reached, heartbeat_at=clock.now())


def send_heartbeat(job_id: int) -> None:
    """Say that the process which makes a release lives."""
    _update_running(job_id, heartbeat_at=clock.now())


def finish(job_id: int, release_id: int) -> None:
    """Offer a release for download; the agreement's file is needed no longer."""
    now = clock.now()
    with transaction():
        if _update_running(
            job_id, state=READY, release_id=release_id, agreement=None, ended_at=now
        ):
            announce(ReleaseEnded(job_id, READY, now))


def give_up(job_id: int, state: str, problem: str) -> None:
    """End a release as refused or failed, in words for the person who asked."""
    now = clock.now()
    with transaction() as session:
        row = _update_running(job_id, state=state, problem=problem, ended_at=now)
        if row is not None:
            slug = session.scalars(select(Study.slug).where(Study.id == row.study_id)).one()
            audit_log.add_entry(LOGGED[state], slug, row.requested_by_id, job=job_id, tier=row.tier)
            announce(ReleaseEnded(job_id, state, now))


def fail_abandoned() -> None:
    """Tell as failed what was made by a process that has ended."""
    silent = (ReleaseJob.state == RUNNING) & (
        ReleaseJob.heartbeat_at < clock.now() - ABANDONED_AFTER
    )
    for job_id in current_session().scalars(select(ReleaseJob.id).where(silent)).all():
        give_up(job_id, FAILED, WORKER_ENDED)


def has_waiting() -> bool:
    """Whether a release waits and none is being made."""
    states = set(current_session().scalars(select(ReleaseJob.state).distinct()))
    return WAITING in states and RUNNING not in states


def warn_of_expiry() -> None:
    """Warn that ready files are deleted in three days; a person is notified once."""
    now = clock.now()
    near = (ReleaseJob.state == READY) & (ReleaseJob.ended_at < now - WARNED_AFTER)
    with transaction() as session:
        for job_id in session.scalars(select(ReleaseJob.id).where(near)).all():
            announce(ReleaseExpires(job_id, now))


def drop(job_id: int) -> None:
    """Forget that a release was asked for; what the log and the ledger say stays."""
    with transaction() as session:
        session.execute(delete(ReleaseJob).where(ReleaseJob.id == job_id))
        announce(ReleaseRemoved(job_id))


def remove_expired(instance: Path) -> None:
    """Remove what ended thirty days ago, files and page; the ledger's entry stays."""
    old = select(ReleaseJob.id, Study.slug).join(Study, Study.id == ReleaseJob.study_id)
    for job_id, slug in current_session().execute(old.where(_has_expired())).all():
        remove_files(release_folder(instance, slug, job_id))
        drop(job_id)


def recall(instance: Path) -> None:
    """Remove the files of releases in which somebody is who shares no longer."""
    ready = select(
        ReleaseJob.id,
        ReleaseJob.release_id,
        ReleaseJob.tier,
        Study.slug,
        ReleaseJob.requested_by_id,
    )
    jobs = current_session().execute(
        ready.join(Study, Study.id == ReleaseJob.study_id).where(ReleaseJob.state == READY)
    )
    offered = {row.release_id: row for row in jobs}
    for release_id in queries.recalled(offered) if offered else ():
        job = offered[release_id]
        now = clock.now()
        words = ASK_ANEW if job.tier == "events" else SHARES_NO_LONGER
        with transaction() as session:
            session.execute(
                update(ReleaseJob)
                .where(ReleaseJob.id == job.id, ReleaseJob.state == READY)
                .values(state=REFUSED, problem=words, ended_at=now)
            )
            announce(ReleaseEnded(job.id, RECALLED, now))
            audit_log.add_entry(
                "release_recalled", job.slug, job.requested_by_id, job=job.id, release=release_id
            )
        remove_files(release_folder(instance, job.slug, job.id))


def _has_expired() -> ColumnElement[bool]:
    ended = ReleaseJob.state.in_((READY, REFUSED, FAILED))
    return and_(ended, ReleaseJob.ended_at < clock.now() - KEPT_FOR)


def _update_running(job_id: int, **values: object) -> ReleaseJob | None:
    """Change a release that is being made; return it, or nothing if it no longer is."""
    with transaction() as session:
        found = select(ReleaseJob).where(ReleaseJob.id == job_id, ReleaseJob.state == RUNNING)
        job = session.scalar(found.with_for_update())
        for name, value in values.items() if job else ():
            setattr(job, name, value)
        return job
