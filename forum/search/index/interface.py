"""What an index does, and what it is asked."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, FromClause, SQLColumnExpression

from forum.search.analysis import keys

PLACE_MAX = 2**62
Words: TypeAlias = SQLColumnExpression[str]


@dataclass(frozen=True)
class Asked:
    """What entries must have: for each of `all_of` one of its forms, and none of `none_of`.

    They are between the places `after` and `before`, or at these. Those of a group must have none
    of the forms that `none_of_in` has for it, either.
    """

    kind: str
    group_ids: Sequence[int]
    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()
    after: int = 1
    before: int = PLACE_MAX
    none_of_in: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def in_words(self, together: str, either: str, unless: str) -> str:
        """Return this in the language of an index, which has these words for its operators."""
        return either.join(self._in_group(id_, together, either, unless) for id_ in self.group_ids)

    def _in_group(self, group_id: int, together: str, either: str, unless: str) -> str:
        def one_of(forms: Iterable[str]) -> str:
            listed = [keys.key(self.kind, group_id, form) for form in forms]
            return f"({either.join(listed)})" if len(listed) > 1 else listed[0]

        wanted = together.join(map(one_of, self.all_of or ((keys.ANYTHING,),)))
        unwanted = (*self.none_of, *self.none_of_in.get(group_id, ()))
        return f"(({wanted}){unless}{one_of(unwanted)})" if unwanted else f"({wanted})"


@dataclass(frozen=True)
class Hits:
    """The entries that an index finds, as a table to join: `place` is a column of it."""

    table: FromClause
    place: ColumnElement[int]
    conditions: tuple[ColumnElement[bool], ...] = ()


class Index(ABC):
    """Where keys lead to places; writes belong inside `transaction()`.

    The statements of `hits` take the parameters of `parameters`. Where there is a `latest_hits`, it
    finds common words among the latest entries alone, without going through all of theirs.
    """

    hits: Hits
    latest_hits: Hits | None = None

    @abstractmethod
    def parameters(self, asked: Asked) -> dict[str, Any]:
        """Return what a statement with the hits is given."""

    @abstractmethod
    def contains(self, words: Words, phrase: str) -> ColumnElement[bool]:
        """Condition: these words have the phrase in them, letter by letter."""

    @abstractmethod
    def add(self, place: int, keys: Sequence[str]) -> None:
        """Let all these keys lead to a place."""

    @abstractmethod
    def remove(self, place: int, keys: Sequence[str]) -> None:
        """Take a place out, which these keys lead to."""

    @abstractmethod
    def clear(self) -> None:
        """Take everything out."""

    @abstractmethod
    def held(self) -> Iterator[tuple[int, str]]:
        """Yield each place with each key that leads to it, in any order; it takes long."""

    def tidy(self) -> None:  # noqa: B027 - most databases do so by themselves
        """Put an index in order that was filled just now."""
