"""Backups that are due are made in a process of their own, which the server starts."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from forum.backups import schedule
from forum.core import metrics
from forum.settings.environment import Settings, from_environment

NICENESS = 10
COMMAND = [sys.executable, "-c", "from forum.cli.main import main; main()", "backup"]
_child: subprocess.Popen[bytes] | None = None


def make_due() -> None:
    """Start a backup if one is due and none is being made; count how old the newest is."""
    settings = from_environment()
    if not settings.backups:
        return
    folder = Path(settings.backups)
    last = schedule.last_made(folder)
    metrics.last_backup.set(last.timestamp() if last else 0)
    is_running = _child is not None and _child.poll() is None
    if not is_running and schedule.is_due(folder, timedelta(hours=settings.backups_every)):
        _start(settings)


def _start(settings: Settings) -> None:
    global _child
    kept = str(settings.backups_kept)
    _child = subprocess.Popen([*COMMAND, settings.backups, "--keep", kept])  # noqa: S603 - our own
    os.setpriority(os.PRIO_PROCESS, _child.pid, NICENESS)
