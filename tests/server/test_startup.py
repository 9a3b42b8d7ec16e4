"""What a start loads, and that it loads no more: every second of it is waited for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core.db import compiled_sql
from forum.core.web.templating import assets
from tests.support import factories as make

# Large, and needed by one command, one page or one kind of database alone.
LATER = (
    "duckdb",
    "matplotlib",
    "numpy",
    "polars",
    "pyarrow",
    "pyreadstat",
    "icalendar",
    "psycopg",
    "zxcvbn",
    "alembic",
)


# What a worker prepares: at once here, and some seconds after its start where gevent serves.
PREPARED_BY = {
    "forum serve": """
from forum.server import gunicorn_conf
from forum.app import create_app
from types import SimpleNamespace
create_app()
gunicorn_conf.post_worker_init(SimpleNamespace(age=2))""",
    "any WSGI server": f"""
import sys
sys.path.insert(0, {str(assets.folder("templates").parent)!r})
import wsgi""",
}


def told(folder: Path, words: str) -> list[str]:
    """Return the words that a process of its own prints for these words of Python."""
    done = subprocess.run(
        [sys.executable, "-c", words],
        env={**os.environ, "FORUM_INSTANCE": str(folder)},
        cwd=folder,
        text=True,
        capture_output=True,
        check=True,
    )
    return done.stdout.split()


def loaded(folder: Path, words: str) -> set[str]:
    """Return what a process of its own has loaded after these words of Python."""
    return set(told(folder, f"{words}\nimport sys; print(*sys.modules)"))


def test_the_server_loads_nothing_that_pages_can_do_without(tmp_path: Path) -> None:
    there = loaded(tmp_path, "from forum.app import create_app; create_app()")
    assert {"flask", "forum.threads.views"} <= there
    assert not there & set(LATER)


def test_what_comes_before_the_server_does_not_load_the_forum(tmp_path: Path) -> None:
    there = loaded(tmp_path, "from forum.cli import serve")
    assert "sqlalchemy" in there
    assert not there & {*LATER, "flask", "forum.app", "forum.demo.community"}


@pytest.mark.parametrize("way", PREPARED_BY)
def test_statements_are_compiled_though_nobody_has_asked_for_them(tmp_path: Path, way: str) -> None:
    loaded = "from forum.core.db.compiled_sql import STATEMENTS"
    count = f"{loaded}; print(len(STATEMENTS), sum(one.compiled for one in STATEMENTS))"
    there, compiled = told(tmp_path, f"{PREPARED_BY[way]}\n{count}")
    assert 0 < int(there) <= 13, "more than thirteen: see docs/decisions/0005-direct-questions.md"
    assert compiled == there


def test_no_page_of_a_member_compiles_a_statement_later(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make.group()
    member = make.join(make.log_in(client, make.person()), group)
    thread = make.thread(make.join(make.person(), group), group).thread_id
    make.post(member, thread)
    for one in compiled_sql.STATEMENTS:
        monkeypatch.setattr(one, "_ready", {})
    compiled_sql.compile_all()
    monkeypatch.setattr(compiled_sql.CompiledStatement, "compile", None)
    for page in (
        "/",
        "/groups",
        "/notifications",
        "/notifications?page=99",
        f"/threads/{thread}",
        "/bookmarks",
    ):
        assert client.get(page).status_code == 200
