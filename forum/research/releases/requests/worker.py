"""What `forum worker` does: it makes the releases that wait, one after the other."""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from forum.core import db
from forum.core.errors import Refusal
from forum.core.translation import lazy
from forum.research.releases import pipeline
from forum.research.releases.requests import queue
from forum.research.releases.requests.models import FAILED, REFUSED
from forum.research.releases.requests.queue import ClaimedJob

FULL = lazy(
    "The server's disk has no room left. Nothing was written. Please tell the forum's "
    "administrators."
)
UNREADABLE = lazy(
    "The server couldn't read or write a file. Nothing was written. Please tell the forum's "
    "administrators."
)
FAULT = lazy("Something went wrong on our side. Nothing was written. The forum's log says more.")
log = structlog.get_logger()


def work(instance: Path) -> None:
    """Make the releases that wait, one after the other."""
    while job := queue.claim():
        with _heartbeat(job.id):
            _make(instance, job)
        db.release_session()


def _make(instance: Path, job: ClaimedJob) -> None:
    folder = queue.release_folder(instance, job.study, job.id)
    queue.remove_files(folder)
    try:
        number = pipeline.make(
            job.study,
            folder,
            on_step=lambda reached: queue.report_step(job.id, reached),
            packed=True,
            tier=job.tier,
            made_by=job.made_by,
            reason=job.reason,
            recipient=job.recipient,
            agreement=job.agreement,
            hours=job.hours,
            spss=job.spss,
            epsilon=job.epsilon,
            class_size=job.class_size,
            guesses=job.guesses,
            columns=tuple(job.columns.split(",")) if job.columns else (),
            linkage=job.linkage,
            by_id=job.by_id,
        )
    except Refusal as refusal:
        first, *_ = (*refusal.fields.values(), refusal.message)
        queue.give_up(job.id, REFUSED, first)
    except OSError as problem:
        full = problem.errno in {errno.ENOSPC, errno.EDQUOT}
        log.exception("release_failed", job=job.id)
        queue.give_up(job.id, FAILED, FULL if full else UNREADABLE)
    except Exception:
        log.exception("release_failed", job=job.id)
        queue.give_up(job.id, FAILED, FAULT)
    else:
        queue.finish(job.id, number)


@contextmanager
def _heartbeat(job_id: int) -> Iterator[None]:
    """Tell the queue every few seconds that this process lives."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(queue.HEARTBEAT_S):
            try:
                queue.send_heartbeat(job_id)
            except Exception:
                log.exception("release_beat_failed", job=job_id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
