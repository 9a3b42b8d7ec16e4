"""What a word is found by: its stem in the language of a text, or the word itself.

The language of a text is known by its small words; where it is not, words have the stems of all
languages. Stems are made here, for both databases, so both find the same. Words are folded first:
what is typed without accents has the same stem.
"""

from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from forum.core.text.alphabets.prefixes import without_prefixes
from forum.search.analysis.tokens import is_pair

ANALYSIS_VERSION = 2  # when it is raised, all texts are indexed anew
SURE_FROM = 2  # so many small words tell a language
_ALGORITHMS = {"en": "english", "de": "german", "es": "spanish"}
_STEMMERS = {code: Stemmer.Stemmer(name) for code, name in _ALGORITHMS.items()}
_SMALL_WORDS = {
    "en": (
        "the and to of in it is that you was for on are with they be this have from or had by but "
        "not what were we when your can there an my i me so if about just do im its dont"
    ),
    "de": (
        "der die und das ich nicht ist es zu den mit sich auf ein eine dem auch aber wie bei oder "
        "wir noch nach einen fur wenn nur mir mich dass hat habe sind war immer schon"
    ),
    "es": (
        "el la que y en los se del las por un con no una su para es al lo como mas pero sus le ya "
        "esta si porque muy sin me mi yo te cuando hay todo"
    ),
}
_LANGUAGES_OF = {
    word: frozenset(code for code, words in _SMALL_WORDS.items() if word in words.split())
    for words in _SMALL_WORDS.values()
    for word in words.split()
}


def language_of(words: Iterable[str]) -> str:
    """Return the language of a text with these words, as far as we have its stems; "" if unsure."""
    counts = dict.fromkeys(_ALGORITHMS, 0)
    for word in words:
        for code in _LANGUAGES_OF.get(word, ()):
            counts[code] += 1
    best, second, *_ = sorted(counts, key=lambda code: -counts[code])
    if counts[best] >= SURE_FROM and counts[best] > counts[second]:
        return best
    return ""


def is_small(word: str) -> bool:
    """Whether a word says nothing of what a text is about, in any of the languages."""
    return word in _LANGUAGES_OF


@lru_cache(maxsize=20_000)
def forms_in(word: str, language: str) -> tuple[str, ...]:
    """Return the forms by which a word of a text in this language is found."""
    if is_pair(word):
        return (word, *word) if len(word) > 1 else (word,)
    if not word.isascii():
        return tuple(dict.fromkeys(without_prefixes(word)))
    return (_stem(word, language),) if language else forms_asked(word)


@lru_cache(maxsize=2_000)
def forms_asked(word: str) -> tuple[str, ...]:
    """Return the forms that a word that somebody looks for may have in a text of any language."""
    if is_pair(word) or not word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, *(_stem(word, code) for code in _ALGORITHMS))))


def _stem(word: str, language: str) -> str:
    stem: str = _STEMMERS[language].stemWord(word)
    return stem
