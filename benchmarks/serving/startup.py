"""How long a start takes until /readyz answers: the first one, with migrations, and the next."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.tools.bench import Bench
from benchmarks.tools.report import Figure
from benchmarks.tools.servers import Server, bare_server, fresh_forum


def measure(bench: Bench) -> Iterator[Figure]:
    """Yield the seconds of a cold start and of a second one, against a bare application's."""
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        fresh = fresh_forum(Path(folder), {"FORUM_DATABASE_URL": _empty(bench, Path(folder))})
        bare = bare_server(Path(folder))
        first, second, plain = _seconds(fresh), _seconds(fresh), _seconds(bare)
    yield Figure("cold start to ready", bench.kind, "s", first, plain)
    yield Figure("second start to ready", bench.kind, "s", second, plain)


def _seconds(server: Server) -> float:
    try:
        return server.start()
    finally:
        server.stop()


def _empty(bench: Bench, folder: Path) -> str:
    url = make_url(bench.corpus.database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{folder / 'empty.sqlite3'}"
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE fresh"))
    engine.dispose()
    return url.set(database="fresh").render_as_string(hide_password=False)
