"""SQLite's write-ahead log: empty after a clean stop, and whenever that is asked for."""

import os
import shutil
import signal
from pathlib import Path

import pysqlite3.dbapi2 as driver
import pytest
import socketio
from flask import Flask
from sqlalchemy import text

from forum.core import db
from tests.support import factories
from tests.support.servers import clients
from tests.support.servers.real_servers import Server


def accounts(file: Path) -> list[str]:
    """Return the handles in this file alone."""
    connection = driver.connect(f"file:{file}?immutable=1", uri=True)
    try:
        return [handle for (handle,) in connection.execute("SELECT handle FROM accounts")]
    finally:
        connection.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_after_a_clean_stop_the_file_alone_holds_everything(
    server: Server, tmp_path: Path, how: signal.Signals
) -> None:
    db.bind(server.database_url)
    wren = factories.person("wren")
    person = clients.at_address(server, wren)
    db.close()
    file = server.instance / "forum.sqlite3"
    assert person.get(server.url).status_code == 200
    assert file.with_name("forum.sqlite3-wal").exists()
    with socketio.SimpleClient(reconnection=False) as browser:
        browser.connect(server.url, transports=["websocket"])
        assert server.process is not None
        os.kill(server.process.pid, how)
        assert server.process.wait(15) == 0
    copied = tmp_path / "copied.sqlite3"
    shutil.copy(file, copied)
    assert accounts(copied) == ["wren"]
    wal = file.with_name("forum.sqlite3-wal")
    assert not wal.exists() or wal.stat().st_size == 0


def test_the_log_is_emptied_when_asked(app: Flask) -> None:
    wren = factories.person("wren")
    with db.transaction() as session:
        session.execute(text("UPDATE accounts SET handle = 'robin'"))
    assert db.current_session().scalar(text("SELECT handle FROM accounts")) == "robin"
    assert db.truncate_log()
    if db.engine().dialect.name == "sqlite":
        file = Path(str(db.engine().url.database))
        assert file.with_name(f"{file.name}-wal").stat().st_size == 0
        assert accounts(file) == ["robin"]
    assert wren.id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_not_emptied_under_a_reader_and_that_is_said(app: Flask) -> None:
    factories.person("wren")
    reader = driver.connect(str(db.engine().url.database), isolation_level=None)
    try:
        reader.execute("BEGIN")
        assert reader.execute("SELECT handle FROM accounts").fetchall() == [("wren",)]
        with db.transaction() as session:
            session.execute(text("UPDATE accounts SET handle = 'robin'"))
        assert not db.truncate_log(0.2)
        assert reader.execute("SELECT handle FROM accounts").fetchall() == [("wren",)]
        reader.execute("COMMIT")
        assert db.truncate_log()
    finally:
        reader.close()
