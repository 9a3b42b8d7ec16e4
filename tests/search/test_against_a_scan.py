"""A search finds what looking at each visible post would find: no more, no less, for everybody."""

from random import Random

import pytest
from flask import Flask

from forum.search import checking, indexing, rebuild
from tests.support.worlds.search_worlds import SearchWorld, content, scanned, searched


@pytest.mark.parametrize("seed", range(2))
def test_a_search_finds_what_a_scan_finds(app: Flask, seed: int) -> None:
    world = SearchWorld(Random(seed))
    for _ in range(3):
        world.live(15)
        indexing.catch_up()
        assert list(checking.differences()) == []
        for _ in range(6):
            query = world.query()
            for reader in world.readers:
                assert searched(reader, query) == scanned(reader, query), (query, reader.handle)
    world.erase()
    indexing.catch_up()
    assert list(checking.differences()) == []
    assert searched(world.admin, "-lantern") == scanned(world.admin, "-lantern")
    kept = content()
    rebuild.begin()
    assert indexing.changes_left() > 0
    indexing.catch_up()
    assert content() == kept


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 60))
def test_a_search_finds_what_a_scan_finds_in_many_worlds(app: Flask, seed: int) -> None:
    world = SearchWorld(Random(seed))
    for _ in range(10):
        world.live(30)
        indexing.catch_up()
        for _ in range(20):
            query = world.query()
            for reader in world.readers:
                assert searched(reader, query) == scanned(reader, query), (query, reader.handle)
