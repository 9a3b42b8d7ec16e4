"""What the researcher is told where the server cannot make a release, and what starts the work."""

import errno
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from forum.core.background import periodic
from forum.research.releases import pipeline
from forum.research.releases.requests import queue, worker, worker_launcher
from tests.support.research.release_desk import ReleaseWorld, desk

__all__ = ["desk"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (OSError(errno.ENOSPC, "secret"), worker.FULL),
        (OSError(errno.EDQUOT, "secret"), worker.FULL),
        (OSError(errno.EIO, "secret"), worker.UNREADABLE),
        (RuntimeError("secret"), worker.FAULT),
    ],
)
def test_a_fault_is_told_in_our_words_and_leaves_nothing(
    app: Flask, desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch, fault: Exception, told: str
) -> None:
    def fail(*_given: object, **_wishes: object) -> int:
        raise fault

    monkeypatch.setattr(pipeline, "make", fail)
    job_id = desk.ask()
    desk.work()
    job = desk.job(job_id)
    assert (job.state, str(job.problem)) == ("failed", str(told))
    assert not [left for left in desk.left() if left.endswith(".zip")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_it_is_made_the_queue_hears_of_it_though_not_each_time(
    app: Flask, desk: ReleaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, enough = list[int](), threading.Event()

    def hear(job_id: int) -> None:
        heard.append(job_id)
        if len(heard) == 1:
            raise RuntimeError("The database is away for a moment")
        enough.set()

    def make(*_given: object, **_wishes: object) -> int:
        assert enough.wait(30)
        raise RuntimeError("secret")

    monkeypatch.setattr(queue, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(queue, "send_heartbeat", hear)
    monkeypatch.setattr(pipeline, "make", make)
    job_id = desk.ask()
    desk.work()
    assert set(heard) == {job_id}
    assert desk.job(job_id).state == "failed"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_work_is_started_in_the_server_alone(
    app: Flask, desk: ReleaseWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    program = f"import pathlib; pathlib.Path({str(begun)!r}).touch()"
    monkeypatch.setattr(worker_launcher, "COMMAND", [sys.executable, "-c", program])
    worker_launcher.start()
    assert not begun.exists(), "elsewhere somebody runs `forum worker`"
    monkeypatch.setattr(periodic, "serving", lambda: True)
    worker_launcher.sweep()
    assert not begun.exists(), "nothing waits"
    desk.ask()
    worker_launcher.sweep()
    until = time.monotonic() + 30
    while not begun.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
