"""Patterns that take time in proportion to a text, whatever is in it: RE2 on plain ASCII.

RE2 never goes back in a text, so it has no look-ahead; a rule says in `unless` what may not follow.
It knows the letters of ASCII alone, so texts are made `plain` before.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import re2

from forum.core.text.alphabets import letters

_CACHE_SIZE = 10_000
_APOSTROPHES = "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_OTHER_LETTER, _OTHER_SIGN = "_", "#"


class BadPattern(ValueError):
    """A pattern that RE2 does not take; the message names it."""


class Rule:
    """One pattern, which does not count where `unless` follows.

    With a group in it, the group is what is found, and `unless` is looked for where it begins;
    without one, the whole match is found, and `unless` is looked for at its end.
    """

    def __init__(self, pattern: str, unless: str = "") -> None:
        """Take a pattern. Raises BadPattern when RE2 does not."""
        self._pattern = compiled(pattern)
        self._unless = compiled(unless) if unless else None
        self.has_group = self._pattern.groups > 0

    def matches(self, text: bytes) -> Iterator[Any]:
        """Yield each match that counts in a plain text."""
        at = 0
        while match := self._pattern.search(text, at):
            at = match.start(1) if self.has_group else match.end()
            if self._unless is None or not self._unless.match(text, at):
                yield match
                at = match.end(self.has_group)


class Rules:
    """Several rules; plain patterns without a group are tried as one."""

    def __init__(self, listed: Iterable[str | Mapping[str, str]], words: Mapping[str, str]) -> None:
        """Take patterns and tables of `pattern` and `unless`. Raises BadPattern.

        <name> in a pattern stands for one of `words`.
        """
        simple, rules = [], []
        for one in listed:
            pattern, unless = (one, "") if isinstance(one, str) else (one["pattern"], one["unless"])
            rule = Rule(filled(pattern, words), filled(unless, words))
            if unless or rule.has_group:
                rules.append(rule)
            else:
                simple.append(f"(?:{filled(pattern, words)})")
        self._rules = [*([Rule("|".join(simple))] if simple else []), *rules]

    def matches(self, text: bytes) -> Iterator[Any]:
        """Yield each match that counts in a plain text, rule by rule."""
        for rule in self._rules:
            yield from rule.matches(text)

    def found(self, text: bytes) -> Iterator[bytes]:
        """Yield what is found in a plain text, rule by rule."""
        for rule in self._rules:
            yield from (match[rule.has_group] for match in rule.matches(text))

    def count(self, text: bytes) -> bool:
        """Whether anything counts in a plain text."""
        return next(self.matches(text), None) is not None

    def without(self, text: bytes, instead: bytes) -> bytes:
        """Return a plain text with `instead` in place of everything that counts."""
        for rule in self._rules:
            pieces, end = [], 0
            for match in rule.matches(text):
                pieces.append(text[end : match.start()])
                end = match.end()
            text = instead.join([*pieces, text[end:]])
        return text


class _Plain(dict[int, str | None]):
    """What each character becomes, found out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        if len(self) > _CACHE_SIZE:
            self.clear()
        self[code] = value = _plain_character(chr(code))
        return value


def plain(text: str) -> bytes:
    """Return a text in ASCII, for patterns.

    Letters and digits lose their accents and styles, those of other alphabets become "_". Marks
    and what cannot be seen are left out; every other sign becomes "#".
    """
    return (text if text.isascii() else text.translate(_table)).encode("ascii")


def compiled(pattern: str) -> Any:
    """Return a pattern for plain texts. Raises BadPattern."""
    try:
        return re2.compile(pattern.encode("ascii"), _options)
    except (re2.error, UnicodeEncodeError) as problem:
        raise BadPattern(f"RE2 does not take the pattern {pattern!r}: {problem}") from problem


def filled(pattern: str, words: Mapping[str, str]) -> str:
    """Return a pattern with words in place of their names in <>."""
    return re.sub(r"<(\w+)>", lambda name: words[name[1]], pattern)


def _plain_character(char: str) -> str | None:
    kind = unicodedata.category(char)
    if char.isascii():
        return char
    if kind[0] == "M" or kind in {"Cf", "Cs"}:
        return None
    if char.isalnum():
        return letters.base(char) or _OTHER_LETTER
    if char in _APOSTROPHES:
        return "'"
    if char == "\N{HORIZONTAL ELLIPSIS}":
        return "."
    return " " if char.isspace() else _OTHER_SIGN


_table = _Plain()
_options = re2.Options()
_options.encoding = re2.Options.Encoding.LATIN1
_options.log_errors = False
