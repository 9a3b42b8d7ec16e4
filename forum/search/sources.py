"""What of posts and threads is in the index: what is published, in its author's own words.

Quotations that name somebody are left out, so nobody finds by them what that person wrote.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup
from sqlalchemy import and_, bindparam, select
from sqlalchemy.types import Integer

from forum.core import text
from forum.core.db import current_connection
from forum.search.analysis import keys, stems, tokens
from forum.search.models import POST, THREAD
from forum.threads import policy
from forum.threads.models import IN_THREAD, REMOVED_TITLE, Post, Thread

BETWEEN = "|"  # no phrase goes on from a title into a post
_IDS = bindparam("ids", type_=Integer, expanding=True)
_HAS_TITLE = and_(Thread.title_hidden.is_(False), Thread.title != REMOVED_TITLE)
_POSTS = (
    select(
        Post.id,
        Post.number,
        Post.html,
        Post.author_id,
        Post.created_at,
        Thread.group_id,
        Thread.title,
        _HAS_TITLE.label("has_title"),
    )
    .join(Thread, IN_THREAD)
    .where(Post.id.in_(_IDS), policy.is_published())
)
_THREADS = select(Thread.id, Thread.group_id, Thread.created_at, Thread.title).where(
    Thread.id.in_(_IDS), _HAS_TITLE, Thread.last_number > 0
)


class Found(Protocol):
    """An entry as it is stored, or as it is to be."""

    @property
    def kind(self) -> str: ...

    @property
    def group_id(self) -> int: ...

    @property
    def author_id(self) -> int | None: ...

    @property
    def language(self) -> str: ...

    @property
    def words(self) -> str: ...


@dataclass(frozen=True)
class Source:
    """What an entry is to hold."""

    kind: str
    ref_id: int
    group_id: int
    author_id: int | None
    language: str
    words: str
    at: datetime


def own_words(html: str) -> str:
    """Return what is said in a post's HTML, without quotations that name somebody."""
    return Markup(text.without_quotations_of(html, text.quoted_names(html))).striptags()  # noqa: S704


def rows_of(kind: str, ids: Collection[int]) -> dict[int, Any]:
    """Return the rows of these posts or threads of which `source_of` makes what is indexed.

    What is not among them has no place in the index.
    """
    rows = current_connection().execute(_POSTS if kind == POST else _THREADS, {"ids": list(ids)})
    return {row.id: row for row in rows}


def source_of(kind: str, row: Any) -> Source | None:
    """Return what is to be in the index of one of `rows_of`; nothing without a row."""
    if row is None:
        return None
    return _of_post(row) if kind == POST else _of_thread(row)


def keys_of(entry: Found) -> list[str]:
    """Return the keys that lead to an entry."""
    return keys.keys_of(
        entry.kind, entry.group_id, entry.author_id, entry.language, list_words(entry.words)
    )


def form_of(word: str, language: str) -> str:
    """Return a form by which a word of an entry is found."""
    return stems.forms_in(word, language)[0]


def list_words(words: str) -> list[str]:
    """Return the words of an entry, in order."""
    return [word for word in words.split() if word != BETWEEN]


def _of_post(row: Any) -> Source:
    said = tokens.words_of(own_words(row.html))
    if row.number == 1 and row.has_title:
        said = [*tokens.words_of(row.title), BETWEEN, *said]
    return _source(POST, row, said)


def _of_thread(row: Any) -> Source:
    # Not by whom: who is apart from them still sees the thread, and not who began it.
    return _source(THREAD, row, tokens.words_of(row.title))


def _source(kind: str, row: Any, said: list[str]) -> Source:
    language = stems.language_of(said)
    author_id = row.author_id if kind == POST else None
    words = f" {' '.join(said)} "
    return Source(kind, row.id, row.group_id, author_id, language, words, row.created_at)
