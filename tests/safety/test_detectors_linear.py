# ruff: noqa: RUF001 - letters that look like others are what this is about
"""The detectors take time in proportion to a text, and no pattern gets in that could take more."""

import re
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from forum.safety import detector, patterns
from forum.safety.patterns import BadPattern, Rule, Rules

LONG = 20_000
TIMES_MOST = 200  # a hostile text may take so many times what an everyday one of its length takes
EVERYDAY = (
    "Good morning everybody. I slept badly again, and the tea has gone cold beside me. "
    "Thank you for asking, it is kind of you to write so early in the day. "
)
_WORDS = re.compile(r"[a-z*]+")

ATTACKS = [
    "i want to die " * 1430,
    "want to to to to to " * 1000,
    "a" * 20_000,
    "not " * 5_000,
    "1 2 " * 5_000,
    "12 St Mary's " * 1_538,
    "a@" * 10_000,
    "> x\n" * 5_000,
    "my name is " * 1_818,
    "never wanted to die to kill myself " * 570,
    "Anna " * 4_000,
    "+1-(2)" * 3_333,
    "7" * 20_000,
    "7 " * 10_000,
    "i am so so so " * 1_400,
    "no reason left to just " * 869,
    "a." * 10_000,
    "he said that she said " * 900,
    "better better better " * 950,
    "\u200b" * 20_000,
    "." * 20_000,
    "a.b@" * 5_000,
    "x@" + "y." * 9_000,
    "12 Aa Bb Cc Dd " * 1_300,
    "rue de la d'" * 1_600,
    "i wish i just " * 1_400,
    "\n\n\n" * 6_600,
    "* * " * 5_000,
    "(" * 20_000,
    "i'" * 10_000,
]


def _patterns() -> Iterator[tuple[str, str]]:
    for name in ("self_harm", "personal_details"):
        table = tomllib.loads((detector.DATA / f"{name}.toml").read_text())
        for part, listed in table.items():
            if isinstance(listed, dict):
                rules = [*listed.get("patterns", []), *listed.get("unless", [])]
                words = [one for one in listed.values() if isinstance(one, str)]
                for place, rule in enumerate([*rules, *words]):
                    yield f"{part}-{place}", rule if isinstance(rule, str) else rule["pattern"]


def _hostile(pattern: str) -> Iterator[str]:
    """Yield texts of LONG characters that are made of a pattern's own words."""
    # Of each choice the first, as far as this can be told without reading the pattern.
    words = [word for word in _WORDS.findall(re.sub(r"\\.|\[[^\]]*\]", " ", pattern)) if word]
    some = " ".join(islice(words, 12)) or "i"
    for piece in (
        *words[:3],
        some,
        f"{some} ",
        f"{some} i ",
        f"i want to die {some} ",
        f"not {some} ",
        f"{some}. ",
        f"{some}…",
        f"{some.title()} ",
        f"{some}\u0301\u0323",
        f"12 {some.title()} ",
        "e\u0301\u200d" + some,
        "*" + some,
        f"{some}@{some}.",
        f"{some}\n\n",
        f"1 {some}-2",
    ):
        yield (piece * (LONG // len(piece) + 1))[:LONG]
    for held in (words[0][-1] if words else "e", ".", "*", " ", "\n", "1 ", "+", "\u0301"):
        yield f"i want to die {some} {held * LONG}x"[:LONG]
        yield f"i want to die {held * 60} {some} " * (LONG // 150)


def _seconds(text: str) -> float:
    start = time.process_time()
    detector.detects_crisis(text)
    detector.find_personal_details(text)
    return time.process_time() - start


@cache
def _everyday_seconds() -> float:
    text = (EVERYDAY * (LONG // len(EVERYDAY) + 1))[:LONG]
    _seconds(text)
    return max(min(_seconds(text) for _ in range(5)), 0.000_5)


@pytest.mark.parametrize(("where", "pattern"), list(_patterns()))
def test_no_text_of_a_patterns_own_words_takes_long(where: str, pattern: str) -> None:
    most = TIMES_MOST * _everyday_seconds()
    for text in _hostile(pattern):
        took = _seconds(text)
        assert took < most or _seconds(text) < most, (where, text[:80])


@pytest.mark.parametrize("place", range(len(ATTACKS)))
def test_no_text_that_was_made_to_take_long_does(place: int) -> None:
    most, text = TIMES_MOST * _everyday_seconds(), ATTACKS[place][:LONG]
    assert _seconds(text) < most or _seconds(text) < most, text[:20]


@pytest.mark.parametrize("letters", [60, 2_000, 19_000])
def test_a_held_key_is_no_trap(letters: int) -> None:
    most = TIMES_MOST * _everyday_seconds()
    held = "e" * letters
    for text in (
        f"i want to die{held}",
        f"i want to die {held}!",
        f"she said {held} i want to die",
        f"i want to die {'e ' * letters}",
    ):
        assert _seconds(text) < most, text[:40]


@pytest.mark.parametrize(
    "pattern", ["(a)(?=b)", "(?<!a)b", "(?!a)b", r"(a)\1", "(?>a)", "a++", "ä"]
)
def test_what_re2_does_not_take_is_no_rule(pattern: str) -> None:
    with pytest.raises(BadPattern, match="RE2 does not take"):
        Rule(pattern)
    with pytest.raises(BadPattern):
        Rules(["fine", {"pattern": "fine", "unless": pattern}], {})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zoë’s Straße…", b"Zoe's Strase."),
        ("e\u0301\u200d", b"e"),
        ("ｗａｎｔ", b"want"),
        ("٠٧", b"07"),
        ("日本 – ʒ", b"__ # _"),
        ("\N{MATHEMATICAL BOLD SMALL D}ie", b"die"),
    ],
)
def test_patterns_see_plain_letters(text: str, plain: bytes) -> None:
    assert patterns.plain(text) == plain


@pytest.mark.parametrize(
    "text",
    ["I want to díe", "i wänt to die", "ｉ want to die"],
)
def test_accents_and_styles_hide_nothing(text: str) -> None:
    assert detector.detects_crisis(text)


def test_very_many_denials_are_looked_at_by_a_human() -> None:
    assert not detector.detects_crisis("I do not want to die. " * (detector.MAX_SIGNS - 1))
    assert detector.detects_crisis("I do not want to die. " * detector.MAX_SIGNS)
