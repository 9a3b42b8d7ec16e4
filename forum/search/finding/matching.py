"""Which words of a text were looked for, without stemming each word of long texts."""

from collections.abc import Sequence, Set

from forum.search.analysis import stems

_NONE: frozenset[int] = frozenset()
_CHANGED = 2  # so many letters at the end of a stem may differ from the word: "happi", "dies"


class Wanted:
    """The words of a query, each by the forms that it may have in a text."""

    def __init__(self, forms: Sequence[Sequence[str]]) -> None:
        self._nths: dict[str, set[int]] = {}
        for nth, each in enumerate(forms):
            for form in each:
                self._nths.setdefault(form, set()).add(nth)
        # A stem begins as its word does, but for the last letters.
        self._beginnings = tuple(
            {form[: max(1, len(form) - _CHANGED)] for form in self._nths if form.isascii()}
        )
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
