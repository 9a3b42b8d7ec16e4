"""Backups that are made by themselves: where they are, when the next is due, which are kept."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forum.backups import creation
from forum.backups.creation import Source
from forum.core import clock

_FORMAT = "forum-%Y-%m-%dT%H%M%SZ.backup"
_NAME = re.compile(r"forum-\d{4}-\d\d-\d\dT\d{6}Z\.backup")


def make_dated(source: Source, folder: Path, keep: int = 0) -> Path:
    """Make a backup named by the moment, then delete the oldest but `keep` (0: none); return it.

    Raises Refused, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / clock.now().strftime(_FORMAT)
    creation.make(source, path)
    if keep:
        for old in dated(folder)[:-keep]:
            old.unlink(missing_ok=True)
    return path


def dated(folder: Path) -> list[Path]:
    """Return the backups in a folder that were named so, oldest first."""
    return sorted(path for path in folder.glob("forum-*.backup") if _NAME.fullmatch(path.name))


def last_made(folder: Path) -> datetime | None:
    """Return when the newest of them was made; None where there is none."""
    found = dated(folder)
    return datetime.strptime(found[-1].name, _FORMAT).replace(tzinfo=UTC) if found else None


def is_due(folder: Path, every: timedelta) -> bool:
    """Whether the newest is older than this; one from the future counts as none."""
    last, now = last_made(folder), clock.now()
    return last is None or not now - every < last <= now
