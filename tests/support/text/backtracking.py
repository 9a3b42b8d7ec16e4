"""Finds regular expressions that can take time by the square of a text's length, or worse.

A pattern is read with Python's own parser. Sets of characters are compared by samples. Flagged are

* a loop with a loop inside that could go on where the outer one begins again: `(a+)+`, `(a*b?)*`; a
* loop over alternatives that begin alike and vary in length: `(a|ab?)*`; two loops that could share
* what they take, before something that can fail: `a*.*b`; when a text is searched, a loop that what
* is before it could be part of: `x\\S*y`, `\\s+$`.
"""

import re
from collections.abc import Iterator, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

OTHERS = "éßİ中あيक\u094d\u0308\u200b\u200d\xa0\u2028٣😀\u2019\u2014。\uff21"
SAMPLES = frozenset(map(chr, range(128))) | frozenset(OTHERS)
MANY = 100  # A loop that ends sooner costs no more than this many times as much.
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}
_ZERO_WIDTH = {codes.AT, codes.ASSERT, codes.ASSERT_NOT}
Item = tuple[Any, Any]


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    """Yield the patterns for text in a value, also in tuples in tuples."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(tuple(value.values()))
    elif isinstance(value, (tuple, list, set, frozenset)):
        for one in value:
            yield from patterns_in(one)


def problems(pattern: str, flags: int = 0, *, searched: bool, to_the_end: bool) -> list[str]:
    """Return what may be slow in a pattern; `to_the_end`: it is used to match a whole text."""
    items = list(_flat(parser.parse(pattern, flags)))
    if to_the_end:
        items.append((codes.AT, codes.AT_END))
    found = [*_in_loops(items), *_shared(items)]
    if searched:
        found += _searched(items)
    return found


def _flat(items: Any) -> Iterator[Item]:
    """Yield the items of a sequence, with those of its plain groups in their place."""
    for op, given in items:
        if op is codes.SUBPATTERN:
            yield from _flat(given[3])
        else:
            yield op, given


def _is_loop(item: Item) -> bool:
    return item[0] in _REPEATS and item[1][1] > MANY


def _varies(item: Item) -> bool:
    return item[0] in _REPEATS and item[1][0] != item[1][1]


def _chars(items: Any) -> frozenset[str]:
    """Return every character that a sequence can take anywhere."""
    found: frozenset[str] = frozenset()
    for op, given in _flat(items):
        if op in _REPEATS or op is codes.POSSESSIVE_REPEAT:
            found |= _chars(given[2])
        elif op is codes.BRANCH:
            found = found.union(*map(_chars, given[1]))
        elif op is codes.ATOMIC_GROUP:
            found |= _chars(given)
        elif op not in _ZERO_WIDTH:
            found |= _one(op, given)
    return found


def _one(op: Any, given: Any) -> frozenset[str]:
    if op is codes.LITERAL:
        return frozenset(chr(given))
    if op is codes.NOT_LITERAL:
        return SAMPLES - {chr(given)}
    if op is codes.ANY:
        return SAMPLES - {"\n"}
    if op is not codes.IN:
        return SAMPLES
    found: frozenset[str] = frozenset()
    for kind, value in given:
        if kind is codes.RANGE:
            found |= {c for c in SAMPLES if value[0] <= ord(c) <= value[1]}
        elif kind is codes.CATEGORY:
            found |= _category(str(value))
        elif kind is codes.LITERAL:
            found |= {chr(value)}
    return SAMPLES - found if given[0][0] is codes.NEGATE else found


def _category(name: str) -> frozenset[str]:
    sign = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.rsplit("_", 1)[1]]
    sign = sign.upper() if "_NOT_" in name else sign
    return frozenset(c for c in SAMPLES if re.match(sign, c))


def _first(items: Sequence[Item]) -> tuple[frozenset[str], bool]:
    """Return with which characters a sequence can begin, and whether it can be empty."""
    found: frozenset[str] = frozenset()
    for op, given in _flat(items):
        if op in _ZERO_WIDTH:
            continue
        if op is codes.BRANCH:
            firsts = [_first(list(branch)) for branch in given[1]]
            found = found.union(*(chars for chars, _ in firsts))
            empty = any(can_be for _, can_be in firsts)
        elif op in _REPEATS or op is codes.POSSESSIVE_REPEAT:
            chars, empty = _first(list(given[2]))
            found |= chars
            empty = empty or given[0] == 0
        else:
            found |= _chars([(op, given)])
            empty = False
        if not empty:
            return found, False
    return found, True


def _can_fail(items: Sequence[Item]) -> bool:
    return any(op in _ZERO_WIDTH for op, _ in items) or not _first(items)[1]


def _in_loops(items: Sequence[Item]) -> Iterator[str]:
    for op, given in items:
        if op in _REPEATS:
            body = list(_flat(given[2]))
            yield from _in_loops(body)
            yield from _shared(body)
            if given[1] > MANY:
                yield from _loop(body)
        elif op is codes.BRANCH:
            for branch in given[1]:
                yield from _in_loops(list(_flat(branch)))
                yield from _shared(list(_flat(branch)))


def _loop(body: Sequence[Item]) -> Iterator[str]:
    anew = _first(body)[0]
    for at, item in enumerate(body):
        if _varies(item):
            after, can_end = _first(body[at + 1 :])
            if _chars([item]) & (after | anew if can_end else after):
                yield "a loop in a loop"
        if item[0] is codes.BRANCH:
            branches = [list(_flat(branch)) for branch in item[1][1]]
            for one, branch in enumerate(branches):
                for other in branches[one + 1 :]:
                    alike = _first(branch)[0] & _first(other)[0]
                    if alike and any(map(_varies, [*branch, *other])):
                        yield "alternatives that begin alike, in a loop"


def _shared(items: Sequence[Item]) -> Iterator[str]:
    items = list(_unfolded(items))
    for at, item in enumerate(items):
        if not _is_loop(item):
            continue
        own = _chars([item])
        for later in range(at + 1, len(items)):
            between = items[at + 1 : later]
            if _is_loop(items[later]) and _can_fail(items[later + 1 :]):
                both = own & _chars([items[later]])
                begins = own & _first([items[later]])[0]
                if begins and all(_takes(both, one) for one in between):
                    yield "two loops that can share what they take"


def _unfolded(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the items of a sequence as they are where every optional part is there."""
    for item in items:
        if item[0] in _REPEATS and item[1][1] == 1:
            yield from _unfolded(list(_flat(item[1][2])))
        else:
            yield item


def _takes(chars: frozenset[str], item: Item) -> bool:
    """Whether an item can stand for something of these characters, or nothing."""
    first, can_be_empty = _first([item])
    return item[0] in _ZERO_WIDTH or can_be_empty or bool(first & chars)


def _searched(items: Sequence[Item]) -> Iterator[str]:
    if (
        items
        and items[0][0] is codes.AT
        and items[0][1]
        in {
            codes.AT_BEGINNING,
            codes.AT_BEGINNING_STRING,
        }
    ):
        return
    for at, item in enumerate(items):
        if _is_loop(item) and _can_fail(items[at + 1 :]):
            own = _chars([item])
            if all(_takes(own, one) for one in items[:at]) and not _looks_behind(items, own):
                yield "a loop that begins anew at each place of a search"


def _looks_behind(items: Sequence[Item], chars: frozenset[str]) -> bool:
    """Whether a search cannot begin behind these characters."""
    op, given = items[0]
    return op is codes.ASSERT_NOT and given[0] < 0 and chars <= _chars(given[1])
