"""What the operator can do something about ends with one sentence, whichever command it was."""

from collections.abc import Iterator
from pathlib import Path

import pysqlite3.dbapi2 as driver
import pytest

from forum.cli import main as cli
from forum.core import mail
from forum.core.db import sqlite
from tests.support.databases.real_databases import lay_out
from tests.support.servers.commands import refusal, run_command, run_process
from tests.support.servers.real_servers import free_port


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """Return the folder of a forum that has its tables."""
    lay_out(tmp_path)
    assert run_command(tmp_path, "migrate").exit_code == 0
    return tmp_path


@pytest.fixture
def busy(instance: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the same while another process writes for longer than anybody waits."""
    monkeypatch.setattr(sqlite, "WRITER_PATIENCE_S", 0.05)
    other = driver.connect(str(instance / "forum.sqlite3"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield instance
    other.close()


@pytest.mark.parametrize(
    "words", [("user", "create", "wren"), ("demo",), ("import", "lines.jsonl")]
)
def test_a_database_that_another_process_writes_to(busy: Path, words: tuple[str, ...]) -> None:
    lines = busy / "lines.jsonl"
    lines.write_text('{"type": "member", "handle": "wren"}')
    given = tuple(str(lines) if word == lines.name else word for word in words)
    assert "Another process is writing to the database." in refusal(busy, *given)


def test_a_full_disk(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA max_page_count=1"))
    lines = instance / "lines.jsonl"
    lines.write_text("\n".join(f'{{"type": "member", "handle": "wren{n}x"}}' for n in range(999)))
    assert "There is no room left" in refusal(instance, "import", str(lines))


def test_a_database_of_a_newer_version(instance: Path) -> None:
    with driver.connect(str(instance / "forum.sqlite3")) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "has the schema 9999, which this version" in refusal(instance, "migrate")


def test_another_driver_is_not_asked_for(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'forum.sqlite3'}"
    done = run_process(tmp_path, "migrate", FORUM_DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_while_figures_are_drawn(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_given: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(cli, "_forum", interrupted)
    told = run_command(instance, "user", "create", "wren")
    assert (told.exit_code, told.output.strip()) == (1, "Aborted!")


SENDERS = ["nonsense <", "a@b.org, c@d.org", "a b", "@", "undisclosed:;"]


@pytest.mark.parametrize("sender", SENDERS)
def test_a_sender_that_is_none(
    instance: Path, monkeypatch: pytest.MonkeyPatch, sender: str
) -> None:
    monkeypatch.setenv("FORUM_MAIL_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("FORUM_MAIL_FROM", sender)
    told = refusal(instance, "serve", "--port", str(free_port()))
    assert "FORUM_MAIL_FROM must be one address" in told


@pytest.mark.parametrize("sender", ["forum@localhost", "Förum <forum@example.org>", "f@x.org"])
def test_a_sender_that_is_one(sender: str) -> None:
    mail.check_sender(sender)


@pytest.mark.parametrize("host", ["a" * 80, "a..b", "", "nowhere.invalid"])
def test_a_host_that_is_none(instance: Path, host: str) -> None:
    told = refusal(instance, "serve", "--host", host, "--port", str(free_port()))
    assert "is not an address of this machine" in told


@pytest.mark.parametrize("name", ["FORUM_GUIDELINES", "FORUM_HELPLINES"])
def test_a_file_of_the_operator_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    file = folder / "own.toml"
    file.write_bytes(b"\xff")
    given = str(file if name == "FORUM_GUIDELINES" else folder)
    ended = run_process(tmp_path, "serve", "--port", str(free_port()), **{name: given})
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert "cannot be" in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORUM_REDIS_URL", "redis://127.0.0.1:1?speed=fast"),
        ("FORUM_SITE_NAME", "\u200b\u2800"),
        ("FORUM_HELPLINES", "."),
    ],
)
def test_a_setting_that_cannot_be_used(tmp_path: Path, name: str, value: str) -> None:
    ended = run_process(tmp_path, "serve", "--port", str(free_port()), **{name: value})
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
