"""Reading the tables of an instrument's file, each value with its type and its limits."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from forum.core.text.alphabets import invisible
from forum.research.instruments.definition import BadInstrument

WORDS_MAX, NUMBER_MAX = 1_000, 1_000
_HIDDEN = {"Cc", "Cf", "Zl", "Zp"}
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # Persian and Hindi need them
T = TypeVar("T")


class Table:
    """One table of the file; what nobody has asked for in the end is not known."""

    def __init__(self, content: object, where: str) -> None:
        if not isinstance(content, Mapping):
            raise BadInstrument(f"{where} must be a table.")
        self._content, self._where = dict(content), where

    def words(self, name: str, default: str | None = None) -> str:
        """Return a text of one line, without markup and signs that nobody sees."""
        is_there = self.has(name)
        found: str = self._take(name, str, default)
        if is_there and invisible.is_blank(found):
            raise BadInstrument(f"{name} of {self._where} is empty.")
        if len(found) > WORDS_MAX or any(map(_is_markup_or_hidden, found)):
            raise BadInstrument(
                f"{name} of {self._where} must be up to {WORDS_MAX} characters of plain text."
            )
        return found

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number; neither NaN nor a huge one compares as small enough."""
        found: float = self._take(name, (int, float), default)
        if isinstance(found, bool) or not abs(found) <= NUMBER_MAX:
            raise BadInstrument(f"{name} of {self._where} must be a number up to {NUMBER_MAX}.")
        return found

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number."""
        found = self.number(name, default)
        if not isinstance(found, int):
            raise BadInstrument(f"{name} of {self._where} must be a whole number.")
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        return bool(self._take(name, bool, default))

    def table(self, name: str) -> "Table | None":
        """Return a table within this one, or None."""
        found = self._content.pop(name, None)
        return None if found is None else Table(found, f"{name} of {self._where}")

    def rows(self, name: str, read: Callable[["Table"], T], most: int) -> tuple[T, ...]:
        """Return what is read of each table of a list."""
        found = self._take(name, list, [])
        if len(found) > most:
            raise BadInstrument(f"{self._where} may have up to {most} {name}.")
        return tuple(read(Table(one, f"{name} {at}")) for at, one in enumerate(found, 1))

    def list_of(self, name: str, kind: type[T]) -> tuple[T, ...]:
        """Return a list of texts, or of whole numbers."""
        found = self._take(name, list, None)
        if not all(type(one) is kind for one in found):
            raise BadInstrument(f"{name} of {self._where} must be a list of {kind.__name__}.")
        return tuple(found)

    def has(self, name: str) -> bool:
        """Whether something of this name is there and was not read yet."""
        return name in self._content

    def end(self) -> None:
        """Raise BadInstrument for what is in the table and has no meaning."""
        if self._content:
            raise BadInstrument(f"{self._where} has {min(self._content)}, which means nothing.")

    def _take(self, name: str, kind: type | tuple[type, ...], default: Any) -> Any:
        if name not in self._content and default is None:
            raise BadInstrument(f"{self._where} lacks {name}.")
        found = self._content.pop(name, default)
        if not isinstance(found, kind):
            raise BadInstrument(f"{name} of {self._where} has the wrong type.")
        return found


def _is_markup_or_hidden(sign: str) -> bool:
    return sign in "<>" or (unicodedata.category(sign) in _HIDDEN and sign not in _JOINERS)
