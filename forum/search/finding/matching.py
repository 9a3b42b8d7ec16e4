"""Which words of a text were looked for, without stemming each word of long texts."""

import re
from collections.abc import Sequence, Set

from forum.search.analysis import stems

_NONE: frozenset[int] = frozenset()
# A stem begins as its word does, but for its last two letters ("happi", "die" of "dying"), and for
# those behind "ae", "oe" and "ue", which are German umlauts.
_BEGINNING = re.compile(r"[^aou]*[aou]?")
_CHANGED = 2


class Wanted:
    """The words of a query, each by the forms that it may have in a text."""

    def __init__(self, forms: Sequence[Sequence[str]]) -> None:
        self._nths: dict[str, set[int]] = {}
        for nth, each in enumerate(forms):
            for form in each:
                self._nths.setdefault(form, set()).add(nth)
        self._beginnings = tuple({_beginning(form) for form in self._nths if form.isascii()})
        self._known: dict[tuple[str, str], Set[int]] = {}

    def which(self, word: str, language: str) -> Set[int]:
        """Return which words of the query this word of a text in a language is."""
        if word.isascii() and not word.startswith(self._beginnings):
            return _NONE
        asked = (word, language)
        if asked not in self._known:
            found = (self._nths.get(form) for form in stems.forms_in(word, language))
            self._known[asked] = frozenset[int]().union(*filter(None, found))
        return self._known[asked]


def _beginning(form: str) -> str:
    found = _BEGINNING.match(form[: max(1, len(form) - _CHANGED)])
    return found[0] if found else ""
