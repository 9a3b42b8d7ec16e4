"""`forum search`: an index that agrees with the forum, one that does not, and one made anew."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from forum.core.db import current_session, transaction
from forum.search import indexing
from forum.search.models import SearchEntry
from forum.settings.environment import Settings
from tests.support import factories as make
from tests.support.servers.commands import run_command


@pytest.fixture
def instance(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a forum with a thread and a reply, both in the index."""
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group, title="Lantern").thread_id
    make.post(wren, thread, body="A light in the window")
    indexing.catch_up()
    monkeypatch.setenv("FORUM_DATABASE_URL", settings.database_url)
    return settings.instance


def entries() -> int:
    """Return how many posts and titles are in the index."""
    return current_session().query(SearchEntry).count()


def test_an_index_that_agrees_is_said_to(instance: Path) -> None:
    told = run_command(instance, "search", "check")
    assert told.exit_code == 0, told.output
    assert told.output == "The index agrees with the forum.\n"


def test_what_is_wrong_is_listed_and_a_new_index_is_right(instance: Path) -> None:
    with transaction() as session:
        session.execute(delete(SearchEntry).where(SearchEntry.kind == "post"))
    told = run_command(instance, "search", "check")
    assert told.exit_code == 1
    assert "missing\tpost\t1\nmissing\tpost\t2\n" in told.output
    assert "2 missing. Run “forum search rebuild”." in told.output
    anew = run_command(instance, "search", "rebuild")
    assert anew.exit_code == 0, anew.output
    assert anew.output.endswith("3 posts and titles are indexed.\n")
    assert entries() == 3
    assert run_command(instance, "search", "check").exit_code == 0
