# ruff: noqa: RUF001 - wide signs are what this is about
"""What a spreadsheet shows of our CSV is words, in the right letters, and never a formula."""

import csv
import io

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.text import csv_cells
from forum.core.text.csv_cells import safe_cell
from forum.moderation.actions import service
from tests.support import factories as make

RUN = [
    "=1+1",
    "+1",
    "-1",
    "@sum",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "﹦1",
    "−1",
    " =1",
    "\t=1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\r=1",
    "\n@a",
    "x;=cmd|' /C calc'!A0",
    "x; =1",
    "x;;＝1",
    "x\n=1",
    'x;"=1',
    "x\t-1",
    "x\r\n+1",
    "\tx",
    "\rx",
    "　＝1",
    "\x00=1",
    "\x1f=1",
    "\x0b=1",
    "\x0c@a",
    "\x7f=1",
    "\x85=1",
    "\u1680=1",
    "\u180e=1",
    "\u2028=1",
    "\u2066=1",
    "\u2069=1",
    "\u034f=1",
    "\u061c=1",
    "\u115f=1",
    "\u2800=1",
    "\u3164=1",
    "\ufe0f=1",
    "\ufff9=1",
    "\U000e0020=1",
    "x;\u2800=1",
    "⁼1",
    "₌1",
    "⁺1",
    "₋1",
]
WORDS = ["fine", "a=b", "2 + 2", "well - yes", "x; y", "a@b.org", "Zu persönlich – siehe Regel", ""]


@pytest.mark.parametrize("words", RUN)
def test_what_could_run_gets_an_apostrophe(words: str) -> None:
    safe = safe_cell(words)
    assert safe != words
    assert safe.replace("'", "") == words.replace("'", "")


@pytest.mark.parametrize("words", WORDS)
def test_other_words_stay_as_they_are(words: str) -> None:
    assert safe_cell(words) == words


@settings(deadline=None)  # the first one loads what the others need
@given(st.text(st.sampled_from(" \t\r\n;\"'=+-@＝－⁼x1,\u200b\u00a0\x0b\u2800")))
def test_no_field_begins_like_a_formula_wherever_a_line_is_parted(words: str) -> None:
    made = io.StringIO()
    csv.writer(made).writerow(["1", safe_cell(words), "z"])
    for field in made.getvalue().replace("\n", ";").replace("\r", ";").split(";"):
        assert field.strip(' \t\u200b\u00a0\x0b\u2800"')[:1] not in set("=+-@＝－⁼")
    in_arrow = pc.replace_substring_regex(pa.array([words]), csv_cells.RISKY, csv_cells.SAFE)
    assert in_arrow.to_pylist() == [safe_cell(words)]


def test_the_log_opens_in_the_right_letters_and_is_read_by_programs(app: Flask) -> None:
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    author = make.join(make.person("zoë-mära"), group)
    post = make.thread(author, group)
    service.take_action(moderator, "hide", post.id, reason="x;=cmd Zu persönlich – siehe Regel")
    client = app.test_client()
    make.log_in(client, moderator)
    sent = client.get("/moderation/log.csv")
    assert sent.data.startswith(b"\xef\xbb\xbfid,")
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert [(row["person"], row["reason"]) for row in rows] == [
        ("zoë-mära", "x;'=cmd Zu persönlich – siehe Regel")
    ]
