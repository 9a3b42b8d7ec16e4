"""Which SQLite file a server is using: known to every process of this machine.

A lock file beside the database is held for as long as the server runs, and is free again however
it ends. Commands of the operator do not take it: they may run beside the server.
"""

import fcntl
import os
from pathlib import Path

from sqlalchemy.engine import make_url


def claim(database_url: str, *, alone: bool) -> bool:
    """Say that this process, and what it becomes, serves this database; False if another does.

    Servers that are not `alone`, since Redis joins them, may be several.
    """
    file = _lock_file(database_url)
    if file is None:
        return True
    opened = _open(file)
    if opened is None:
        return True
    try:
        fcntl.flock(opened, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        return False
    except OSError:  # a file system without locks: it cannot be known
        pass
    os.set_inheritable(opened, True)  # gunicorn and its workers keep it
    return True


def is_claimed(database_url: str) -> bool:
    """Whether a server is using this SQLite file just now."""
    file = _lock_file(database_url)
    opened = _open(file) if file and file.exists() else None
    if opened is None:
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(opened)
    return False


def _lock_file(database_url: str) -> Path | None:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    database = Path(url.database).resolve()
    return database.with_name(f"{database.name}.lock")


def _open(file: Path) -> int | None:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # opening the database reports what cannot be written here
        return None
