"""The file of tombstones: one line each, only ever added to."""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

NAME = "tombstones.jsonl"
# What was erased: an account with or without its posts, or somebody's part in a study; or what was
# withdrawn: their consent, while what they gave so far stays.
WITH_POSTS, WITHOUT_POSTS = "account_and_posts", "account"
PARTICIPANT, CONSENT = "participant", "consent"


@dataclass(frozen=True)
class Entry:
    """A digest of what was erased, and when."""

    kind: str
    digest: str
    at: datetime


def append(path: Path, entries: Iterable[Entry]) -> None:
    """Add lines, and wait until they are on the disk. Raises OSError."""
    lines = "".join(json.dumps({**asdict(one), "at": one.at.isoformat()}) + "\n" for one in entries)
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(number, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write((_end_of_torn_line(file) + lines).encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Entry]:
    """Return all entries; none where there is no file. A line that was torn off is passed over.

    Raises OSError.
    """
    if not path.exists():
        return []
    found = [_entry(line) for line in path.read_bytes().split(b"\n")]
    return list(dict.fromkeys(one for one in found if one))


def _entry(line: bytes) -> Entry | None:
    try:
        told = json.loads(line)
        return Entry(str(told["kind"]), str(told["digest"]), datetime.fromisoformat(told["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _end_of_torn_line(file: BinaryIO) -> str:
    """Return what ends a last line that was being written when a machine stopped."""
    file.seek(0, os.SEEK_END)
    if file.tell() == 0:
        return ""
    file.seek(-1, os.SEEK_END)
    return "" if file.read(1) == b"\n" else "\n"
