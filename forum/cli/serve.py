"""`forum serve`: check everything that can be checked, migrate, and become the server."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from sqlalchemy import bindparam, text

from forum.core import db
from forum.demo.accounts import ACCOUNTS
from forum.server import checks
from forum.settings.environment import Settings, from_environment

# Python's many small objects in pages of 2 MB, and memory kept for the next request: with pages of
# 4 kB a request waits for memory half of its time. What a system does not know, it ignores.
LARGE_PAGES = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"
    ":glibc.malloc.tcache_count=2000:glibc.malloc.mmap_threshold=67108864"
    ":glibc.malloc.trim_threshold=268435456:glibc.malloc.top_pad=16777216",
}


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty forum with the demo community.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to use."
)
@click.option("--reload", is_flag=True, help="Restart when code, a page or a style changes.")
def serve(demo: bool, host: str, port: int, reload: bool) -> None:
    """Start the forum; Ctrl-C stops it.

    Updates the database first. FORUM_WORKERS sets the number of web processes.
    """
    settings = from_environment()
    checks.allow_files()
    checks.check_port(host, port)
    checks.check_written(settings)
    checks.check_mail(settings)
    checks.check_redis(settings)
    checks.check_alone(settings)
    checks.prepare_database(settings)
    if demo:
        _show_demo(settings)
    if fit := checks.connections(settings):
        os.environ["FORUM_DATABASE_CONNECTIONS"] = str(fit)
    db.engine().dispose()
    _become_server(settings, host, port, _reloading() if reload else [])


def _show_demo(settings: Settings) -> None:
    with db.engine().connect() as connection:
        someone = connection.scalar(text("SELECT 1 FROM accounts LIMIT 1"))
    if not someone:
        from forum import app
        from forum.demo import community as demo  # a second start need not load them

        click.echo("Writing the demo community. This takes a little while.")
        app.create_app(settings)
        demo.fill_if_empty()
        demo.say_what_figures_need()
    handles: Any = bindparam("handles", [one.handle for one in ACCOUNTS], expanding=True)
    known = text("SELECT handle FROM accounts WHERE handle IN :handles").bindparams(handles)
    with db.engine().connect() as connection:
        there = connection.scalars(known).all()
    for one in ACCOUNTS:
        if one.handle in there:
            click.echo(f"Demo account: {one.handle:12} password: {one.password:24} {one.what}")


def _reloading() -> list[str]:
    """Return what tells gunicorn to start its workers again when a file of ours changes."""
    from forum.core.web.templating import (
        assets,  # with Flask, which nobody should wait for otherwise
    )

    watched = (
        path
        for name in ("templates", "static")
        for path in sorted(assets.folder(name).rglob("*"))
        if path.is_file()
    )
    return [
        "--reload",
        "--reload-engine",
        "poll",
        *(f"--reload-extra-file={path}" for path in watched),
    ]


def _become_server(settings: Settings, host: str, port: int, more: list[str]) -> None:
    if settings.workers > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="forum-metrics-")
    os.environ.update(LARGE_PAGES | os.environ)  # what the operator has set stands
    conf = Path(checks.__file__).with_name("gunicorn_conf.py")
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sys.stdout.flush()
    os.execv(  # noqa: S606 - our own interpreter with our own arguments
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            str(conf),
            "-b",
            bind,
            "-w",
            str(settings.workers),
            *more,
            "forum.app:create_app()",
        ],
    )
