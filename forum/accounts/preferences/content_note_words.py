"""Which words a topic of content notes covers: whole words, in the forms that people write.

A suggested topic has a list in content_note_words.toml, which its page shows; a member's own topic
covers its usual English forms.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from forum.core.text.alphabets import letters, prefixes

LISTS = Path(__file__).with_suffix(".toml")
_VOWELS = set("aeiouy")


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    lists = {topic: " ".join(words.split()).split(", ") for topic, words in table.items()}
    return {topic: tuple(_filled(words, lists)) for topic, words in lists.items()}


def _filled(words: list[str], lists: Mapping[str, list[str]]) -> Iterator[str]:
    for word in words:
        yield from lists[word[1:-1]] if word.startswith("<") else [word]


def covered(topic: str) -> tuple[str, ...]:
    """Return the words and phrases that a topic (folded) covers, itself first."""
    return _listed().get(topic) or (topic, *sorted(_forms(topic) - {topic}))


def explained(topic: str) -> list[str]:
    """Return what a topic covers beside itself, as its page lists it.

    Spellings with a gap for a letter ("su cide", for "su*cide") would look like mistakes there.
    """
    words = covered(topic)
    gaps = {word: re.compile(word.replace(" ", ".")) for word in words[1:] if " " in word}
    return [
        word
        for word in words[1:]
        if not any(word in gaps and gaps[word].fullmatch(other) for other in words if other != word)
    ]


def stands_in(word: str, note: str) -> bool:
    """Whether a word or phrase is in a note, both as they are compared; as whole words.

    What is written on to a word in Korean, Arabic or Hebrew is no part of it.
    """
    return (
        f" {word} " in f" {note} "
        or (letters.has_no_spaces(word) and word in note)
        or (letters.takes_particles(word) and f" {word}" in f" {note}")
        or prefixes.stand_in(word.split(), prefixes.places_of(note.split()))
    )


def _forms(topic: str) -> set[str]:
    """Return a topic with the usual English endings of its last word."""
    *before, last = topic.split(" ")
    if not (last.isascii() and last.isalpha() and len(last) >= 3):
        return {topic}
    stems = {last, *_stems(last)}
    forms = {form for stem in stems for form in _inflected(stem)}
    return {" ".join([*before, form]) for form in forms}


def _stems(word: str) -> set[str]:
    """Return what a word may be a form of."""
    found = set()
    if word.endswith("ies"):
        found.add(word[:-3] + "y")
    elif word.endswith(("sses", "xes", "zes", "ches", "shes")):
        found.add(word[:-2])
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        found.add(word[:-1])
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least:
            root = word[: -len(ending)]
            found |= {root, root + "e", root[:-1] if root[-1] == root[-2] else root}
    return {stem for stem in found if len(stem) >= 3 and _VOWELS & set(stem)}


def _inflected(stem: str) -> set[str]:
    """Return a stem and its forms."""
    if stem.endswith("y") and stem[-2] not in _VOWELS:
        forms = {stem, stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"}
    elif stem.endswith(("s", "x", "z", "ch", "sh")):
        forms = {stem, stem + "es", stem + "ed", stem + "ing"}
    elif stem.endswith("e"):
        forms = {stem, stem + "s", stem + "d", stem[:-1] + "ing"}
    else:
        forms = {stem, stem + "s", stem + "ed", stem + "ing"}
        if stem[-1] not in _VOWELS | set("wx") and stem[-2] in _VOWELS and stem[-3] not in _VOWELS:
            forms |= {stem + stem[-1] + "ed", stem + stem[-1] + "ing"}
    # Of short words only the plural: "she" is not in "shed".
    return forms if len(stem) > 3 else {stem, stem + "s", stem + stem[-1] + "ing"}
