"""No regular expression in the page's scripts takes time by the square of a text's length.

They are read where they are, written in Python's way, and looked at as those of the server are.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.text.backtracking import problems

SCRIPTS = Path(__file__).parents[3] / "static" / "js"
_CLASS = r"\[(?:[^\]\\\n]|\\.)*\]"
# A slash begins a pattern where no value is before it that could be divided.
LITERAL = re.compile(
    rf"(?:[(,=:\[!&|?{{}};>]|return)[ \n]*/(?![/*])((?:[^/\\\[\n]|\\.|{_CLASS})+)/([dgimsuvy]*)"
)
COMMENT = re.compile(r"^ *(?://|/?\*).*$|(?<=\s)// .*$", re.MULTILINE)
# Made of parts: what is in them, and why they need not be read here.
PUT_TOGETHER = {
    "backslash_escapes.js": "a run of one class that nothing need follow; else at most nine signs",
    "mentions.js": "at most 60 signs before the end of what was typed, behind an @",
    "content_note_preferences.js": "one letter of some scripts",
    "words.js": "VALUE, which is written out and read",
}
# What JavaScript says of letters, for Python's parser.
UNICODE = {
    r"\p{L}": "a-zA-Zéßİ中あيक",
    r"\p{M}": "\u0308\u094d",
    r"\p{N}": r"\d",
}


def patterns() -> Iterator[tuple[str, str, str]]:
    """Yield script, pattern and flags of every regular expression that is written out."""
    for script in sorted(SCRIPTS.rglob("*.js")):
        for found in LITERAL.finditer(COMMENT.sub("", script.read_text())):
            yield script.name, found[1], found[2]


def in_python(pattern: str) -> str:
    """Return a pattern as Python's parser reads it."""
    for name, letters in UNICODE.items():
        in_set = re.compile(rf"(\[[^\]]*){re.escape(name)}")
        pattern = in_set.sub(r"\1" + letters.replace("\\", r"\\"), pattern)
        pattern = pattern.replace(name, f"[{letters}]")
    return pattern.replace(r"\/", "/")


@pytest.mark.parametrize(("script", "pattern", "flags"), list(patterns()))
def test_no_pattern_of_a_script_goes_back_over_what_it_has_read(
    script: str, pattern: str, flags: str
) -> None:
    ignore_case = re.IGNORECASE if "i" in flags else 0
    assert not problems(in_python(pattern), ignore_case, searched=True, to_the_end=False)


def test_all_of_them_are_read() -> None:
    found = [pattern for _, pattern, _ in patterns()]
    assert r"((?:https?:\/\/|www\.)\S+)" in found
    with_a_slash = r"(?!(?<=[/(])_\/)(?:(?<![\p{L}\p{N}_])_(?!_)|(?<!_)_(?![\p{L}\p{N}_]))"
    assert with_a_slash in found
    texts = {script.name: script.read_text() for script in SCRIPTS.rglob("*.js")}
    assert {name for name, text in texts.items() if "RegExp(" in text} == set(PUT_TOGETHER)
    used = re.compile(
        r"\.(?:replace|replaceAll|match|matchAll|split|search)\(/|/[a-z]*\.(?:test|exec)\("
    )
    assert len(found) >= sum(len(used.findall(COMMENT.sub("", text))) for text in texts.values())
