"""`forum search check` finds each kind of damage, and nothing where there is none."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from forum.core.db import current_session, transaction
from forum.search import checking, index, indexing, rebuild, sources
from forum.search.analysis import keys
from forum.search.models import POST, SearchEntry, SearchWord
from forum.threads.models import Post
from tests.support import factories as make

ENTRY = select(SearchEntry).where(SearchEntry.kind == POST).order_by(SearchEntry.place)


def an_entry() -> SearchEntry:
    """Return the entry of a post that is not the first of its thread."""
    return current_session().scalars(ENTRY).all()[-1]


def change(**columns: object) -> Callable[[SearchEntry], None]:
    """Return what changes columns of an entry behind the forum's back."""

    def damage(entry: SearchEntry) -> None:
        this = SearchEntry.place == entry.place
        current_session().execute(update(SearchEntry).where(this).values(**columns))

    return damage


def lose_keys(entry: SearchEntry) -> None:
    """Let nothing lead to an entry."""
    index.current().remove(entry.place, sources.keys_of(entry))


def lose_a_key(entry: SearchEntry) -> None:
    """Let one word lead to it no longer."""
    lose_keys(entry)
    index.current().add(entry.place, sources.keys_of(entry)[1:])


def lead_astray(entry: SearchEntry) -> None:
    """Let a word lead to it that is not said there."""
    lose_keys(entry)
    more = keys.key(POST, entry.group_id, "secret")
    index.current().add(entry.place, sorted([*sources.keys_of(entry), more]))


def lose_entry(entry: SearchEntry) -> None:
    """Take out the row alone. (PostgreSQL takes its keys with it.)"""
    current_session().execute(delete(SearchEntry).where(SearchEntry.place == entry.place))


def lose_post(entry: SearchEntry) -> None:
    """Let its post be gone, as a restored backup of half a database might."""
    current_session().execute(
        update(SearchEntry).where(SearchEntry.place == entry.place).values(ref_id=9_999)
    )


def hide_post(entry: SearchEntry) -> None:
    """Hide a post without a word to the index."""
    current_session().execute(update(Post).where(Post.id == entry.ref_id).values(state="hidden"))


def write_earlier(entry: SearchEntry) -> None:
    """Let a post be from another year."""
    current_session().execute(
        update(Post)
        .where(Post.id == entry.ref_id)
        .values(created_at=datetime(2024, 1, 1, tzinfo=UTC))
    )


def know_a_word(entry: SearchEntry) -> None:
    """Let a word be known that nobody has said."""
    current_session().execute(insert(SearchWord).values(group_id=entry.group_id, word="xylanthe"))


DAMAGE = [
    (change(words=" other "), checking.OUT_OF_DATE),
    (change(group_id=77), checking.OUT_OF_DATE),
    (change(author_id=77), checking.OUT_OF_DATE),
    (change(author_id=None), checking.OUT_OF_DATE),
    (change(language="es"), checking.OUT_OF_DATE),
    (write_earlier, checking.OUT_OF_DATE),
    (lose_keys, checking.WRONG_KEYS),
    (lose_a_key, checking.WRONG_KEYS),
    (lead_astray, checking.WRONG_KEYS),
    (lose_entry, checking.MISSING),
    (lose_post, checking.LEFT_OVER),
    (hide_post, checking.LEFT_OVER),
    (know_a_word, checking.LEFT_OVER),
]


@pytest.mark.every_case
def test_each_kind_of_damage_is_found_and_mended(app: Flask) -> None:
    wren = make.join(make.person(), group := make.group())
    thread = make.thread(wren, group, body="lantern").thread_id
    for word in ("one", "two", "three"):
        make.post(wren, thread, body=f"candle {word} the light and the dark")
    indexing.catch_up()
    for damage, what in DAMAGE:
        assert list(checking.differences()) == []
        with transaction():
            damage(an_entry())
        assert what in {one.what for one in checking.differences()}, damage
        rebuild.begin()
        indexing.catch_up()
