"""Scores follow each instrument's rules, whatever the answers and their order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.research.instruments import registry, scoring
from forum.research.instruments.definition import Instrument, reliable_change

SCORED = [one for one in registry.bundled().values() if one.scale]


def numbered(one: Instrument, values: list[int]) -> dict[str, int | None]:
    """Return answers to all items, in their order."""
    return dict(zip((item.id for item in one.items), values, strict=True))


@st.composite
def answered(draw: Any) -> tuple[Instrument, dict[str, int | None]]:
    """Draw answers to all items of an instrument."""
    one = draw(st.sampled_from(SCORED))
    return one, {item.id: draw(st.sampled_from(item.values)) for item in one.items}


@pytest.mark.parametrize(
    ("name", "answers", "value"),
    [
        ("phq-9", [1, 2, 3, 3, 2, 1, 0, 0, 1, 3], 13),
        ("gad-7", [3] * 7, 21),
        ("ces-d", [0] * 20, 12),
        ("ces-d", [3] * 20, 48),
        ("who-5", [1, 2, 3, 4, 5], 60),
    ],
)
def test_known_answers_have_the_scores_of_the_papers(
    name: str, answers: list[int], value: float
) -> None:
    one = registry.bundled()[name]
    assert scoring.score(one, numbered(one, answers)).value == value


@given(answered())
def test_a_score_is_in_its_range_and_ignores_the_order(
    drawn: tuple[Instrument, dict[str, int | None]],
) -> None:
    one, answers = drawn
    found = scoring.score(one, answers)
    assert one.scale
    assert found.value is not None
    assert one.scale.lowest <= found.value <= one.scale.highest
    assert found == scoring.score(one, dict(reversed(answers.items())))
    assert not found.is_prorated


@given(answered(), st.data())
def test_more_of_one_item_never_scores_the_other_way(
    drawn: tuple[Instrument, dict[str, int | None]], data: st.DataObject
) -> None:
    one, answers = drawn
    item = data.draw(st.sampled_from(one.scored))
    scores = [scoring.score(one, {**answers, item.id: v}).value or 0 for v in sorted(item.values)]
    assert scores == sorted(scores, reverse=item.is_reversed)


@given(answered(), st.data())
def test_missing_answers_are_never_0(
    drawn: tuple[Instrument, dict[str, int | None]], data: st.DataObject
) -> None:
    one, answers = drawn
    assert one.scale
    ids = [item.id for item in one.scored]
    gone = data.draw(st.sets(st.sampled_from(ids), min_size=1))
    found = scoring.score(one, {key: None if key in gone else v for key, v in answers.items()})
    assert (found.missing, found.answered) == (len(gone), len(ids) - len(gone))
    if len(gone) > one.scale.most_missing:
        assert found.value is None
    else:
        assert found.is_prorated
        highest = {item.id: (min if item.is_reversed else max)(item.values) for item in one.items}
        full = scoring.score(one, {k: v for k, v in highest.items() if k not in gone})
        assert full.value == one.scale.highest


def test_what_is_not_asked_is_refused() -> None:
    one = registry.bundled()["phq-9"]
    wrongs: list[dict[str, Any]] = [{"11": 1}, {"1": 4}, {"1": -1}, {"1": True}, {"1": 1.0}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="phq-9"):
            scoring.score(one, wrong)


@pytest.mark.parametrize(("value", "named"), [(0, "minimal"), (9.9, "mild"), (20, "severe")])
def test_bands(value: float, named: str) -> None:
    assert scoring.band(registry.bundled()["phq-9"], value) == named
    assert scoring.band(registry.bundled()["who-5"], value) == ""


def test_any_answer_but_not_at_all_to_item_9_calls_for_help() -> None:
    one = registry.bundled()["phq-9"]
    assert scoring.danger_answers(one, {"9": 0, "8": 3}) == ()
    assert scoring.danger_answers(one, {"9": None}) == ()
    assert [scoring.danger_answers(one, {"9": value}) for value in (1, 2, 3)] == [("9",)] * 3
    asked = {item.danger_from for item in registry.bundled()["phq-8"].items}
    assert asked == {None}


def test_reliable_change_of_the_ces_d() -> None:
    assert round(reliable_change(3.64), 2) == 10.09


def test_a_subscale_is_scored_from_all_its_items() -> None:
    one = registry.bundled()["mspss"]
    family = {"3", "4", "8", "11"}
    found = scoring.score(one, {item.id: 7 if item.id in family else 1 for item in one.items})
    assert found.subscales == {"family": 7, "friends": 1, "significant_other": 1}
    one_less = {item.id: 7 for item in one.items if item.id != "11"}
    assert scoring.score(one, one_less).subscales["family"] is None
    mixed = scoring.score(one, {item.id: int(item.id) % 7 + 1 for item in one.items})
    assert mixed.subscales["family"] == (4 + 5 + 2 + 5) / 4
