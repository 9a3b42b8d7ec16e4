"""How `forum serve` runs gunicorn. Read by path, so that nothing of ours is imported too early.

The worker replaces blocking calls by cooperative ones when it starts; what the parent process had
imported by then would keep the blocking ones. Therefore this file imports only the standard
library, and the application is loaded in the worker (no `preload_app`).
"""

import gc
import os
import shutil
from pathlib import Path
from typing import Any

os.umask(0o077)  # what people have written is not for other users of this machine

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

worker_class = "gevent"
worker_connections = 10_000
timeout = 60
# How long open pages may take to let go at a stop; `post_fork` gives the workers less of it, so
# that they have time to put away what they hold before they are ended.
graceful_timeout = 8
WORKERS_LET_GO_S = 2
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
    """Say where the forum is, once, as soon as it answers."""
    from forum.core import logs

    logs.catch_strays()
    gc.collect()
    gc.freeze()  # what has been loaded stays; to look through it again and again takes time
    gc.enable()
    if worker.age == 1:
        host, port = worker.cfg.address[0][:2]
        shown = f"[{host}]" if ":" in host else host
        print(f"Common Thread is at http://{shown}:{port}", flush=True)  # noqa: T201


def worker_exit(_server: Any, _worker: Any) -> None:
    """Write what is waiting to be written, and let go of the database; runs in the worker."""
    from forum.core import background, db

    background.finish()
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
