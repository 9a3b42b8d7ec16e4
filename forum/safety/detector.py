"""What a text may tell of its writer: that they want to die, or who they are. Nothing is kept.

The lists are data (`detectors/*.toml`). They are looked for sentence by sentence, in time that is
proportional to the text's length.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from forum.safety import patterns
from forum.safety.patterns import Rules

DATA = Path(__file__).parent / "detectors"
SELF_HARM = "self_harm"
PERSONAL_DETAILS = ("email", "phone", "address", "name")
LOOKS_BACK, LOOKS_AHEAD = 90, 60
MAX_SIGNS = 100
_EXTRA = b"'`"  # apostrophes straight, curly and of hurried fingers
_SPACES = bytes.maketrans(b"_~", b"  ")
_SENTENCE = patterns.compiled(r"[.!?;]+(?:\s|$)|\n\s*\n")
# One asterisk between two letters hides a letter ("k*ll"); all others only give weight.
_EMPHASIS = re.compile(rb"(?<!\w)\*|\*(?!\w)")
_IDIOM = b" # "
_BETWEEN_DIGITS = b" +()./-"
_IN_A_ROW = patterns.compiled(r"\d{3}")


@dataclass(frozen=True)
class SelfHarmWords:
    """The compiled list; `version` is kept with what it finds."""

    version: int
    cues: Any
    signs: Rules
    idioms: Rules
    not_after: Rules
    not_before: Rules
    me: Any
    others: Any
    own: Any


@dataclass(frozen=True)
class PersonalDetailWords:
    """The compiled lists of what tells who somebody is."""

    version: int
    rules: Mapping[str, Rules]
    unless: Rules


def detects_crisis(text: str) -> bool:
    """Whether the writer seems to speak of wanting to die or to hurt themselves. Never raises.

    A text with MAX_SIGNS signs in it is taken to, whatever is around them.
    """
    words, signs = self_harm(), 0
    said = _said(text)
    if not words.cues.search(said):
        return False
    for sentence in _sentences(said):
        for is_meant in _signs(sentence, words):
            signs += 1
            if is_meant or signs == MAX_SIGNS:
                return True
    return False


def find_personal_details(
    text: str, known_numbers: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return which of PERSONAL_DETAILS seem to be in a text.

    `known_numbers` are digits of help lines.
    """
    said, lists = patterns.plain(unquoted(text)), personal_details()
    found = [
        kind
        for kind in PERSONAL_DETAILS
        if any(
            _counts(kind, found, lists, known_numbers) for found in lists.rules[kind].found(said)
        )
    ]
    return tuple(found)


def unquoted(text: str) -> str:
    """Return a text without the lines that quote somebody else."""
    if ">" not in text:
        return text
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))


@cache
def self_harm() -> SelfHarmWords:
    """Return the compiled list for self-harm. Raises BadPattern."""
    table = _read("self_harm")
    words: dict[str, str] = {}
    for name, pattern in table["words"].items():
        words[name] = patterns.filled(pattern, words)
    parts = ("signs", "idioms", "not_after", "not_before")
    return SelfHarmWords(
        version=table["version"],
        cues=patterns.compiled("|".join(table["cues"]).replace("*", r"\*")),
        **{part: Rules(table[part]["patterns"], words) for part in parts},
        **{name: patterns.compiled(pattern) for name, pattern in table["who"].items()},
    )


@cache
def personal_details() -> PersonalDetailWords:
    """Return the compiled lists for what tells who somebody is. Raises BadPattern."""
    table = _read("personal_details")
    given = patterns.plain(table["name"]["given"]).decode("ascii").split()
    words = {"given": f"(?:{'|'.join(given)})"}
    rules = {kind: Rules(table[kind]["patterns"], words) for kind in PERSONAL_DETAILS}
    return PersonalDetailWords(table["version"], rules, Rules(table["phone"]["unless"], {}))


def _signs(sentence: bytes, words: SelfHarmWords) -> Iterator[bool]:
    """Yield for each sign in a sentence whether it is meant, and by the writer."""
    if not words.signs.count(sentence):
        return  # as nearly always; what is left without its turns of speech has no more signs
    bare = words.idioms.without(sentence, _IDIOM)
    for match in words.signs.matches(bare):
        before = bare[max(0, match.start() - LOOKS_BACK) : match.start()]
        after = bare[match.end() : match.end() + LOOKS_AHEAD]
        excused = words.not_after.count(before) or words.not_before.count(after)
        yield not excused and _is_about_me(before, match[0], words)


def _is_about_me(before: bytes, sign: bytes, words: SelfHarmWords) -> bool:
    if words.own.search(sign):
        return True
    me = max((match.start() for match in words.me.finditer(before)), default=-1)
    others = max((match.start() for match in words.others.finditer(before)), default=-1)
    return me >= others


def _counts(
    kind: str, found: bytes, lists: PersonalDetailWords, known_numbers: frozenset[str]
) -> bool:
    if kind != "phone":
        return True
    digits = found.translate(None, _BETWEEN_DIGITS).decode("ascii")
    return (
        digits not in known_numbers
        and bool(_IN_A_ROW.search(found))
        and not lists.unless.count(found.strip())
    )


def _said(text: str) -> bytes:
    """Return the writer's own words as the list has them: small letters without apostrophes."""
    own = patterns.plain(unquoted(text.lower())).translate(_SPACES, _EXTRA)
    return _EMPHASIS.sub(b" ", own)


def _sentences(said: bytes) -> Iterator[bytes]:
    for sentence in _SENTENCE.split(said):
        words = sentence.split()
        if words:
            yield b" ".join(words)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
