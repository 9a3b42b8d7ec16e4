"""The words of each group's posts, from which a mistyped one is guessed."""

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
    gone = [word for word in words if is_suggested(word) and not _is_said(group_id, word)]
    if gone:
        session.execute(
            delete(SearchWord).where(SearchWord.group_id == group_id, SearchWord.word.in_(gone))
        )


def _is_said(group_id: int, word: str) -> bool:
    """Whether any post of a group has this very word, not only another form of it."""
    here, asked = index.current(), Asked(POST, [group_id], (stems.forms_asked(word),))
    found = (
        select(SearchEntry.place)
        .select_from(here.hits.table)
        .join(SearchEntry, SearchEntry.place == here.hits.place)
        .where(*here.hits.conditions, here.contains(SearchEntry.words, f" {word} "))
        .limit(at_most(1))
    )
    return current_connection().execute(found, here.parameters(asked)).first() is not None
