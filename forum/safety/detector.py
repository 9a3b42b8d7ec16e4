"""What a text may tell of its writer: that they want to die, or who they are. Nothing is kept.

The lists are data (`detectors/*.toml`). All patterns are bounded, and looked for sentence by
sentence, so that the longest post takes milliseconds.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "detectors"
SELF_HARM = "self_harm"
PRIVATE = ("email", "phone", "address", "name")
LOOKS_BACK, LOOKS_AHEAD = 90, 60
# Apostrophes straight, curly and of hurried fingers, and what cannot be seen.
_PLAIN = str.maketrans(
    dict.fromkeys("'\u2019\u2018`\u200b\u200c\u200d\u00ad") | {"_": " ", "~": " "}
)
_SENTENCE = re.compile(r"[.!?…;]+(?=\s|$)|\n\s*\n")
_EMPHASIS = re.compile(r"(?<!\w)\*+|\*+(?!\w)")
_DIGITS = re.compile(r"\D+")
_IN_A_ROW = re.compile(r"\d{3}")


@dataclass(frozen=True)
class SelfHarm:
    """The compiled list; `version` is kept with what it finds."""

    version: int
    cues: tuple[str, ...]
    signs: re.Pattern[str]
    idioms: re.Pattern[str]
    not_after: re.Pattern[str]
    not_before: re.Pattern[str]
    me: re.Pattern[str]
    others: re.Pattern[str]
    own: re.Pattern[str]


@dataclass(frozen=True)
class Private:
    """The compiled lists of what tells who somebody is."""

    version: int
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    unless: re.Pattern[str]


def speaks_of_dying(text: str) -> bool:
    """Whether the writer seems to speak of wanting to die or to hurt themselves. Never raises."""
    words, listed = self_harm(), text.lower()
    if not any(cue in listed for cue in words.cues):
        return False
    return any(_tells(sentence, words) for sentence in _sentences(listed))


def private_parts(text: str, known_numbers: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return which of PRIVATE seem to stand in a text. `known_numbers` are digits of help lines."""
    said, lists = unquoted(text), private()
    found = [
        kind
        for kind in PRIVATE
        if any(_counts(kind, match[0], lists, known_numbers)
               for pattern in lists.patterns[kind] for match in pattern.finditer(said))
    ]  # fmt: skip
    return tuple(found)


def unquoted(text: str) -> str:
    """Return a text without the lines that quote somebody else."""
    if ">" not in text:
        return text
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))


@cache
def self_harm() -> SelfHarm:
    """Return the compiled list for self-harm."""
    table = _read("self_harm")
    words: dict[str, str] = {}
    for name, pattern in table["words"].items():
        words[name] = _filled(pattern, words)

    def compiled(part: str) -> re.Pattern[str]:
        return _any(_filled(pattern, words) for pattern in table[part]["patterns"])

    who = {name: re.compile(pattern) for name, pattern in table["who"].items()}
    return SelfHarm(
        version=table["version"],
        cues=tuple(table["cues"]),
        signs=compiled("signs"),
        idioms=compiled("idioms"),
        not_after=compiled("not_after"),
        not_before=compiled("not_before"),
        **who,
    )


@cache
def private() -> Private:
    """Return the compiled lists for what tells who somebody is."""
    table = _read("private")
    given = "(?:" + "|".join(table["name"]["given"].split()) + ")"
    patterns = {
        kind: tuple(
            re.compile(_filled(pattern, {"given": given})) for pattern in table[kind]["patterns"]
        )
        for kind in PRIVATE
    }
    return Private(table["version"], patterns, _any(table["phone"]["unless"]))


def _tells(sentence: str, words: SelfHarm) -> bool:
    bare = words.idioms.sub(" — ", sentence)
    for match in words.signs.finditer(bare):
        before = bare[max(0, match.start() - LOOKS_BACK) : match.start()]
        after = bare[match.end() : match.end() + LOOKS_AHEAD]
        excused = words.not_after.search(before) or words.not_before.search(after)
        if not excused and _is_about_me(before, match[0], words):
            return True
    return False


def _is_about_me(before: str, sign: str, words: SelfHarm) -> bool:
    if words.own.search(sign):
        return True
    me = max((match.start() for match in words.me.finditer(before)), default=-1)
    others = max((match.start() for match in words.others.finditer(before)), default=-1)
    return me >= others


def _counts(kind: str, found: str, lists: Private, known_numbers: frozenset[str]) -> bool:
    if kind != "phone":
        return True
    digits = _DIGITS.sub("", found)
    return (
        digits not in known_numbers
        and bool(_IN_A_ROW.search(found))
        and not lists.unless.search(found.strip())
    )


def _sentences(text: str) -> Iterator[str]:
    plain = _EMPHASIS.sub(" ", unquoted(text).translate(_PLAIN))
    for sentence in _SENTENCE.split(plain):
        if sentence and not sentence.isspace():
            yield " ".join(sentence.split())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda match: words[match[1]], pattern)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
