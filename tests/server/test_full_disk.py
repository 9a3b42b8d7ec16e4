"""A disk that is full, and has room again: no acknowledged post is lost, and the log says why."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
import requests

from forum.core.ops.readiness import LOOK_EVERY_S
from tests.support.servers.live_thread import make_ops_world, reply
from tests.support.servers.real_servers import Server, running

LONG = "quiet words " * 1_500
ROOM_LEFT = 2_000_000  # bytes
Resize = Callable[[int], None]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Resize]]:
    """Return the folder of a disk of its own, and how to give it another size."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root may mount a disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("nothing can be mounted here")

    def resize(size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)

    try:
        yield folder, resize
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def readiness_after_a_new_look(server: Server) -> requests.Response:
    """Return what `/readyz` says after it has checked again: it repeats its answer for a second."""
    ends = time.monotonic() + 3 * LOOK_EVERY_S
    found = requests.get(f"{server.url}/readyz", timeout=10)
    while found.status_code == 200 and time.monotonic() < ends:
        found = requests.get(f"{server.url}/readyz", timeout=10)
    return found


@pytest.mark.timeout(300)
def test_nothing_is_lost_on_a_full_disk_and_room_is_enough_to_go_on(
    disk: tuple[Path, Resize],
) -> None:
    folder, resize = disk
    with running({"FORUM_INSTANCE": str(folder)}) as server:
        room = make_ops_world(server, 1)
        page = f"{server.url}/threads/{room.thread_id}"
        resize(shutil.disk_usage(folder).used + ROOM_LEFT)
        kept, refused = ["first"], requests.Response()
        for turn in range(300):
            refused = reply(server, room, 0, key=f"key{turn}", body=f"{turn} {LONG}")
            if refused.status_code != 201:
                break
            kept.append(f"key{turn}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
        assert room.connections[0].get(page, timeout=10).status_code == 200
        unready = readiness_after_a_new_look(server)
        assert (unready.status_code, unready.json()["disk"]) == (503, "full")
        resize(100_000_000)
        again = reply(server, room, 0, key=f"key{len(kept) - 1}", body="There is room again")
        assert again.status_code == 201
        kept.append(f"key{len(kept) - 1}")
    with closing(sqlite.connect(str(folder / "forum.sqlite3"))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = connection.execute("SELECT idempotency_key FROM posts ORDER BY id").fetchall()
    assert [key or "first" for (key,) in found] == kept
