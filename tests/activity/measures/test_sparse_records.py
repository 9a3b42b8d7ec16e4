"""Measures of records in which there is next to nothing: what has no value is none, not 0 or 1."""

from pathlib import Path
from typing import Any

import pytest

from forum.activity import measures
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from tests.support.research.study_records import BEGIN, event, person, written

SHARES = ("share_of_top_hundredth", "share_of_next_nine", "share_of_ninety")


def wrote(participant: int, number: int) -> dict[str, Any]:
    return event("thread_started", participant, 1, thread_id=number, post_id=number, words=9)


def measured(folder: Path, people: int, acts: list[dict[str, Any]]) -> dict[str, float | None]:
    present = [person(key) for key in range(1, people + 1)]
    with opened(written(folder, present, acts), Window(BEGIN.date(), 56)) as record:
        return {name: each.compute(record) for name, each in measures.study_measures().items()}


@pytest.mark.parametrize("people", [0, 1, 20])
def test_of_no_posts_nobody_has_a_share(tmp_path: Path, people: int) -> None:
    found = measured(tmp_path, people, [])
    assert found["lurkers_no_posts"] == people
    assert [found[name] for name in (*SHARES, "gini", "zipf_slope")] == [None] * 5


@pytest.mark.parametrize("people", [2, 30])
def test_a_line_explains_nothing_where_nothing_varies(tmp_path: Path, people: int) -> None:
    found = measured(tmp_path, people, [wrote(each, each) for each in range(1, people + 1)])
    assert (found["zipf_slope"], found["zipf_r2"]) == (0, None)
    assert found["gini"] == 0
    assert sum(found[name] or 0 for name in SHARES) == pytest.approx(1)


def test_one_person_who_wrote_everything_has_it_all(tmp_path: Path) -> None:
    found = measured(tmp_path, 1, [wrote(1, number) for number in range(1, 4)])
    assert (found["share_of_top_hundredth"], found["share_of_ninety"]) == (1, 0)
    assert (found["gini"], found["gini_corrected"], found["zipf_r2"]) == (0, None, None)


def test_a_member_who_only_joined_has_stopped_using(tmp_path: Path) -> None:
    found = measured(tmp_path, 9, [])
    assert (found["stopped_using"], found["usage_half_life"]) == (9, 1)
