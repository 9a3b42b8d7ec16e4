"""The words of each group's posts, from which a mistyped one is guessed.

A word may be forgotten while somebody says it still, until it is said once more: to look for it
everywhere would take long. One that nobody says is never known.
"""

from collections.abc import Collection, Iterable
from typing import cast

from sqlalchemy import Table, delete, select

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from forum.core.db import at_most, current_connection
from forum.search import index
from forum.search.analysis import stems, tokens
from forum.search.index.interface import Asked
from forum.search.models import POST, SearchEntry, SearchWord

WORD_MIN, WORD_MAX = 4, 32
LOOKED_FOR, LOOKED_AT = 100, 100  # so many words that are gone, in so many posts each
_INSERT = insert(cast("Table", SearchWord.__table__)).on_conflict_do_nothing()


def is_suggested(word: str) -> bool:
    """Whether a word is one that may be mistyped: letters alone, neither short nor very long."""
    return (
        WORD_MIN <= len(word) <= WORD_MAX
        and not tokens.is_pair(word)
        and not any(character.isdigit() for character in word)
    )


def add(session: Session, group_id: int, words: Iterable[str]) -> None:
    """Know these words in a group from now on."""
    known = sorted(filter(is_suggested, set(words)))
    rows = [{"group_id": group_id, "word": word} for word in known]
    if rows:
        session.connection().execute(_INSERT, rows)


def remove(session: Session, group_id: int, words: Collection[str]) -> None:
    """Forget those of these words that no post of the group has any longer."""
    gone = sorted(filter(is_suggested, words))
    said = {word for word in gone[:LOOKED_FOR] if _is_said(group_id, word)}
    forgotten = [word for word in gone if word not in said]
    for at in range(0, len(forgotten), LOOKED_FOR):
        some = SearchWord.word.in_(forgotten[at : at + LOOKED_FOR])
        session.execute(delete(SearchWord).where(SearchWord.group_id == group_id, some))


def _is_said(group_id: int, word: str) -> bool:
    """Whether a late post of a group has this very word, not only another form of it."""
    here, asked = index.current(), Asked(POST, [group_id], (stems.forms_asked(word),))
    latest = (
        select(here.hits.place.label("place"))
        .select_from(here.hits.table)
        .where(*here.hits.conditions)
        .order_by(here.hits.place.desc())
        .limit(at_most(LOOKED_AT))
        .subquery("latest")
    )
    found = (
        select(SearchEntry.place)
        .join(latest, latest.c.place == SearchEntry.place)
        .where(here.contains(SearchEntry.words, f" {word} "))
        .limit(at_most(1))
    )
    return current_connection().execute(found, here.parameters(asked)).first() is not None
