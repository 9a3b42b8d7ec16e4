"""Phrases: the index knows words alone, so entries that have them are read, the newest first.

Common words are in very many entries. Only so many are read that nobody else waits for it.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, not_, select
from sqlalchemy.types import Integer

from forum.core.db import at_most, current_connection
from forum.search import index
from forum.search.index.interface import Asked
from forum.search.models import SearchEntry
from forum.search.query.meaning import Query

READ = 10_000


def conditions(query: Query) -> list[Any]:
    """Return the conditions on SearchEntry of a query's phrases."""
    here = index.current()
    wanted = [here.contains(SearchEntry.words, phrase) for phrase in query.phrases]
    return wanted + [
        not_(here.contains(SearchEntry.words, phrase)) for phrase in query.without_phrases
    ]


def within_reach(asked: Asked, query: Query) -> tuple[Asked, bool]:
    """Return what to ask for, without entries too old to be read; and whether that is all."""
    if not query.phrases and not query.without_phrases:
        return asked, True
    here = index.current()
    oldest = (
        select(here.hits.place)
        .select_from(here.hits.table)
        .where(*here.hits.conditions)
        .order_by(here.hits.place.desc())
        .limit(at_most(1))
        .offset(bindparam("read", type_=Integer))
    )
    values = {**here.parameters(asked), "read": READ}
    place = current_connection().scalar(oldest, values)
    return (asked, True) if place is None else (replace(asked, after=place + 1), False)
