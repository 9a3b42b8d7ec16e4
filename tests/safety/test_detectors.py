"""The detectors: how well they do is counted; nothing makes them fail."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.demo import text as demo_text
from forum.safety import detector, detector_evaluation, helplines

DOCS = Path(__file__).parents[2] / "docs" / "safety.md"
KNOWN = helplines.digits(helplines.load(Path("/nowhere")))
MEASURED = {(one.kind, one.examples): one for one in detector_evaluation.measured(KNOWN)}
# Each says "I want to die" in a way that people really write.
SAME = [
    "I WANT TO DIE",
    "i just want to die",
    "I want to\ndie",
    "I  want\tto   die",
    "i wanna die",
    "I *really* want to die",
    "**I want to die**",
    "I don\u2019t want to live",
    "I dont want to live",
    "Hello all.\n\nI have to say it: I want to die",
    "I w\u200bant to die",
    "- I want to die",
    "> how are you?\n\nI want to die",
]


@pytest.mark.parametrize("text", SAME)
def test_the_same_words_are_seen_however_they_are_typed(text: str) -> None:
    assert detector.detects_crisis(text)


@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    assert detector.detects_crisis(text) in {True, False}
    assert set(detector.find_personal_details(text)) <= set(detector.PERSONAL_DETAILS)


WORDS = st.sampled_from(
    [
        *[
            "i",
            "dont",
            "want",
            "to",
            "die",
            "kill",
            "myself",
            "live",
            "she",
            "not",
            "never",
            ">",
            ".",
            "no",
            "me",
        ],
        "\n",
    ]
)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_quoted_text_is_not_the_writers(text: str) -> None:
    quoted = "\n".join(f"> {line}" for line in text.splitlines())
    assert not detector.detects_crisis(quoted)
    assert detector.find_personal_details(quoted) == ()


def test_examples_are_enough_and_no_text_is_in_both_halves() -> None:
    assert sum(one.total for one in MEASURED.values()) >= 150
    harm = [
        MEASURED[detector.SELF_HARM, half]
        for half in (detector_evaluation.TUNED, detector_evaluation.HELD_OUT)
    ]
    assert all(one.total >= 50 for one in harm)
    halves = [
        (detector.DATA / "evaluation" / f"{half}.toml").read_text()
        for half in ("tuned", "held_out")
    ]
    texts = [set(re.findall(r'^  "(.+)",$', half, re.MULTILINE)) for half in halves]
    assert not texts[0] & texts[1]


@pytest.mark.parametrize("half", [detector_evaluation.TUNED, detector_evaluation.HELD_OUT])
def test_the_lists_keep_what_they_reached(half: str) -> None:
    """A change of the lists may not make them worse than this; better figures go into the docs."""
    harm = MEASURED[detector.SELF_HARM, half]
    assert harm.recall >= 0.85
    assert harm.precision >= 0.95
    for kind in detector.PERSONAL_DETAILS:
        assert MEASURED[kind, half].recall >= 0.9
        assert MEASURED[kind, half].precision >= 0.9


def test_the_documentation_has_todays_figures() -> None:
    cells = r"^\| (\w+) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|"
    rows = re.findall(cells, DOCS.read_text(), re.MULTILINE)
    told = {(kind, half): tuple(map(int, counts)) for kind, half, *counts in rows}
    assert told == {
        key: (one.found, len(one.missed), len(one.false_alarms), one.left_alone)
        for key, one in MEASURED.items()
    }


def test_the_detector_flags_one_person_of_the_demo_community() -> None:
    now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    groups = [demo_text.read(path.read_text(), now) for path in sorted(demo_text.DATA.glob("*.md"))]
    posts = [post.body for group in groups for thread in group.threads for post in thread.posts]
    assert len(posts) > 400
    assert sum(map(detector.detects_crisis, posts)) == 1
    assert not [body for body in posts if detector.find_personal_details(body, KNOWN)]


def test_numbers_of_help_lines_are_nobodys() -> None:
    for country in helplines.load(Path("/nowhere")).values():
        for line in country.lines:
            for number in line.numbers:
                assert detector.find_personal_details(f"Call {number} now.", KNOWN) == (), number
