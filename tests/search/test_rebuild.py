"""The index is made anew while people go on, from wherever it was killed, by one or by two."""

import threading
from random import Random

import pytest
from flask import Flask

from forum.accounts.policy import Viewer
from forum.core import db
from forum.search import checking, indexing, rebuild
from forum.threads import service as threads
from tests.support import factories as make


@pytest.fixture
def wren(app: Flask) -> Viewer:
    return make.person()


@pytest.fixture
def thread(wren: Viewer) -> int:
    make.join(wren, group := make.group())
    place = make.thread(wren, group, body="lantern")
    for number in range(12):
        make.post(wren, place.thread_id, body=f"lantern {number}")
    indexing.catch_up()
    return place.thread_id


def test_people_go_on_while_it_is_made_anew(
    wren: Viewer, thread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "AT_ONCE", 3)
    random = Random(4)
    ids = [make.post(wren, thread, body="candle").id for _ in range(5)]
    for _ in range(4):
        rebuild.begin()
        for _ in range(random.randrange(12)):  # and then it begins once more
            indexing.step(budget_s=0)
            ids.append(make.post(wren, thread, body=f"candle {len(ids)}").id)
            threads.edit_post(wren, random.choice(ids), body=f"other {len(ids)}")
            threads.delete_post(wren, ids.pop(random.randrange(len(ids))))
    indexing.catch_up()
    assert list(checking.differences()) == []
    assert indexing.changes_left() == 0


def test_what_is_left_becomes_less(thread: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "AT_ONCE", 5)
    rebuild.begin()
    left = [indexing.changes_left()]
    while indexing.step(budget_s=0):
        left.append(indexing.changes_left())
    assert left == sorted(left, reverse=True)
    assert left[0] == 14
    assert left[-1] == 0
    assert indexing.count() == 14


def test_two_processes_index_the_same_and_neither_fails(wren: Viewer, thread: int) -> None:
    rebuild.begin()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            while indexing.step(budget_s=0):
                pass
        except BaseException as error:
            failed.append(error)
        finally:
            db.release_session()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert failed == []
    indexing.catch_up()
    assert list(checking.differences()) == []


def test_many_posts_of_one_second_and_old_ones_have_places(wren: Viewer, thread: int) -> None:
    from datetime import UTC, datetime

    from forum.search.finding import posts, scope
    from forum.search.query import meaning

    old = make.post(wren, thread, body="ancient", at=datetime(1996, 5, 1, tzinfo=UTC)).id
    at = datetime(2026, 3, 1, tzinfo=UTC)
    many = [make.post(wren, thread, body="ancient", at=at).id for _ in range(60)]
    indexing.catch_up()
    there = scope.readable_groups(wren)

    def found(query: str) -> set[int]:
        pages = [
            posts.find(wren, meaning.understand(query), there, page, posts.NEWEST).posts
            for page in range(1, 5)
        ]
        return {row.id for page in pages for row in page}

    assert found("ancient before:1999") == {old}
    assert found("ancient after:1999") == set(many)
    assert list(checking.differences()) == []
