"""Words for which somebody in a crisis may search. Nothing is kept of who looked for what."""

import tomllib
from functools import cache

from forum.core.text.alphabets import letters
from forum.safety import detector

_FILE = detector.DATA / "search_words.toml"


def speaks_of_crisis(query: str) -> bool:
    """Whether somebody who searches for this may need help first, in time as long as the query."""
    said = " " + " ".join(_folded(query).split())
    return any(f" {words}" in said or _touches(words, said) for words in _begins()) or (
        detector.detects_crisis(query)
    )


def _touches(words: str, said: str) -> bool:
    """Whether words of a script without spaces are anywhere."""
    return letters.has_no_spaces(words) and words in said


@cache
def _begins() -> tuple[str, ...]:
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))["begins"]
    return tuple(_folded(words) for words in listed)


def _folded(text: str) -> str:
    bare = letters.without_accents(text)
    return "".join(char if char.isalnum() or letters.is_mark(char) else " " for char in bare)
