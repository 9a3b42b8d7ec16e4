"""`forum serve` as the operator meets it."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import click
import pytest
import socketio

from forum.cli import main as cli
from forum.core.web.templating import assets
from forum.demo.accounts import ACCOUNTS
from tests.support.databases.real_databases import lay_out
from tests.support.servers.commands import run_command, run_process
from tests.support.servers.real_servers import Server, free_port, running


def leases_over(server: Server) -> list[bool]:
    """Return of each lease in a server's database whether it is over."""
    with closing(sqlite3.connect(server.instance / "forum.sqlite3")) as connection:
        over = "SELECT until <= strftime('%Y-%m-%d %H:%M:%f', 'now') FROM leases"
        return [bool(is_over) for (is_over,) in connection.execute(over)]


def test_a_demo_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    lay_out(tmp_path)
    one = ACCOUNTS[0]
    made = run_command(tmp_path, "user", "create", one.handle)
    assert made.exit_code == 0, made.output
    with running({"FORUM_INSTANCE": str(tmp_path)}, arguments=("--demo",)) as server:
        said = server.output.read_text()
    assert one.password in said
    assert not [other for other in ACCOUNTS[1:] if other.password in said]


def test_it_says_where_it_is_and_stops_at_once(server: Server) -> None:
    assert f"Common Thread is at {server.url}" in server.output.read_text()
    with socketio.SimpleClient(reconnection=False) as browser:
        browser.connect(server.url, transports=["websocket"])
        assert browser.call("nonsense", {})["error"]["code"] == "unknown_event"
        until = time.monotonic() + 30
        while not leases_over(server):  # when its periodic work begins
            assert time.monotonic() < until, server.output.read_text()
            time.sleep(0.05)
        assert server.stop() < 3.0
    assert server.process is not None
    assert server.process.returncode == 0
    assert leases_over(server) == [True]  # so another need not wait for its end


def test_it_starts_again_when_a_page_is_saved(tmp_path: Path) -> None:
    with running({"FORUM_INSTANCE": str(tmp_path)}, arguments=("--reload",)) as server:
        first, until = server.worker, time.monotonic() + 30
        os.utime(assets.folder("templates") / "core" / "error.html")
        while Path(f"/proc/{first}").exists() or not server.is_ready():
            assert time.monotonic() < until, server.output.read_text()
            time.sleep(0.05)
        assert server.worker != first
        assert "suits work on it" in server.output.read_text()


def has_large_pages(server: Server) -> bool:
    """Whether the memory of a server's first process comes in pages of 2 MB."""
    assert server.process is not None
    heap = Path(f"/proc/{server.process.pid}/smaps").read_text().split("[heap]")[1]
    return "hg" in heap.split("VmFlags:")[1].split("\n")[0].split()


def test_memory_comes_in_large_pages(shared_server: Server) -> None:
    there = Path("/sys/kernel/mm/transparent_hugepage").exists()
    assert has_large_pages(shared_server) is there


def test_the_operator_can_say_otherwise_of_large_pages(tmp_path: Path) -> None:
    small = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}
    with running({"FORUM_INSTANCE": str(tmp_path), **small}) as server:
        assert not has_large_pages(server)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"FORUM_INSTANCE": "/dev/null/here"}, "The folder /dev/null/here cannot be made"),
        ({"FORUM_WORKERS": "many"}, "FORUM_WORKERS must be a number from 1 to 64."),
        ({"FORUM_PROT": "80"}, "FORUM_PROT is not a setting"),
        ({"FORUM_DATABASE_URL": "sqlite:////dev/null/x"}, "/dev/null/x cannot be opened"),
        ({"FORUM_DATABASE_URL": "postgresql://a:pw@127.0.0.1:9/x"}, "cannot be reached"),
        ({"FORUM_REDIS_URL": "redis://127.0.0.1:9"}, "Redis does not answer"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    tmp_path: Path, environ: dict[str, str], words: str
) -> None:
    ended = run_process(tmp_path, "serve", "--port", str(free_port()), **environ)
    assert ended.returncode == 1
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "pw" not in ended.stderr


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, shared_server: Server) -> None:
    ended = run_process(tmp_path, "serve", "--port", str(shared_server.port))
    words = f"Error: Port {shared_server.port} is already taken. "
    words += "Choose another with --port, or with make run PORT=….\n"
    assert (ended.returncode, ended.stderr) == (1, words)


def test_misuse_ends_with_2(tmp_path: Path) -> None:
    assert run_process(tmp_path, "serve", "--port", "x").returncode == 2
    assert run_process(tmp_path, "nonsense").returncode == 2


def test_every_command_explains_itself() -> None:
    context = click.Context(cli.forum)
    for name in cli.forum.list_commands(context):
        command = cli.forum.get_command(context, name)
        assert command
        assert command.help
        for each in getattr(command, "commands", {}).values():
            assert each.help


def test_people_and_groups_from_the_command_line(tmp_path: Path) -> None:
    made = run_process(tmp_path, "user", "create", "wren")
    assert made.returncode == 0, made.stderr
    assert "Password: " in made.stdout
    again = run_process(tmp_path, "user", "create", "wren")
    assert again.returncode == 1
    assert again.stderr.startswith("Error: ")
    for arguments in (
        ("group", "create", "night-owls", "Night owls", "--topic", "Sleep"),
        ("group", "role", "night-owls", "wren", "facilitator"),
        ("user", "suspend", "wren", "--days", "3", "--because", "A pause."),
        ("user", "restore", "wren"),
        ("user", "codes", "wren"),
        ("migrate",),
    ):
        done = run_command(tmp_path / "instance", *arguments)
        assert done.exit_code == 0, done.output
    assert run_command(tmp_path / "instance", "user", "restore", "nobody").exit_code == 1


def test_plain_gunicorn_runs_it_too(tmp_path: Path) -> None:
    assert run_process(tmp_path, "migrate").returncode == 0
    port = free_port()
    arguments = ["-k", "gevent", "-b", f"127.0.0.1:{port}", "--graceful-timeout", "1", "wsgi:app"]
    root = Path(cli.__file__).parents[2]
    with (tmp_path / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--pythonpath", str(root), *arguments],
            cwd=tmp_path,
            stdout=output,
            stderr=output,
        )
    try:
        made = Server(tmp_path, {}, port, process)
        ends = time.monotonic() + 30
        while not made.is_ready():
            assert time.monotonic() < ends, (tmp_path / "output.txt").read_text()
            time.sleep(0.05)
        with socketio.SimpleClient(reconnection=False) as browser:
            browser.connect(made.url, transports=["websocket"])
            assert browser.call("nonsense", {})["ok"] is False
    finally:
        process.terminate()
        process.wait(20)


def test_make_run_takes_a_port() -> None:
    for words, port in (([], 8000), (["PORT=8001"], 8001)):
        told = subprocess.run(
            ["make", "-n", "run", *words],
            cwd=Path(__file__).parents[2],
            env={key: value for key, value in os.environ.items() if key != "PORT"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"forum serve --demo --port {port}\n" in told.stdout
