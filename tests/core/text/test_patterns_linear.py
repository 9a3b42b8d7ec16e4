"""No pattern of the forum takes more than in proportion to a text: all compiled ones are tried.

Each is searched in texts of 10,000 characters that are made of what it itself looks for. Four
times the text may take about four times the time; a pattern that goes back takes sixteen or more.
"""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from re import _constants as ops  # type: ignore[attr-defined, unused-ignore]
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]
from typing import Any

import pytest

import forum
from tests.support.text.backtracking import patterns_in

LONG, ENOUGH_S, WORSE = 10_000, 0.02, 8
# Applied to words that are bounded before: command line, settings, and files that ship with us.
NOT_TYPED = {"forum.demo.text", "forum.settings.environment", "forum.settings.values"}


def _patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in pkgutil.walk_packages(forum.__path__, "forum."):
        if ".migrations" in module.name or module.name in {
            "forum.server.gunicorn_conf",
            *NOT_TYPED,
        }:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in patterns_in(value):
                yield f"{module.name}.{name}", pattern


def _pieces(parsed: Any) -> Iterator[str]:
    """Yield something that each part of a parsed pattern can match."""
    for op, value in parsed:
        if op is ops.LITERAL:
            yield chr(value)
        elif op is ops.IN:
            yield _of_set(value)
        elif op in {ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT}:
            yield from _pieces(value[2])
        elif op is ops.SUBPATTERN:
            yield from _pieces(value[3])
        elif op in {ops.ASSERT, ops.ASSERT_NOT}:
            yield from _pieces(value[1])
        elif op is ops.BRANCH:
            for branch in value[1]:
                yield from _pieces(branch)
        elif op in {ops.ANY, ops.NOT_LITERAL}:
            yield "x"


def _of_set(members: Any) -> str:
    for op, value in members:
        if op is ops.LITERAL:
            return chr(value)
        if op is ops.RANGE:
            return chr(value[0])
        if op is ops.CATEGORY:
            return {ops.CATEGORY_SPACE: " ", ops.CATEGORY_DIGIT: "1"}.get(value, "a")
    return "x"


def _hostile(pattern: re.Pattern[Any]) -> Iterator[str]:
    pieces = list(dict.fromkeys(_pieces(parser.parse(pattern.pattern, pattern.flags))))
    whole = "".join(pieces)
    units = {*pieces, whole, *(one + other for one in pieces[:4] for other in pieces[:4])}
    for unit in filter(None, sorted(units)):
        for start, end in (("", "\0"), (whole, "\0"), ("", "")):
            yield f"{start}{(unit * (LONG // len(unit) + 1))[:LONG]}{end}"


def _seconds(pattern: re.Pattern[Any], text: str) -> float:
    said = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
    start = time.process_time()
    pattern.sub(lambda found: found[0], said)
    pattern.fullmatch(said)
    return time.process_time() - start


@pytest.mark.parametrize(("where", "pattern"), list(_patterns()), ids=lambda one: str(one)[:60])
def test_a_pattern_takes_time_in_proportion_to_a_text(where: str, pattern: re.Pattern[Any]) -> None:
    for text in _hostile(pattern):
        if _seconds(pattern, text) < ENOUGH_S:
            continue
        part = text[: len(text) // 4]
        worst = min(_seconds(pattern, text) for _ in range(2))
        assert worst < WORSE * max(_seconds(pattern, part), ENOUGH_S / 4), (where, text[:60])
