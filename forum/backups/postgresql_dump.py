"""PostgreSQL: pg_dump and pg_restore, which come with its client."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import URL

from forum.backups.refusals import Refused


def dump(url: URL, into: Path) -> None:
    """Dump the database as it is at one moment. Raises Refused."""
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={into}"], url)


def check(dumped: Path) -> None:
    """Raise Refused unless the whole dump can be read."""
    _run(["pg_restore", f"--file={os.devnull}", str(dumped)], None)


def put(dumped: Path, url: URL) -> None:
    """Put what is in a dump in the place of what has the same names, wholly or not at all.

    Raises Refused.
    """
    how = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    _run(["pg_restore", *how, f"--dbname={url.database}", str(dumped)], url)


def _run(command: list[str], url: URL | None) -> None:
    try:
        subprocess.run(  # noqa: S603 - our own command
            command, env={**os.environ, **_environment(url)}, check=True, capture_output=True
        )
    except FileNotFoundError as problem:
        raise Refused(
            f"{command[0]} is missing. Install PostgreSQL's client of the server's version."
        ) from problem
    except subprocess.CalledProcessError as problem:
        said = problem.stderr.decode(errors="replace")
        if "version mismatch" in said or "unsupported version" in said:
            raise Refused(
                f"{command[0]} is older than the PostgreSQL server. Install the client of the "
                "server's version."
            ) from problem
        first = next((line for line in said.splitlines() if line.strip()), "no reason given")
        raise Refused(f"{command[0]} failed: {first.removeprefix(f'{command[0]}: ')}") from problem


def _environment(url: URL | None) -> Mapping[str, str]:
    """Return where the database is, and the password, which must not stand in a command line."""
    if url is None:
        return {}
    query = {name: str(value) for name, value in url.query.items()}
    told = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username or query.get("user"),
        "PGPASSWORD": str(url.password) if url.password else query.get("password"),
        "PGDATABASE": url.database or query.get("dbname"),
        "PGSSLMODE": query.get("sslmode"),
        "PGSSLROOTCERT": query.get("sslrootcert"),
    }
    return {name: value for name, value in told.items() if value}
