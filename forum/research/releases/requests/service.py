"""Releases on a study's page: asked for with the password, followed, downloaded, removed."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from forum.accounts.login.password_confirmation import confirmed
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import at_most, current_session, transaction
from forum.core.errors import Conflict, Gone, NotFound, together
from forum.core.events import announce
from forum.core.translation import lazy
from forum.research import optional_dependencies
from forum.research.models import Study
from forum.research.releases.events import ReleaseRequested
from forum.research.releases.ledger import linkage_keys, queries
from forum.research.releases.release_request import ARCHIVE, ReleaseRequest, one_line
from forum.research.releases.requests import queue
from forum.research.releases.requests.models import (
    FAILED,
    READY,
    REFUSED,
    RUNNING,
    WAITING,
    ReleaseJob,
)
from forum.research.studies import audit_log, researcher_access

SHOWN_MOST = 100
NOT_OPENED = lazy("This study hasn't been opened yet: there is nothing to release.")
FILES_GONE = lazy("The files of this release are no longer here. Please ask for it again.")
BEING_MADE = lazy("This release is being made. You can remove it when it's finished.")


def request_release(viewer: Viewer, request: ReleaseRequest, password: str) -> int:
    """Queue a release, and return the number of its page.

    Raises LoginNeeded, NotFound, Forbidden, Conflict, and Invalid for each field that is wrong.
    """
    study = researcher_access.study_for(viewer, request.study)
    together(
        password=lambda: confirmed(viewer, password),
        request=request.check,
    )
    if study.opened_at is None:
        raise Conflict(NOT_OPENED)
    linkage_keys.require_linkage(study.slug, request.linkage)
    optional_dependencies.require()
    with transaction() as session:
        job = ReleaseJob(
            study_id=study.id,
            requested_by_id=viewer.id,
            tier=request.tier,
            made_by=one_line(request.made_by),
            reason=request.reason.strip(),
            recipient=one_line(request.recipient),
            agreement=request.agreement,
            hours=request.hours,
            spss=request.spss,
            epsilon=request.epsilon,
            class_size=request.class_size,
            guesses=request.guesses,
            columns=",".join(request.columns),
            linkage=one_line(request.linkage),
            state=WAITING,
            requested_at=clock.now(),
        )
        session.add(job)
        session.flush()
        audit_log.add_entry("release_asked", study.slug, viewer.id, job=job.id, tier=job.tier)
        announce(ReleaseRequested(job.id))
        return job.id


def retry(viewer: Viewer, slug: str, job_id: int, password: str) -> None:
    """Queue a release once more that failed or was refused; harmless for another.

    Raises as `ask` does.
    """
    study = researcher_access.study_for(viewer, slug)
    confirmed(viewer, password)
    optional_dependencies.require()
    with transaction():
        job = job_of(study, job_id, lock=True)
        if job.state in {FAILED, REFUSED}:
            job.state, job.step, job.problem, job.ended_at = WAITING, "", "", None
            audit_log.add_entry("release_asked", slug, viewer.id, job=job_id, tier=job.tier)
            announce(ReleaseRequested(job_id))


def remove(viewer: Viewer, slug: str, job_id: int, instance: Path) -> None:
    """Remove a release's files and page before its time; what the ledger says stays.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict while it is being made.
    """
    study = researcher_access.study_for(viewer, slug)
    with transaction():
        job = job_of(study, job_id, lock=True)
        if job.state == RUNNING:
            raise Conflict(BEING_MADE)
        queue.drop(job_id)
        audit_log.add_entry("release_removed", slug, viewer.id, job=job_id, release=job.release_id)
    queue.remove_files(queue.release_folder(instance, slug, job_id))


def archive_path(viewer: Viewer, slug: str, job_id: int, instance: Path) -> Path:
    """Return where a release's files lie, for a download.

    Raises LoginNeeded, NotFound, Forbidden, and Gone when they are there no longer.
    """
    study = researcher_access.study_for(viewer, slug)
    job = job_of(study, job_id)
    if job.state != READY:
        raise NotFound
    path = queue.release_folder(instance, slug, job_id) / ARCHIVE
    if queries.recalled([job.release_id or 0]):
        raise Gone(queue.SHARES_NO_LONGER)
    if not path.exists():
        raise Gone(FILES_GONE)
    audit_log.add_entry("release_downloaded", slug, viewer.id, job=job_id, release=job.release_id)
    return path


def recent_jobs(study: Study) -> Sequence[ReleaseJob]:
    """Return a study's releases of the last thirty days, newest first; the door has checked who."""
    mine = select(ReleaseJob).where(ReleaseJob.study_id == study.id)
    return (
        current_session()
        .scalars(mine.order_by(ReleaseJob.id.desc()).limit(at_most(SHOWN_MOST)))
        .all()
    )


def job_of(study: Study, job_id: int, *, lock: bool = False) -> ReleaseJob:
    """Return one of them; with `lock`, others wait for the transaction's end. Raises NotFound."""
    mine = select(ReleaseJob).where(ReleaseJob.id == job_id, ReleaseJob.study_id == study.id)
    found = current_session().scalar(mine.with_for_update() if lock else mine)
    if found is None:
        raise NotFound
    return found
