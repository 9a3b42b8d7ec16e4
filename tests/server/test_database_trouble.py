"""What is wrong with a database is explained to the operator in a sentence, and kindly to
people.
"""

import json
import shutil
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pysqlite3.dbapi2 as driver
import pytest
from click import ClickException
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from forum import migrations
from forum.app import create_app
from forum.core import db
from forum.core.db import database_errors, engines, sqlite
from forum.core.ops import readiness
from forum.server import checks
from forum.settings.environment import from_environment
from tests.support import factories
from tests.support.databases.other_writer import held_elsewhere
from tests.support.databases.real_databases import Databases, lay_out
from tests.support.servers.commands import refusal, run_command, run_process


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Return the folder of a forum that has its tables."""
    lay_out(tmp_path)
    assert run_command(tmp_path, "migrate").exit_code == 0
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


@pytest.fixture(autouse=True)
def unharmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget at the end of a test that a damaged database was met."""
    monkeypatch.setattr(database_errors, "_damage_met", False)
    monkeypatch.setattr(readiness, "_said", {})


@pytest.mark.parametrize("table", ["login_sessions", "notifications", "posts", "accounts"])
def test_a_damaged_database_is_reported_by_a_page_without_database(
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
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["database"]) == (503, "damaged")


def test_database_errors_elsewhere_are_reported_kindly(app: Flask, client: FlaskClient) -> None:
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
    assert words in refusal(tmp_path, "migrate")
    assert (tmp_path / "forum.sqlite3").read_bytes() == content


def test_half_a_database(instance: Path) -> None:
    file = instance / "forum.sqlite3"
    db.close()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 16])
    told = run_command(instance, "user", "create", "wren")
    assert (told.exit_code, told.output.count("\n")) == (1, 1), told.output
    assert "The database is damaged" in told.output


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE recipes (id INTEGER)",
        "CREATE TABLE alembic_version (version_num TEXT)",
    ],
)
def test_the_database_of_another_program(tmp_path: Path, made: str) -> None:
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute(made)
        if "alembic" in made:
            other.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
    assert "belongs to another program" in refusal(tmp_path, "migrate")
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        assert len(other.execute("SELECT name FROM sqlite_schema").fetchall()) == 1


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = migrations.newest()
    monkeypatch.setattr(migrations, "refuse_foreign", lambda _ours: None)
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute("CREATE TABLE posts (id INTEGER)")
    told = refusal(tmp_path, "migrate")
    assert f"could not be brought from schema none to {newest}: OperationalError at 0" in told
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        names = [name for (name,) in other.execute("SELECT name FROM sqlite_schema")]
    assert names == ["posts"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"host": "nowhere.invalid"}, "The host in FORUM_DATABASE_URL is not known."),
        ({"host": "127.0.0.1", "port": 9}, "PostgreSQL cannot be reached"),
        ({"database": "no_such"}, "PostgreSQL has no database of the name"),
        ({"username": "nobody_here"}, "refused the user or the password"),
    ],
)
def test_a_postgresql_that_cannot_be_used(
    tmp_path: Path, real_databases: Databases, change: dict[str, object], words: str
) -> None:
    url = create_engine(real_databases.postgresql()).url.set(drivername="postgresql")
    wrong = url.set(query={} if "host" in change else url.query, **change)  # type: ignore[arg-type]
    told = run_process(tmp_path, "migrate", FORUM_DATABASE_URL=wrong.render_as_string(False))
    assert told.returncode == 1
    assert words in told.stderr
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("answer", "option", "words"),
    [
        (b"N", "sslmode=require", "does not offer TLS"),
        (b"S", "sslmode=require", "TLS with PostgreSQL failed"),
        (b"S", "sslmode=verify-full&sslrootcert=/nowhere", "The root certificate"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "sslmode=prefer", "Another program than PostgreSQL"),
        (b"N", "sslmode=everything", "an option that PostgreSQL's client does not know"),
    ],
)
def test_a_server_that_cannot_be_talked_to(
    tmp_path: Path, answer: bytes, option: str, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_all, args=(server, answer), daemon=True).start()
        url = f"postgresql://a:b@127.0.0.1:{server.getsockname()[1]}/x?{option}"
        told = run_process(tmp_path, "migrate", FORUM_DATABASE_URL=url)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1), told.stderr
    assert words in told.stderr


def answer_all(server: socket.socket, answer: bytes) -> None:
    """Answer every connection with the same bytes, until the server is closed."""
    with suppress(OSError):
        while True:
            connection = server.accept()[0]
            connection.recv(100)
            connection.sendall(answer)
            connection.close()


def test_ready_means_that_it_can_be_written(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(readiness, "LOOK_EVERY_S", 0)
    client = create_app(from_environment({"FORUM_INSTANCE": str(instance)})).test_client()
    assert client.get("/readyz").status_code == 200
    db.close()
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA query_only=ON"))
    told = [client.get("/readyz") for _ in range(3)][-1]
    assert (told.status_code, told.get_json()["database"]) == (503, "not writable")
    printed = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in printed if line["event"] == "not_ready"]
    assert "cannot be written" in line["reason"] or "not written" in line["reason"]


@pytest.mark.parametrize(
    ("free", "word", "status"),
    [
        (readiness.LOW, "ok", 200),
        (readiness.LOW - 1, "low", 200),
        (readiness.FULL - 1, "full", 503),
    ],
)
def test_ready_means_that_there_is_room(
    instance: Path, monkeypatch: pytest.MonkeyPatch, free: int, word: str, status: int
) -> None:
    client = create_app(from_environment({"FORUM_INSTANCE": str(instance)})).test_client()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    told = client.get("/readyz")
    assert (told.status_code, told.get_json()["disk"]) == (status, word)
    assert str(instance) not in told.text


def test_another_writer_does_not_make_the_server_unready(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(from_environment({"FORUM_INSTANCE": str(instance)})).test_client()
    with held_elsewhere(instance / "forum.sqlite3"):
        told = client.get("/readyz")
    assert (told.status_code, told.get_json()["database"]) == (200, "busy")


@pytest.mark.parametrize(
    ("room", "workers", "asked", "words"),
    [
        (25, 2, 0, None),
        (25, 2, 15, None),
        (25, 2, 21, "Set at most 20"),
        (8, 4, 0, "too few for 4"),
        (1, 4, 0, "too few for 4"),
    ],
)
def test_pools_fit_what_postgresql_allows(
    real_databases: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
    workers: int,
    asked: int,
    words: str | None,
) -> None:
    url = real_databases.postgresql()
    settings = replace(from_environment({"FORUM_INSTANCE": str(tmp_path)}), database_url=url)
    db.bind(settings.database_url)
    with db.engine().connect() as connection:
        assert 20 < engines.connections_allowed(connection) < 100
    monkeypatch.setattr(engines, "connections_allowed", lambda _connection: room)
    given = replace(settings, workers=workers, database_connections=asked)
    if words:
        with pytest.raises(ClickException, match=words):
            checks.connections(given)
    else:
        assert checks.connections(given) == (asked or 20)
        fit = replace(given, database_connections=checks.connections(given))
        assert fit.connections_a_process * workers <= 20
