"""What is wrong with a database is told to the operator in a sentence, and kindly to people."""

import json
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as driver
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.app import create_app
from forum.core import database_errors, db
from forum.settings import from_environment
from tests import factories
from tests.commands import run
from tests.databases import Databases
from tests.test_ops_refusals import sentence
from tests.test_ops_serve import forum


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Return the folder of a forum that has its tables."""
    assert run(tmp_path, "migrate").exit_code == 0
    return tmp_path


def damage(file: Path, table: str) -> None:
    """Write nonsense over the first pages of a table and its indexes; nobody has the file open."""
    connection = driver.connect(str(file))
    connection.execute("PRAGMA journal_mode=DELETE")
    pages = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = ? AND rootpage > 0"
    numbers = [number for (number,) in connection.execute(pages, [table])]
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with file.open("r+b") as opened:
        for number in numbers:
            opened.seek((number - 1) * size)
            opened.write(b"\xa5" * size)


@pytest.mark.parametrize("table", ["login_sessions", "notifications", "posts", "accounts"])
def test_a_damaged_page_is_told_and_the_page_that_says_so_needs_no_database(
    instance: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(from_environment({"FORUM_INSTANCE": str(instance)}))
    group = factories.group(readable_by_all=True)
    wren = factories.join(factories.person(), group)
    place = factories.thread(wren, group)
    client = app.test_client()
    factories.log_in(client, wren)
    db.close()
    damage(instance / "forum.sqlite3", table)
    capsys.readouterr()
    pages = [client.get(path) for path in (f"/threads/{place.thread_id}", "/notifications")]
    faults = [page for page in pages if page.status_code == 503]
    assert faults
    assert all(page.status_code in {200, 503} for page in pages)
    assert all("/help-now" in page.text and "a problem" in page.text for page in faults)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    reasons = {line["reason"] for line in lines if line["event"] == "fault"}
    assert len(reasons) == 1
    assert "The database is damaged" in reasons.pop()
    assert client.get("/healthz").status_code == 200


def test_what_comes_by_other_ways_is_told_as_kindly(app: Flask, client: FlaskClient) -> None:
    def fails() -> str:
        raise DBAPIError.instance(
            "q", None, driver.OperationalError("database or disk is full"), driver.Error
        )

    app.view_functions["home.index"] = fails
    told = client.get("/", headers={"Accept": "application/json"})
    assert (told.status_code, told.get_json()["error"]["code"]) == (503, "unavailable")
    assert "disk" not in told.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"json": 1}\n' * 100, "is not a SQLite database"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 5000, "is not a SQLite database"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "is not a SQLite database"),
    ],
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "forum.sqlite3").write_bytes(content)
    assert words in sentence(tmp_path, "migrate")
    assert (tmp_path / "forum.sqlite3").read_bytes() == content


def test_half_a_database(instance: Path) -> None:
    file = instance / "forum.sqlite3"
    db.close()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 16])
    told = run(instance, "user", "create", "wren")
    assert (told.exit_code, told.output.count("\n")) == (1, 1), told.output
    assert "The database is damaged" in told.output


@pytest.mark.parametrize("made", [
    "CREATE TABLE recipes (id INTEGER)", "CREATE TABLE alembic_version (version_num TEXT)",
])  # fmt: skip
def test_the_database_of_another_program(tmp_path: Path, made: str) -> None:
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute(made)
        if "alembic" in made:
            other.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
    assert "belongs to another program" in sentence(tmp_path, "migrate")
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        assert len(other.execute("SELECT name FROM sqlite_schema").fetchall()) == 1


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = migrations.newest()
    monkeypatch.setattr(migrations, "refuse_foreign", lambda _ours: None)
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute("CREATE TABLE posts (id INTEGER)")
    told = sentence(tmp_path, "migrate")
    assert f"could not be brought from schema none to {newest}: OperationalError at 0" in told
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        names = [name for (name,) in other.execute("SELECT name FROM sqlite_schema")]
    assert names == ["posts"]


@pytest.mark.parametrize(("change", "words"), [
    ({"host": "nowhere.invalid"}, "The host in FORUM_DATABASE_URL is not known."),
    ({"host": "127.0.0.1", "port": 9}, "PostgreSQL cannot be reached"),
    ({"database": "no_such"}, "PostgreSQL has no database of the name"),
    ({"username": "nobody_here"}, "refused the user or the password"),
])  # fmt: skip
def test_a_postgresql_that_cannot_be_used(
    tmp_path: Path, real_databases: Databases, change: dict[str, object], words: str
) -> None:
    url = create_engine(real_databases.postgresql()).url.set(drivername="postgresql")
    wrong = url.set(query={} if "host" in change else url.query, **change)  # type: ignore[arg-type]
    told = forum(tmp_path, "migrate", FORUM_DATABASE_URL=wrong.render_as_string(False))
    assert told.returncode == 1
    assert words in told.stderr
    assert told.stderr.count("\n") == 1


def explained(problem: Exception) -> str | None:
    """Return the word for what a driver says, met by way of SQLAlchemy."""
    base = psycopg.Error if isinstance(problem, psycopg.Error) else driver.Error
    told = DBAPIError.instance("q", None, problem, base)
    reason = database_errors.explain(told)
    return reason.word if reason else None


@pytest.mark.parametrize(("said", "word"), [
    ('FATAL:  password authentication failed for user "too many"', "password refused"),
    ("FATAL:  sorry, too many clients already", "too many connections"),
    ("FATAL:  remaining connection slots are reserved for roles", "too many connections"),
    ('FATAL:  database "x" does not exist', "no such database"),
    ("FATAL:  the database system is starting up", "starting"),
    ("failed to resolve host 'x': [Errno -2] Name or service not known", "unknown host"),
    ("connection timeout expired", "unreachable"),
])  # fmt: skip
def test_what_postgresql_says_when_it_is_not_reached(said: str, word: str) -> None:
    assert explained(psycopg.OperationalError(f"connection failed: {said}")) == word


@pytest.mark.parametrize(("said", "word"), [
    ("database is locked", "busy"), ("database or disk is full", "disk full"),
    ("disk I/O error", "disk error"), ("database disk image is malformed", "damaged"),
    ("attempt to write a readonly database", "not writable"),
    ("no such table: posts", None), ("UNIQUE constraint failed", None),
])  # fmt: skip
def test_what_sqlite_says(said: str, word: str | None) -> None:
    assert explained(driver.OperationalError(said)) == word


@pytest.mark.parametrize(("kind", "word"), [
    (psycopg.errors.DiskFull, "disk full"), (psycopg.errors.DataCorrupted, "damaged"),
    (psycopg.errors.TooManyConnections, "too many connections"),
    (psycopg.errors.UniqueViolation, None), (psycopg.errors.SyntaxError, None),
])  # fmt: skip
def test_what_postgresql_says_in_numbers(kind: type[Exception], word: str | None) -> None:
    assert explained(kind("walnut")) == word


def test_a_text_that_quotes_a_sentence_is_none(app: Flask) -> None:
    """Whatever people write, only drivers say what is wrong with the database."""
    problem = ValueError("database disk image is malformed")
    assert database_errors.explain(problem) is None
    assert db.reading().scalar(text("SELECT 'too many clients'")) == "too many clients"
