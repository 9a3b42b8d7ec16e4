"""What drivers say, in the forum's own words; and only drivers are believed."""

import errno
import shutil
from types import SimpleNamespace

import psycopg
import pysqlite3.dbapi2 as driver
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from forum.core import db
from forum.core.db import database_errors


def explained(problem: Exception) -> str | None:
    """Return the word for what a driver says, met by way of SQLAlchemy."""
    base = psycopg.Error if isinstance(problem, psycopg.Error) else driver.Error
    told = DBAPIError.instance("q", None, problem, base)
    reason = database_errors.explain(told)
    return reason.word if reason else None


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ('FATAL:  password authentication failed for user "too many"', "password refused"),
        ("FATAL:  sorry, too many clients already", "too many connections"),
        ('FATAL:  too many connections for role "forum"', "too many connections"),
        ('FATAL:  role "forum" does not exist', "password refused"),
        ("FATAL:  remaining connection slots are reserved for roles", "too many connections"),
        ('FATAL:  database "x" does not exist', "no such database"),
        ("FATAL:  the database system is starting up", "starting"),
        ("failed to resolve host 'x': [Errno -2] Name or service not known", "unknown host"),
        ("connection timeout expired", "unreachable"),
        ("fe_sendauth: no password supplied", "password missing"),
        ("Connection refused", "unreachable"),
        ("server does not support SSL, but SSL was required", "no TLS"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "a", no encryption', "TLS needed"),
        (
            'root certificate file "/x" does not exist\nEither provide the file',
            "no root certificate",
        ),
        ('could not read root certificate file "k.pem"', "no root certificate"),
        ("SSL error: certificate verify failed", "certificate refused"),
        (
            'server certificate for "database 1" does not match host name "x"',
            "certificate of another host",
        ),
        ("SSL error: unsupported protocol", "TLS failed"),
        ("received invalid response to SSL negotiation: H", "not PostgreSQL"),
        ("expected authentication request from server, but received H", "not PostgreSQL"),
        ('invalid sslmode value: "foo"', "wrong option"),
    ],
)
def test_what_postgresql_says_when_it_is_not_reached(said: str, word: str) -> None:
    assert explained(psycopg.OperationalError(f"connection failed: {said}")) == word


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("database is locked", "busy"),
        ("database or disk is full", "disk full"),
        ("disk I/O error", "disk error"),
        ("database disk image is malformed", "damaged"),
        ("attempt to write a readonly database", "not writable"),
        ("no such table: posts", None),
        ("UNIQUE constraint failed", None),
    ],
)
def test_what_sqlite_says(said: str, word: str | None) -> None:
    assert explained(driver.OperationalError(said)) == word


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (psycopg.errors.DiskFull, "disk full"),
        (psycopg.errors.DataCorrupted, "damaged"),
        (psycopg.errors.DeadlockDetected, "in the way"),
        (psycopg.errors.TooManyConnections, "too many connections"),
        (psycopg.errors.UniqueViolation, None),
        (psycopg.errors.SyntaxError, None),
    ],
)
def test_what_postgresql_says_in_numbers(kind: type[Exception], word: str | None) -> None:
    assert explained(kind("walnut")) == word


def test_a_full_disk_is_one_wherever_it_is_met() -> None:
    reason = database_errors.explain(OSError(errno.ENOSPC, "No space left on device"))
    assert reason is not None
    assert reason.word == "disk full"
    assert database_errors.explain(OSError(errno.ENOENT, "No such file")) is None


@pytest.mark.parametrize(("free", "word"), [(10_000, "disk full"), (10**9, "disk error")])
def test_sqlite_blames_the_disk_where_its_log_has_no_room(
    app: Flask, monkeypatch: pytest.MonkeyPatch, free: int, word: str
) -> None:
    if db.engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL says itself that the disk is full")
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert explained(driver.OperationalError("disk I/O error")) == word


def test_a_text_that_quotes_a_sentence_is_none(app: Flask) -> None:
    """Whatever people write, only drivers say what is wrong with the database."""
    problem = ValueError("database disk image is malformed")
    assert database_errors.explain(problem) is None
    assert db.current_session().scalar(text("SELECT 'too many clients'")) == "too many clients"
