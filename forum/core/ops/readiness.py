"""Whether the forum can do its work: it reads, writes, and looks for room on the disk.

The answer is one word for each thing, since everybody may ask; the log has the details.
"""

import shutil
import threading
import time
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from forum.core import db
from forum.core.db import database_errors
from forum.settings.environment import Settings

LOOK_EVERY_S = 1.0  # a client that asks more often gets the same answer
WRITE_WITHIN_S = 0.5
SAY_EVERY_S = 600.0
FULL, LOW = 10_000_000, 200_000_000  # bytes
NO_ROOM = "There is no room left on the disk of the forum. Make some: nothing can be written."
LITTLE_ROOM = "There is little room left on the disk of the forum. Make some before it is full."

log = structlog.get_logger()
_said: dict[str, float] = {}


class Readiness:
    """How the forum was found when it was last looked at."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looking = threading.Lock()
        self._at = -LOOK_EVERY_S
        self._found = ("", "")

    def look(self) -> tuple[str, str]:
        """Return how the database and the disk are: "ok", or a word for what is wrong."""
        with self._looking:
            if time.monotonic() - self._at >= LOOK_EVERY_S:
                self._found = _database(), look_at_disk(self._settings)
                self._at = time.monotonic()
            return self._found


def is_ready(database: str, disk: str) -> bool:
    """Whether people can be served. A database in which others write will be free in a moment."""
    return database in {"ok", database_errors.BUSY} and disk != "full"


def look_at_disk(settings: Settings) -> str:
    """Return whether there is room where the forum keeps its files; tell the operator if not."""
    folders = {settings.instance}
    if db.engine().dialect.name == "sqlite":
        folders.add(Path(str(db.engine().url.database)).absolute().parent)
    try:
        free = min(shutil.disk_usage(folder).free for folder in folders)
    except OSError:
        return "cannot be read"
    if free >= LOW:
        return "ok"
    _say("disk", NO_ROOM if free < FULL else LITTLE_ROOM)
    return "full" if free < FULL else "low"


def warn_of_disk(settings: Settings) -> None:
    """Tell the operator in the log when there is little room."""
    look_at_disk(settings)


def _database() -> str:
    from forum import migrations

    try:
        version = migrations.current()
        if version == migrations.newest():
            if migrations.lacks(db.Base.metadata.tables):
                _say("incomplete", migrations.INCOMPLETE)
                return "incomplete"
            _write()
    except SQLAlchemyError as problem:
        reason = database_errors.note(problem)
        if reason is None:
            _say(type(problem).__name__, "The database cannot be reached or used just now.")
            return "unreachable"
        if reason.word != database_errors.BUSY:
            _say(reason.word, reason.sentence)
        return reason.word
    if database_errors.damage_met():
        return database_errors.DAMAGED
    return "ok" if version == migrations.newest() else "not migrated"


def _write() -> None:
    """Write what is there already. Raises SQLAlchemyError's kinds if that cannot be done."""
    with db.transaction(patience_s=WRITE_WITHIN_S) as session:
        if db.engine().dialect.name == "postgresql":
            session.execute(text(f"SET LOCAL lock_timeout = {int(WRITE_WITHIN_S * 1000)}"))
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _say(about: str, sentence: str) -> None:
    """Log a sentence, once in a while for as long as it is true."""
    now = time.monotonic()
    if now - _said.get(about, -SAY_EVERY_S) >= SAY_EVERY_S:
        _said[about] = now
        log.error("not_ready", reason=sentence)
