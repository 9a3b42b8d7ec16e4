"""The index follows the forum: nothing is lost, doubled, or left over, wherever it is stopped."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.background.jobs import runner
from forum.core.db import current_session, transaction
from forum.moderation.actions import service as moderation
from forum.privacy import service as privacy
from forum.search import checking, index, indexing
from forum.search.analysis.stems import ANALYSIS_VERSION
from forum.search.finding import posts, scope
from forum.search.models import SearchEntry, SearchWord
from forum.search.query import meaning
from forum.threads import service as threads
from tests.support import factories as make
from tests.support.databases.query_counts import executed_statements


def finds(viewer: Viewer, query: str) -> list[int]:
    there = scope.readable_groups(viewer)
    return [
        row.id for row in posts.find(viewer, meaning.understand(query), there, 1, "newest").posts
    ]


def test_nothing_is_lost_between_a_post_and_the_index(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    post = make.thread(wren, group, body="lantern").id
    assert finds(wren, "lantern") == []
    assert indexing.changes_left() == 2  # what a process that begins anew finds
    indexing.go_on()
    assert finds(wren, "lantern") == [post]
    assert indexing.changes_left() == 0


def test_a_step_that_is_killed_leaves_all_as_it_was(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group, body="lantern one").thread_id
    make.post(wren, thread, body="lantern two")
    killed = RuntimeError("killed")

    def die(*_args: object) -> None:
        raise killed

    with monkeypatch.context() as patch:
        patch.setattr(index.current().__class__, "add", die)
        with pytest.raises(RuntimeError):
            indexing.catch_up()
    assert indexing.changes_left() == 3
    indexing.catch_up()
    assert len(finds(wren, "lantern")) == 2
    assert list(checking.differences()) == []


def test_a_step_stops_when_its_time_is_over(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group).thread_id
    for number in range(5):
        make.post(wren, thread, body=f"lantern {number}")
    assert indexing.step(budget_s=0)
    assert 0 < indexing.changes_left() < 7
    while indexing.step(budget_s=0):
        pass
    assert len(finds(wren, "lantern")) == 5


def test_what_is_written_beside_a_change_is_found(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group).thread_id
    ids = [make.post(wren, thread, body=f"lantern {word}").id for word in ("one", "two", "three")]
    indexing.catch_up()
    threads.edit_post(wren, ids[1], body="lantern again")
    ids += [make.post(wren, thread, body=f"lantern {word}").id for word in ("four", "five")]
    indexing.catch_up()
    assert sorted(finds(wren, "lantern")) == ids


def test_a_thread_is_found_where_it_is_now(app: Flask) -> None:
    here, there = make.group(), make.group(slug="there", visibility="approval")
    wren = make.join(make.join(make.person(), here), there)
    robin = make.join(make.person(), here)
    thread = make.thread(wren, here, title="Lantern", body="light").thread_id
    indexing.catch_up()
    assert len(finds(robin, "lantern light")) == 1
    moderation.take_action(make.administrator(), "move", thread, value="there", reason="x y")
    assert finds(robin, "lantern") == []  # before anything is indexed
    indexing.catch_up()
    assert len(finds(wren, "lantern light")) == 1
    assert list(checking.differences()) == []


def test_a_new_title_is_found_instead_of_the_old(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group, title="Lantern").thread_id
    indexing.catch_up()
    moderation.take_action(make.administrator(), "title", thread, value="Candle", reason="x y")
    indexing.catch_up()
    assert finds(wren, "lantern") == []
    assert len(finds(wren, "candle")) == 1


def test_erased_words_are_in_no_page_of_the_database(app: Flask, tmp_path: Path) -> None:
    wren = make.join(make.person(), group := make.group())
    robin = make.join(make.person(), group)
    thread = make.thread(robin, group, body="Common words").thread_id
    make.post(wren, thread, body="Xylanthe common words")
    indexing.catch_up()
    assert len(finds(robin, "xylanthe")) == 1
    privacy.erase(wren.id or 0, remove=True)
    runner.run()
    indexing.catch_up()
    assert finds(robin, "xylanthe") == []
    with transaction() as session:
        assert (
            session.scalars(select(SearchWord.word).where(SearchWord.word == "xylanthe")).all()
            == []
        )
    assert list(checking.differences()) == []
    if db.engine().dialect.name == "sqlite":
        db.truncate_log()
        assert b"xylanthe" not in Path(db.engine().url.database or "").read_bytes().lower()


def test_words_stay_known_while_anybody_says_them(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group, body="lantern").thread_id
    second = make.post(wren, thread, body="lantern lanterns").id
    indexing.catch_up()
    threads.delete_post(wren, second)
    indexing.catch_up()
    known = set(current_session().scalars(select(SearchWord.word)))
    assert "lantern" in known
    assert "lanterns" not in known


def test_another_analysis_indexes_all_anew(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    make.thread(wren, group, body="lantern")
    indexing.catch_up()
    with transaction() as session:
        session.execute(update(SearchEntry).values(analysis=0))
    indexing.go_on()
    assert len(finds(wren, "lantern")) == 1
    assert set(current_session().scalars(select(SearchEntry.analysis))) == {ANALYSIS_VERSION}


def test_a_long_post_is_gone_in_few_looks(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group, body="lantern").thread_id
    letters = "abcdefghij"
    said = " ".join(f"word{a}{b}{c}" for a in letters for b in letters for c in letters)
    post = make.post(wren, thread, body=said).id
    indexing.catch_up()
    threads.delete_post(wren, post)
    with executed_statements() as counted:
        indexing.catch_up()
    assert len(counted) < 200
    assert set(current_session().scalars(select(SearchWord.word))) == {"conversation", "lantern"}
