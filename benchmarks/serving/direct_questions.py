"""What `core/db/compiled_sql` saves.

Run `python -m benchmarks.serving.direct_questions [KIND [ACT ...]]`.

Every page or act is asked for many times, in turns with one statement put to the driver directly
and through SQLAlchemy; the processor time of this thread is compared. So is `light_savepoint`
with an ordinary savepoint.
"""

import gc
import io
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks.community import corpus, databases, visitors
from benchmarks.community.visitors import Member, Place
from benchmarks.research import recording
from benchmarks.serving import room
from benchmarks.tools.bench import Bench
from benchmarks.tools.load import form
from forum.app import create_app
from forum.core import db
from forum.core.db import compiled_sql
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.realtime.socket_events import socketio
from forum.research.recording import event_recording
from forum.settings.environment import from_environment
from forum.threads.models import Post

TURNS = 240
Act = Callable[[], object]


def main() -> None:
    """Measure on a made community in SQLite, or the kind of database that is named."""
    kind, only = (sys.argv[1:] or ["sqlite"])[0], sys.argv[2:]
    with (
        tempfile.TemporaryDirectory() as name,
        databases.community(kind, Path(name), None) as made,
    ):
        bench = Bench(kind, Path(name), made, visitors.log_in(made, Path(name)), quick=True)
        recording.let_all_take_part(bench)
        gc.disable()
        for act, once in _browser(bench).acts():
            if not only or act in only:
                _measure(act, once)


def _browser(bench: Bench) -> "Browser":
    people = max(bench.visitors.members.values(), key=len)
    group_id = next(key for key, each in bench.visitors.members.items() if each is people)
    meeting_id = room.open_room(bench, group_id, people[0])
    settings = from_environment(
        {
            "FORUM_INSTANCE": str(bench.folder),
            "FORUM_LOG_LEVEL": "error",
            "FORUM_RATE_LIMITS": "off",
        }
    )
    made = bench.corpus
    app = create_app(replace(settings, database_url=made.database_url, secret_key=made.secret_key))
    compiled_sql.compile_all()
    mine = (each for each in bench.visitors.places if each.group_id == group_id)
    return Browser(
        app, people[1], people[2], next(each for each in mine if each.length >= 40), meeting_id
    )


@dataclass
class Browser:
    """One member's requests, straight into the application."""

    app: Flask
    member: Member
    follower: Member
    place: Place
    meeting_id: int
    chance: random.Random = field(default_factory=lambda: random.Random(corpus.SEED))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def acts(self) -> Iterator[tuple[str, Act]]:
        """Yield each page or act, by name."""
        for name, path in self._pages().items():
            yield name, partial(self.get, path)
        self.post(f"/meetings/{self.meeting_id}/enter")
        say, reply = (
            f"/meetings/{self.meeting_id}/messages",
            f"/threads/{self.place.thread_id}/replies",
        )
        for _ in range(60):
            self.write(say)
        yield "page of a room", lambda: self.get(f"/meetings/{self.meeting_id}/room")
        yield "message in a room", lambda: self.write(say)
        other = replace(self, member=self.follower)
        other.write(reply)
        yield "reply", lambda: self.write(reply)
        self.write(reply)
        yield "something unread", partial(other.get, f"/threads/{self.place.thread_id}?page=2")
        client = socketio.test_client(self.app, headers={"Cookie": self.member.cookie})
        thread = {"thread_id": self.place.thread_id, "after": 50}
        yield "joining a thread", lambda: client.emit("thread:join", thread, callback=True)
        meeting = {"meeting_id": self.meeting_id, "after": 30}
        yield "joining a room", lambda: client.emit("meeting:join", meeting, callback=True)

    def _pages(self) -> dict[str, str]:
        first = select(Post.id).where(Post.thread_id == self.place.thread_id).limit(1)
        return {
            "page of a thread": f"/threads/{self.place.thread_id}?page=2",
            "page of a group": f"/groups/{self.place.slug}",
            "first page": "/",
            "notifications": "/notifications",
            "bookmarks": "/bookmarks",
            "address of a post": f"/posts/{db.current_session().scalar(first)}",
        }

    def write(self, path: str) -> None:
        """Say something that nobody has said before."""
        body = corpus.body(self.chance)[:900]
        self.post(path, body=body, idempotency_key=f"k{next(self.numbers)}")

    def get(self, path: str) -> None:
        """Ask for a page."""
        path, _, query = path.partition("?")
        self._ask({"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query})

    def post(self, path: str, **fields: str) -> None:
        """Send a form, as a script does."""
        body = form(**fields)
        self._ask(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": path,
                "HTTP_ACCEPT": "application/json",
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
                "HTTP_X_CSRFTOKEN": self.member.csrf,
            }
        )

    def _ask(self, request: dict[str, Any]) -> None:
        environ = {
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "HTTP_COOKIE": self.member.cookie,
            **request,
        }
        with self.app.request_context(environ):
            answer = self.app.full_dispatch_request()
        if answer.status_code >= 400:
            raise RuntimeError(f"{request['PATH_INFO']}: {answer.get_data(as_text=True)[:300]}")
        answer.close()


def _measure(act: str, once: Act) -> None:
    for _ in range(20):
        once()
    print(f"{act}: {median(_time(once) for _ in range(TURNS)) / 1_000_000:.2f} ms", flush=True)
    for each, times in _used_by(once).items():
        saved = _saved(partial(_through_sqlalchemy, each), once)
        print(f"  {saved:6.1%}  {times:.0f} x {_name_of(each)}", flush=True)
    if act == "reply":
        print(f"  {_saved(_ordinary_savepoints, once):6.1%}  light_savepoint", flush=True)


def _used_by(once: Act) -> dict[CompiledStatement, float]:
    used: dict[CompiledStatement, float] = {}
    execute = CompiledStatement._execute  # noqa: SLF001 - it is what is measured

    def noted(self: CompiledStatement, *args: Any) -> Any:
        used[self] = used.get(self, 0) + 0.1
        return execute(self, *args)

    CompiledStatement._execute = noted  # type: ignore[method-assign, assignment]  # noqa: SLF001
    try:
        for _ in range(10):
            once()
    finally:
        CompiledStatement._execute = execute  # type: ignore[method-assign]  # noqa: SLF001
    return used


def _saved(otherwise: Callable[[], Any], once: Act) -> float:
    """Return which part of the time that it takes otherwise is saved."""
    ours, others = [], []
    for _ in range(TURNS):
        ours.append(_time(once))
        with otherwise():
            others.append(_time(once))
    return 1 - median(ours) / median(others)


@contextmanager
def _through_sqlalchemy(each: Any) -> Iterator[None]:
    statement = _STATEMENTS.setdefault(each, each.statement)

    def execute(**values: Any) -> Any:
        return db.current_connection().execute(statement, values)

    each.run = execute
    each.all = lambda **values: execute(**values).all()
    each.first = lambda **values: execute(**values).first()
    try:
        yield
    finally:
        del each.run, each.all, each.first


_STATEMENTS: dict[CompiledStatement, Any] = {}


@contextmanager
def _ordinary_savepoints() -> Iterator[None]:
    recording: Any = event_recording
    light, recording.light_savepoint = recording.light_savepoint, db.savepoint
    try:
        yield
    finally:
        recording.light_savepoint = light


def _time(once: Act) -> int:
    began = time.thread_time_ns()
    once()
    return time.thread_time_ns() - began


def _name_of(each: CompiledStatement) -> str:
    modules = [(name, vars(one)) for name, one in sys.modules.items() if name.startswith("forum.")]
    return next(f"{name}.{key}" for name, has in modules for key, one in has.items() if one is each)


if __name__ == "__main__":
    main()
