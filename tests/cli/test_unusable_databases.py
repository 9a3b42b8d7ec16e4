"""Databases that cannot hold a forum, or hold a part of one: one sentence says so."""

from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as driver
import pytest
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy.engine import make_url

from forum import migrations
from forum.app import create_app
from forum.core.ops import readiness
from forum.settings.environment import from_environment
from tests.support.databases.real_databases import Databases
from tests.support.servers.commands import refusal, run_command, run_process

LACKS = "lacks tables of the forum"
NO_ROOM = "has no room for all scripts"


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "EUC_JP"])
def test_a_postgresql_that_has_no_room_for_all_scripts(
    tmp_path: Path, real_databases: Databases, encoding: str
) -> None:
    url = make_url(real_databases.postgresql())
    name = f"in_{encoding.lower()}"
    with psycopg.connect(url.render_as_string(False), autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))
        make = SQL("CREATE DATABASE {} ENCODING {} LOCALE 'C' TEMPLATE template0")
        connection.execute(make.format(Identifier(name), Literal(encoding)))
    address = url.set(database=name).render_as_string(False)
    told = run_process(tmp_path, "migrate", FORUM_DATABASE_URL=address)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1), told.stderr
    assert f"keeps text as {encoding}, which {NO_ROOM}" in told.stderr


def test_words_reach_postgresql_whatever_is_said_of_encodings(
    tmp_path: Path, real_databases: Databases
) -> None:
    url = real_databases.postgresql()
    done = run_process(
        tmp_path, "user", "create", "हिन्दी", FORUM_DATABASE_URL=url, PGCLIENTENCODING="LATIN1"
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", ["text", "int"])
def test_another_program_that_numbers_as_we_do(tmp_path: Path, kind: str) -> None:
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute("CREATE TABLE recipes (id INTEGER)")
        other.execute(f"CREATE TABLE alembic_version (version_num {kind})")
        other.execute("INSERT INTO alembic_version VALUES (?)", [migrations.newest()])
    told = refusal(tmp_path, "migrate")
    assert (LACKS if kind == "text" else "which this version of the forum does not know") in told


def test_another_program_that_keeps_its_version_otherwise(tmp_path: Path) -> None:
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute("CREATE TABLE alembic_version (name TEXT, at TEXT)")
        other.execute("INSERT INTO alembic_version VALUES ('walnut', 'noon')")
    assert migrations.FOREIGN in refusal(tmp_path, "migrate")


@pytest.mark.parametrize("lost", ["notifications", "login_sessions"])
def test_a_database_of_which_a_part_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setattr(readiness, "_said", {})
    assert run_command(tmp_path, "migrate").exit_code == 0
    client = create_app(from_environment({"FORUM_INSTANCE": str(tmp_path)})).test_client()
    with driver.connect(str(tmp_path / "forum.sqlite3")) as other:
        other.execute(f"DROP TABLE {lost}")
    told = client.get("/readyz")
    assert (told.status_code, told.get_json()["database"]) == (503, "incomplete")
