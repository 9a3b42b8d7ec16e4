"""What the texts are in each language, as its catalogue has them."""

from collections.abc import Callable
from dataclasses import dataclass, field


def _english_plural(count: int) -> int:
    return int(count != 1)


@dataclass(frozen=True)
class Catalogue:
    """The translations of one language, by context (or "") and English text."""

    forms: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    plural_form: Callable[[int], int] = _english_plural

    def get(self, message: str, context: str = "") -> str:
        """Return a text in this language; the English one where it is missing."""
        found = self.forms.get((context, message))
        return found[0] if found else message

    def plural(self, singular: str, plural: str, count: int, context: str = "") -> str:
        """Return the form of a text that fits a number."""
        return self.all_forms(singular, plural, context)[self.form_for(singular, count, context)]

    def all_forms(self, singular: str, plural: str, context: str = "") -> tuple[str, ...]:
        """Return every form of a text with a number."""
        found = self.forms.get((context, singular))
        return found if found and len(found) > 1 else (singular, plural)

    def form_for(self, singular: str, count: int, context: str = "") -> int:
        """Return which of these forms fits a number."""
        found = self.forms.get((context, singular))
        return self.plural_form(count) if found and len(found) > 1 else _english_plural(count)


ENGLISH = Catalogue()


def of(language: str) -> Catalogue:  # noqa: ARG001 - the next languages are yet to come
    """Return the catalogue of a language."""
    return ENGLISH
