"""How `forum serve` runs gunicorn. Read by path, so nothing of ours is imported too early.

The worker replaces blocking calls by cooperative ones when it starts; what the parent process had
imported by then would keep the blocking ones. Therefore this file imports only the standard
library, as do the two classes that it names, and the application is loaded in the worker (no
`preload_app`).
"""

import gc
import os
import resource
import shutil
import signal
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

os.umask(0o077)  # what people have written is not for other users of this machine

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

CONNECTIONS = 10_000
FILES_BESIDE = 300  # the database, logs, pages
FEW_FILES = (
    "This system lets a process have {files} open files, which is enough for {connections} "
    "connections at the same time. Let it have {wanted} (ulimit -n, or LimitNOFILE in systemd)."
)
_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
_files = CONNECTIONS + FILES_BESIDE if _files == resource.RLIM_INFINITY else _files

worker_class = "forum.server.gunicorn_worker.SlowClientWorker"
logger_class = "forum.server.gunicorn_logs.JsonLines"
worker_connections = max(50, min(CONNECTIONS, _files - FILES_BESIDE))
timeout = 60
# How long open pages may take to let go at a stop; `post_fork` gives the workers less of it, so
# they have time to put away what they hold before they are ended.
graceful_timeout = 8
WORKERS_LET_GO_S = 2
# Open pages come back in the first seconds, and need few of all statements.
AFTER_THE_RUSH_S = 5.0
keepalive = 75
backlog = 2048
accesslog = None
loglevel = "warning"
control_socket_disable = True
# Whom to believe about the visitor's address and scheme is FORUM_PROXIES' business alone.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
proc_name = "common-thread"


def post_fork(_server: Any, worker: Any) -> None:
    """Load the forum without looking for garbage meanwhile; that would take a fifth of the time."""
    gc.disable()
    worker.cfg.set("graceful_timeout", WORKERS_LET_GO_S)  # in the worker's own copy


def post_worker_init(worker: Any) -> None:
    """Say where the forum is, once, as soon as it answers; and prepare what takes long at first."""
    from forum.core.background import periodic
    from forum.core.ops import logs

    logs.catch_strays()
    periodic.later(AFTER_THE_RUSH_S, "statements", _compile_statements)
    gc.collect()
    gc.freeze()  # what has been loaded stays; to look through it again and again takes time
    # A look through all that a thousand open pages hold takes a tenth of a second, and would come
    # every few seconds with the 700 new objects that Python lets be between two small looks.
    gc.set_threshold(10_000, 20, 20)
    gc.enable()
    if worker.age == 1:
        if worker_connections < CONNECTIONS:
            _tell_of_few_files()
        host, port = worker.cfg.address[0][:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"Common Thread is at http://{shown}:{port}", flush=True)  # noqa: T201


def _compile_statements() -> None:
    from forum.core.db import compiled_sql

    compiled_sql.compile_all()
    gc.freeze()


def worker_abort(_worker: Any) -> None:
    """Log where a worker was that has not answered for a minute, before it is ended."""
    import structlog

    from forum.core.ops import logs

    at = traceback.extract_stack()
    structlog.get_logger().critical("worker_stuck", frames=logs.steps(at))


def _tell_of_few_files() -> None:
    import structlog

    wanted = CONNECTIONS + FILES_BESIDE
    told = FEW_FILES.format(files=_files, connections=worker_connections, wanted=wanted)
    structlog.get_logger().warning("few_open_files", reason=told)


def worker_exit(_server: Any, _worker: Any) -> None:
    """Write what is waiting to be written, and let go of the database; runs in the worker."""
    from forum.core import db
    from forum.core.background import leader, periodic

    # Ctrl-C reaches the worker twice, by the terminal and by its parent; the second would end it
    # halfway, wherever it waits next.
    for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    with suppress(SystemExit):
        time.sleep(0.001)
    periodic.finish()
    leader.resign()
    db.close()


def child_exit(_server: Any, worker: Any) -> None:
    """Take what a worker that has ended counted as current out of the metrics."""
    folder = os.environ.get(METRICS_FOLDER)
    for file in Path(folder).glob(f"gauge_live*_{worker.pid}.db") if folder else ():
        file.unlink(missing_ok=True)


def on_exit(_server: Any) -> None:
    """Remove the metrics' folder, which `forum serve` made for this run alone."""
    folder = os.environ.get(METRICS_FOLDER)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
