"""The forum as `forum serve` runs it, and bare applications under the very same gunicorn."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import forum
from benchmarks.community.corpus import Corpus
from forum.cli.serve import LARGE_PAGES

FORUM = (sys.executable, "-c", "from forum.cli.main import main; main()", "serve", "--port")
CONF = Path(forum.__file__).with_name("server") / "gunicorn_conf.py"
READY_WITHIN_S = 60.0
CORES = sorted(os.sched_getaffinity(0))


@dataclass
class Server:
    """A serving process group on the first core; this process's clients use the last one."""

    command: list[str]
    environ: dict[str, str]
    port: int
    folder: Path
    ready_path: str = "/readyz"
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> float:
        """Start it; return the seconds until it was ready. Raises RuntimeError if it ends."""
        began = time.perf_counter()
        with (self.folder / f"output-{self.port}.txt").open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environ},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        os.sched_setaffinity(self.process.pid, CORES[:1])
        while not self._ready():
            waited = time.perf_counter() - began
            if self.process.poll() is not None or waited > READY_WITHIN_S:
                words = Path(output.name).read_text()[-2000:]
                raise RuntimeError(f"{' '.join(self.command)} did not start:\n{words}")
            time.sleep(0.01)
        return time.perf_counter() - began

    def stop(self) -> None:
        """End it and wait for that."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @property
    def worker(self) -> int:
        """The process id of gunicorn's only worker."""
        assert self.process is not None
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def resident_bytes(self) -> int:
        """How much memory the worker holds now."""
        status = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        kilobytes = next(line for line in status if line.startswith("VmRSS")).split()[1]
        return int(kilobytes) * 1024

    def _ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", self.ready_path)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def forum_server(folder: Path, corpus: Corpus) -> Server:
    """Return the forum on this corpus, not started; rate limits are off, nothing else is."""
    return fresh_forum(
        folder,
        {
            "FORUM_DATABASE_URL": corpus.database_url,
            "FORUM_SECRET_KEY": corpus.secret_key,
        },
    )


def fresh_forum(folder: Path, settings: Mapping[str, str]) -> Server:
    """Return a forum with these settings, not started."""
    port = free_port()
    environ = {"FORUM_INSTANCE": str(folder), "FORUM_RATE_LIMITS": "off", **settings}
    return Server([*FORUM, str(port)], environ, port, folder)


def bare_server(folder: Path) -> Server:
    """Return the bare applications of `benchmarks.baselines.bare_pages`, not started."""
    port = free_port()
    return Server(
        _gunicorn(port, "benchmarks.baselines.bare_pages:app"),
        LARGE_PAGES,
        port,
        folder,
        ready_path="/bytes/1",
    )


def rows_server(folder: Path, database_url: str) -> Server:
    """Return the bare application that commits a row for each request, not started."""
    port, environ = free_port(), LARGE_PAGES | {"BARE_ROWS": database_url}
    app = _gunicorn(port, "benchmarks.baselines.bare_rows:app")
    return Server(app, environ, port, folder, ready_path="/ready")


def apart_server(folder: Path, corpus: Corpus) -> Server:
    """Return the forum without its studies, on this corpus, not started."""
    whole = forum_server(folder, corpus)
    return replace(
        whole,
        command=_gunicorn(whole.port, "benchmarks.baselines.without_studies:app"),
        environ=whole.environ | LARGE_PAGES,
    )


def _gunicorn(port: int, app: str) -> list[str]:
    gunicorn = ["gunicorn", "-c", str(CONF), "-w", "1", "-b", f"127.0.0.1:{port}"]
    return [sys.executable, "-m", *gunicorn, app]


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Start these servers, and stop them afterwards."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
