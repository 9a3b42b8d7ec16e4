"""Why the database does not work just now, in one plain sentence for the operator.

The sentences are fixed: what a driver says names hosts, people and files.
"""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

DAMAGED = "damaged"
BUSY = "busy"
NOT_OPENED = "cannot be opened"
FULL, FAULTY = "disk full", "disk error"
NO_ROOM_BYTES = 1_000_000


@dataclass(frozen=True)
class Reason:
    """A kind of trouble: a word for /readyz, and what the operator can do about it."""

    word: str
    sentence: str
    passes: bool = False  # by itself, in a moment


_REASONS = {
    reason.word: reason
    for reason in (
        Reason(
            BUSY,
            "Another process is writing to the database. Try again when it is done.",
            passes=True,
        ),
        Reason(
            "in the way",
            "Two requests waited for each other, and PostgreSQL ended one of them. It can be sent "
            "again.",
            passes=True,
        ),
        Reason(
            FULL,
            "There is no room left on the disk. Make some, and try again.",
        ),
        Reason(
            DAMAGED,
            "The database is damaged: a part of it cannot be read. Stop the forum, and put back "
            "the last good backup.",
        ),
        Reason(
            "not a database",
            "The file in FORUM_DATABASE_URL is not a SQLite database. Name another, or put back "
            "a backup.",
        ),
        Reason(
            "not writable",
            "The database can be read and not written. Give the forum's user the right to write "
            "to it and, for SQLite, to its folder.",
        ),
        Reason(
            NOT_OPENED,
            "The database file cannot be opened. Check that its folder exists and that the "
            "forum's user may use it.",
        ),
        Reason(
            FAULTY,
            "The disk of the database reports an error. Check the disk before anything else, and "
            "have a backup at hand.",
        ),
        Reason(
            "too many connections",
            "PostgreSQL has no connection left. Lower FORUM_DATABASE_CONNECTIONS or FORUM_WORKERS, "
            "or raise max_connections there.",
            passes=True,
        ),
        Reason(
            "no free connection",
            "All database connections of this process are in use. Something holds them for long, "
            "or FORUM_DATABASE_CONNECTIONS is too low.",
            passes=True,
        ),
        Reason(
            "unknown host",
            "The host in FORUM_DATABASE_URL is not known. Check how it is spelled, and that its "
            "name can be looked up from here.",
        ),
        Reason(
            "password refused",
            "PostgreSQL refused the user or the password in FORUM_DATABASE_URL.",
        ),
        Reason(
            "password missing",
            "PostgreSQL asks for a password, and FORUM_DATABASE_URL holds none.",
        ),
        Reason(
            "no TLS",
            "PostgreSQL does not offer TLS, and sslmode in FORUM_DATABASE_URL asks for it. Turn "
            "ssl on in PostgreSQL, or take sslmode out if it runs on this machine.",
        ),
        Reason(
            "TLS needed",
            "PostgreSQL lets nobody in from here without TLS. Add sslmode=require to "
            "FORUM_DATABASE_URL, or change pg_hba.conf there.",
        ),
        Reason(
            "no root certificate",
            "The root certificate that checks PostgreSQL's cannot be read. Name its file with "
            "sslrootcert in FORUM_DATABASE_URL, or say sslrootcert=system.",
        ),
        Reason(
            "certificate refused",
            "PostgreSQL's certificate is signed by nobody whom sslrootcert in FORUM_DATABASE_URL "
            "trusts, or it has expired.",
        ),
        Reason(
            "certificate of another host",
            "PostgreSQL's certificate is for another host name than FORUM_DATABASE_URL has. Write "
            "the name that it was made for.",
        ),
        Reason(
            "TLS failed",
            "TLS with PostgreSQL failed. Check ssl, and the versions of TLS, there and in "
            "FORUM_DATABASE_URL.",
        ),
        Reason(
            "not PostgreSQL",
            "Another program than PostgreSQL answers at the address in FORUM_DATABASE_URL. Check "
            "the port.",
        ),
        Reason(
            "wrong option",
            "FORUM_DATABASE_URL holds an option that PostgreSQL's client does not know, or a value "
            "that it does not take. Check what is behind the question mark.",
        ),
        Reason(
            "no such database",
            "PostgreSQL has no database of the name in FORUM_DATABASE_URL. Create it there first.",
        ),
        Reason(
            "starting",
            "PostgreSQL is starting or stopping. Try again in a moment.",
            passes=True,
        ),
        Reason(
            "unreachable",
            "PostgreSQL cannot be reached at the address in FORUM_DATABASE_URL. Check that it runs "
            "and accepts connections from here.",
        ),
    )
}
_damage_met = False
_folder: Path | None = None

# What SQLite says, and what comes first of SQLSTATE or in the words of PostgreSQL and libpq.
_SQLITE = {
    "database is locked": BUSY,
    "database table is locked": BUSY,
    "database or disk is full": "disk full",
    "database disk image is malformed": DAMAGED,
    "malformed database schema": DAMAGED,
    "file is not a database": "not a database",
    "attempt to write a readonly database": "not writable",
    "unable to open database file": NOT_OPENED,
    "disk I/O error": FAULTY,
}
_SQLSTATES = {
    "53100": "disk full",
    "53300": "too many connections",
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "28": "password refused",
    "3D000": "no such database",
    "25006": "not writable",
    "55P03": BUSY,
    "40P01": "in the way",
    "40001": "in the way",
    "42501": "not writable",
    "57P": "starting",
    "08": "unreachable",
}
_POSTGRESQL = {
    "does not support ssl": "no TLS",
    "root certificate": "no root certificate",
    "certificate verify failed": "certificate refused",
    "does not match host name": "certificate of another host",
    "ssl error": "TLS failed",
    "ssl negotiation": "not PostgreSQL",
    "expected authentication request": "not PostgreSQL",
    "no encryption": "TLS needed",
    "no ssl encryption": "TLS needed",
    "ssl off": "TLS needed",
    "invalid connection option": "wrong option",
    "invalid sslmode": "wrong option",
    "invalid port number": "wrong option",
    "invalid integer value": "wrong option",
    "too many clients": "too many connections",
    "too many connections": "too many connections",
    "remaining connection slots": "too many connections",
    "password authentication failed": "password refused",
    "no password supplied": "password missing",
    "no pg_hba.conf entry": "password refused",
    "authentication failed": "password refused",
    "role ": "password refused",
    "the database system is": "starting",
    "database ": "no such database",
    "translate host name": "unknown host",
    "resolve host": "unknown host",
    "name resolution": "unknown host",
    "connection refused": "unreachable",
    "timeout expired": "unreachable",
    "connection timeout": "unreachable",
    "no route to host": "unreachable",
    "network is unreachable": "unreachable",
    "closed the connection unexpectedly": "unreachable",
    "connection is closed": "unreachable",
    "connection is lost": "unreachable",
    "no such file or directory": "unreachable",
}


def look_for_room_at(file: str | None) -> None:
    """Ask from now on whether there is room where this SQLite file is; None for PostgreSQL."""
    global _folder
    _folder = Path(file).absolute().parent if file else None


def explain(problem: BaseException | None) -> Reason | None:
    """Return why the database does not work; None if that is not what `problem` is about."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        word = _word(problem)
        if word:
            return _REASONS[word]
        # SQLite ends a transaction that has no room, so undoing its savepoint fails as well.
        problem = problem.__cause__ or problem.__context__
    return None


def note(problem: BaseException | None) -> Reason | None:
    """Return why the database does not work, as `explain` does, and remember that it is damaged.

    Whether it is, /readyz cannot find out by itself: that would take reading all of it.
    """
    global _damage_met
    reason = explain(problem)
    _damage_met = _damage_met or (reason is not None and reason.word == DAMAGED)
    return reason


def damage_met() -> bool:
    """Whether this process has met a damaged part of the database."""
    return _damage_met


def _word(problem: BaseException) -> str:
    if isinstance(problem, PoolTimeout):
        return "no free connection"
    if isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "disk full"
    if not isinstance(problem, DBAPIError):
        return ""
    said = str(problem.orig)
    state = str(getattr(problem.orig, "sqlstate", None) or "")
    for known, word in _SQLITE.items():
        if said.startswith(known):
            # Where there is no room for the index of its log, SQLite blames the disk.
            return FULL if word == FAULTY and _is_full() else word
    for start, word in _SQLSTATES.items():
        if state.startswith(start):
            return word
    told = said.lower() if _is_of_the_connection(problem, state) else ""
    return next((word for words, word in _POSTGRESQL.items() if words in told), "")


def _is_full() -> bool:
    try:
        return _folder is not None and shutil.disk_usage(_folder).free < NO_ROOM_BYTES
    except OSError:
        return False


def _is_of_the_connection(problem: DBAPIError, state: str) -> bool:
    """Whether PostgreSQL was not even reached: only then do words, in English, tell why."""
    return not state and type(problem.orig).__module__.startswith("psycopg")
