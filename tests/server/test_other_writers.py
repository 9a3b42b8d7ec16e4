"""Another process writes to the same SQLite file: everybody waits a little, and nobody stops."""

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from forum.app import create_app
from forum.core import db
from forum.core.db import sqlite
from forum.server import checks
from forum.settings.environment import from_environment
from tests.support import factories
from tests.support.databases.other_writer import held_elsewhere
from tests.support.servers import clients
from tests.support.servers.commands import run_command
from tests.support.servers.real_servers import COMMAND, Server, free_port
from tests.support.worlds.group_world import OPEN, post, world


@pytest.fixture
def reply_url(shared_server: Server) -> Iterator[tuple[str, requests.Session]]:
    """Return where to reply, and a person who may."""
    db.bind(shared_server.database_url)
    group = factories.group()
    wren = factories.join(factories.person(), group)
    place = factories.thread(wren, group)
    person = clients.at_address(shared_server, wren)
    db.close()
    yield f"{shared_server.url}/threads/{place.thread_id}/replies", person
    person.close()


def test_only_replies_wait_for_another_writer(
    shared_server: Server, reply_url: tuple[str, requests.Session]
) -> None:
    url, person = reply_url
    with (
        held_elsewhere(shared_server.instance / "forum.sqlite3") as release,
        ThreadPoolExecutor(3) as pool,
    ):
        replies = [pool.submit(person.post, url, data={"body": f"Reply {n}"}) for n in range(3)]
        for _ in range(60):
            assert requests.get(f"{shared_server.url}/healthz", timeout=5).ok
            assert person.get(url.removesuffix("/replies"), timeout=5).ok
        assert not any(reply.done() for reply in replies)
        release()
        assert [reply.result(30).status_code for reply in replies] == [201] * 3


def test_a_reply_that_waits_too_long_is_refused_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_command(tmp_path, "migrate").exit_code == 0
    app = create_app(from_environment({"FORUM_INSTANCE": str(tmp_path)}))
    made = world(app)
    thread = factories.thread(made.who("member"), made.groups[OPEN]).thread_id
    browser = made.browser("member")
    monkeypatch.setattr(sqlite, "WRITER_PATIENCE_S", 0.05)
    path = f"/threads/{thread}/replies"
    with held_elsewhere(tmp_path / "forum.sqlite3"):
        page = post(browser, path, as_json=False, body="Every <word>")
        told = post(browser, path, as_json=True, body="Every word")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "Every &lt;word&gt;" in page.text
    assert (told.status_code, told.get_json()["error"]["code"]) == (503, "busy")
    assert post(browser, path, as_json=True, body="Every word").status_code == 201


def test_replies_during_an_import_take_turns_with_it(
    shared_server: Server, reply_url: tuple[str, requests.Session], tmp_path: Path
) -> None:
    url, person = reply_url
    name = f"b{secrets.token_hex(4)}"
    lines = [{"type": "member", "handle": name}]
    lines.append({"type": "group", "slug": name, "name": "Brought"})
    lines.append({"type": "membership", "group": name, "handle": name})
    lines.extend(
        {
            "type": "thread",
            "group": name,
            "author": name,
            "ref": f"{name}:{n}",
            "title": f"Thread {n}",
            "body": "Some *words*. " * 50,
        }
        for n in range(150)
    )
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    importing = subprocess.Popen(
        [*COMMAND, "import", str(file)],
        env={**os.environ, "FORUM_INSTANCE": str(shared_server.instance)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    beside = 0
    while importing.poll() is None:
        answer = person.post(url, data={"body": f"Reply {beside}"}, timeout=60)
        assert answer.status_code == 201
        beside += importing.poll() is None
        assert requests.get(f"{shared_server.url}/healthz", timeout=5).ok
    told, _ = importing.communicate()
    assert "150 threads" in told
    assert beside > 3


@pytest.mark.parametrize("content", [b"\x1f\x8b\x08\0\0\0\0\0", b"SQLite format 3\0" * 9])
def test_a_file_that_is_no_text_is_not_imported(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_bytes(content)
    told = run_command(tmp_path, "import", str(file))
    assert (told.exit_code, told.output.count("\n")) == (1, 1)
    assert "This file is not text." in told.output


def test_a_second_server_on_one_file_is_refused(
    shared_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PATIENCE_S", 0.1)
    words = "Another forum server is using this database already."
    told = run_command(shared_server.instance, "serve", "--port", str(free_port()))
    assert (told.exit_code, told.output.count("\n")) == (1, 1)
    assert words in told.output
    assert run_command(shared_server.instance, "migrate").exit_code == 0
