"""What the texts are in each language, as its catalogue has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py  # makes a function of the plural's formula
from pathlib import Path

from forum.core.translation import languages

FOLDER = Path(__file__).parents[2] / "translations"


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
_made_up: dict[str, Catalogue] = {}


@cache
def codes() -> tuple[str, ...]:
    """Return the languages that there are: English, and one for each file of translations."""
    return (languages.SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")), *_made_up)


def choices() -> list[tuple[str, str]]:
    """Return each language, and what its own speakers call it."""
    return [(code, _own_name(code)) for code in codes()]


@cache
def _own_name(language: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):  # one that is made up for tests
        return language
    return name[:1].upper() + name[1:]


def has(language: str) -> bool:
    """Whether there is such a language."""
    return language in codes()


@cache
def of(language: str) -> Catalogue:
    """Return the catalogue of a language, which is read when it is first wanted."""
    if language in _made_up:
        return _made_up[language]
    return ENGLISH if language == languages.SOURCE else read(FOLDER / f"{language}.po")


def read(path: Path) -> Catalogue:
    """Return what a file of translations holds; what is unsure (fuzzy) stays English."""
    from babel.messages.pofile import read_po  # takes long to load, and English needs none

    with path.open("rb") as file:
        known = read_po(file)
    return Catalogue(
        {
            (message.context or "", one(message.id)): forms(message.string)
            for message in known
            if message.id and not message.fuzzy and all(forms(message.string))
        },
        c2py(known.plural_expr),
    )


def one(message_id: str | Sequence[str]) -> str:
    """Return the English text by which a message is found: the singular of two."""
    return message_id if isinstance(message_id, str) else message_id[0]


def forms(translation: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return all forms of a translation, also where it has but one."""
    return (translation,) if isinstance(translation, str) else tuple(translation or ("",))


def make_up(**made_up: Catalogue) -> None:
    """Have these languages besides, which code makes, as tests do; without any, no longer."""
    _made_up.clear()
    _made_up.update({code.replace("_", "-"): catalogue for code, catalogue in made_up.items()})
    of.cache_clear()
    codes.cache_clear()
