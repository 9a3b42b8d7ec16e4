"""kill -9: what was acknowledged is kept, once, and the counters agree."""

import random
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pysqlite3.dbapi2 as sqlite
import pytest
import requests

from tests.support.servers.live_thread import OpsWorld, make_ops_world, reply
from tests.support.servers.real_servers import Server, running
from tests.support.suite.thoroughness import examples

WRITERS = 8
TIMES_A_FIRST_START = 3  # which migrates, but nobody writes meanwhile
RETRY_S = 0.2


class Writers:
    """People who post without pause, and note a post only when it was acknowledged."""

    def __init__(self, server: Server, room: OpsWorld) -> None:
        self.server, self.room = server, room
        self.noted: list[tuple[str, int]] = []
        self.refused: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(WRITERS)]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _write(self, who: int) -> None:
        while not self._over.is_set():
            key = uuid.uuid4().hex
            while not self._over.is_set() and not self._sent(who, key):
                # As a browser does: the same key again, a moment later.
                self._over.wait(RETRY_S)

    def _sent(self, who: int, key: str) -> bool:
        try:
            answer = reply(self.server, self.room, who, key=key, body=f"Words with {key}")
        except requests.RequestException:
            return False
        if answer.status_code == 201:
            self.noted.append((key, answer.json()["id"]))
        else:
            self.refused.append(f"{answer.status_code} {answer.text[:200]}")
        return True


def check(database: Path, room: OpsWorld, noted: list[tuple[str, int]]) -> None:
    """Raise AssertionError unless the database holds every noted post, once, and is sound."""
    with closing(sqlite.connect(str(database))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute(
            "SELECT idempotency_key, id, number, version FROM posts WHERE thread_id = ?",
            (room.thread_id,),
        ).fetchall()
        (counters,) = connection.execute(
            "SELECT version, last_number, post_count FROM threads WHERE id = ?", (room.thread_id,)
        ).fetchall()
    kept = {key: post_id for key, post_id, *_rest in rows}
    lost = [key for key, post_id in noted if kept.get(key) != post_id]
    assert not lost, f"{len(lost)} acknowledged posts are lost"
    assert max(Counter(key for key, *_rest in rows).values()) == 1
    numbers = sorted(row[2] for row in rows)
    assert numbers == list(range(1, len(rows) + 1))
    assert counters == (max(row[3] for row in rows), numbers[-1], len(rows))


def kill_often(folder: Path, cycles: int) -> None:
    """Kill a server this often while people write; then look at what is left."""
    chance = random.Random()
    starts = []
    with running({"FORUM_INSTANCE": str(folder), "FORUM_LOG_LEVEL": "warning"}) as server:
        usual, room = server.ready_s, make_ops_world(server, WRITERS)
        with Writers(server, room) as writers:
            for _cycle in range(cycles):
                threading.Event().wait(chance.uniform(0.05, 0.8))
                server.kill9()
                server.start()
                starts.append(server.ready_s)
        server.kill9()
    print(f"{cycles} kills, {len(writers.noted)} posts, ready again after {max(starts):.2f} s")
    assert writers.refused == []
    assert len(writers.noted) > cycles
    check(folder / "forum.sqlite3", room, writers.noted)
    # Other tests share the machine's two cores: one slow start in many may be theirs.
    assert median(starts) < TIMES_A_FIRST_START * usual


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """Return a folder where fsync waits for a disk, as in operation; `tmp_path` may be memory."""
    with TemporaryDirectory(prefix="forum-kill9-") as folder:
        yield Path(folder)


@pytest.mark.timeout(400)
def test_nothing_acknowledged_is_lost_however_often_it_is_killed(on_disk: Path) -> None:
    kill_often(on_disk, examples(20))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_in_200_kills(on_disk: Path) -> None:
    kill_often(on_disk, 200)
