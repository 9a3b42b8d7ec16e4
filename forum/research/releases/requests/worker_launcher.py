"""Releases are made, and figures drawn, in a process of their own, which the server starts.

To build and attack a release takes minutes of computing, in which the server could answer nobody.
The process makes what waits, and ends. Should it die before, the queue notices.
"""

import os
import subprocess
import sys

from forum.core.background import periodic
from forum.research.figures import figure_jobs
from forum.research.releases.events import ReleaseRequested
from forum.research.releases.requests import queue
from forum.settings.environment import from_environment

NICENESS = 5  # people who read and write come before releases
COMMAND = [sys.executable, "-c", "from forum.cli.main import main; main()", "worker", "--releases"]


def start(_event: ReleaseRequested | None = None) -> None:
    """Let what waits be made soon; outside the server somebody runs `forum worker`.

    A second process finds that one is at work, and ends.
    """
    if periodic.serving():
        child = subprocess.Popen(COMMAND)  # noqa: S603 - our own command
        os.setpriority(os.PRIO_PROCESS, child.pid, NICENESS)


def draw_due() -> None:
    """Let figures be drawn where another week is over; who comes second finds nothing to do."""
    if figure_jobs.studies_due(from_environment().instance):
        start()


def sweep() -> None:
    """Tell what died, remove what is old or recalled, and go on with what waits."""
    instance = from_environment().instance
    queue.fail_abandoned()
    queue.recall(instance)
    queue.warn_of_expiry()
    queue.remove_expired(instance)
    if queue.has_waiting():
        start()
