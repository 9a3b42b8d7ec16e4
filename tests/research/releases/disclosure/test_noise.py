"""Differential privacy of aggregates: the noise is as promised, the bound holds, budgets end."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.core import clock
from forum.core.errors import Invalid
from forum.research.releases import service
from forum.research.releases.disclosure.differential_privacy import noise, privacy_budget
from forum.research.releases.disclosure.differential_privacy.noise import BOUNDS, QUESTIONS, Noise
from forum.research.releases.ledger import queries
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.tiers import aggregate
from tests.support.research import simulated, study_records, study_world
from tests.support.research.study_forms import REQUEST
from tests.support.research.study_records import event, person
from tests.support.suite.thoroughness import examples

WINDOW = Window(date(2026, 1, 5), 182)
NOISY = replace(REQUEST, tier="aggregate", epsilon=1.0)
DRAWS = 40_000


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("study"), 300)


@pytest.mark.parametrize(("epsilon", "most"), [(1.0, 1), (0.25, 1), (1.0, 20)])
def test_the_noise_has_the_size_that_epsilon_promises(epsilon: float, most: int) -> None:
    drawn = Noise(epsilon).added([1000] * DRAWS, most)
    share = epsilon / QUESTIONS / most
    p = exp(-share)
    # What discrete Laplace noise has: a mean size of 2p / (1 - p^2), and none on average.
    expected = 2 * p / (1 - p * p)
    size = fmean(abs(each - 1000) for each in drawn)
    assert size == pytest.approx(expected, rel=0.035)  # seven times what chance leaves
    assert abs(fmean(drawn) - 1000) < 7 * expected * (2 / DRAWS) ** 0.5
    beyond = fmean(abs(each - 1000) > Noise(epsilon).margin(most) for each in drawn)
    assert beyond == pytest.approx(0.05, abs=0.01)


def test_the_ratio_of_neighbouring_probabilities_stays_within_the_share() -> None:
    there, away = (Noise(1.0).added([count] * DRAWS, 1) for count in (1, 0))
    share = 1.0 / QUESTIONS
    for cut in (-10, 0, 1, 10):
        one = fmean(each >= cut for each in there)
        other = fmean(each >= cut for each in away)
        assert one / other <= exp(share) * 1.08
        assert (1 - other) / (1 - one) <= exp(share) * 1.08
    assert fmean(there) > fmean(away)  # so the test above compares two things


def bounded(folder: Path) -> dict[str, list[int]]:
    with opened(folder, WINDOW) as record:
        profiles.profiles_of(record, 1)
        return noise.bounded_sums(record)


@settings(max_examples=examples(15), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 181), st.integers(1, 60)), max_size=8))
def test_one_very_active_member_changes_no_more_than_the_bound(
    tmp_path_factory: pytest.TempPathFactory, bursts: list[tuple[int, int]]
) -> None:
    people = [person(key) for key in range(1, 20)]
    acts = [event("reply_posted", key, key, post_id=key) for key in range(1, 20)]
    kinds = ("reply_posted", "reaction_given", "meeting_attended", "signed_in")
    wild = [
        event(kind, 99, day + n / 100, post_id=1000 + n, meeting_id=n)
        for day, much in bursts
        for n in range(much)
        for kind in kinds
    ]
    folder = tmp_path_factory.mktemp("bound")
    without = bounded(study_records.written(folder / "without", people, acts))
    with_one = bounded(study_records.written(folder / "with", [*people, person(99)], acts + wild))
    for name, bound in BOUNDS.items():
        change = [b - a for a, b in zip(without[name], with_one[name], strict=True)]
        assert min(change) >= 0
        assert sum(change) <= bound
        if name == "posts":  # and what is within the bound is all counted
            assert sum(change) == min(bound, sum(much for _, much in bursts))


def counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Return the true numbers that noise is added to, as they come."""
    asked: list[tuple[list[int], int]] = []

    def kept(_: Noise, numbers: list[int], most: int) -> list[int]:
        asked.append((numbers, most))
        return [1000] * len(numbers)

    monkeypatch.setattr(Noise, "added", kept)
    aggregate.build(folder, WINDOW, 1, epsilon=1.0)
    assert len(asked) == QUESTIONS
    return [numbers for numbers, _ in asked]


def test_one_member_changes_each_histogram_by_one_and_no_question_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person(key) for key in range(1, 30)]
    one = study_records.written(tmp_path / "one", people, [])
    two = study_records.written(tmp_path / "two", [*people, person(99, left_at=None)], [])
    for before, after in zip(counted(one, monkeypatch), counted(two, monkeypatch), strict=True):
        assert len(before) == len(after)
        assert sum(abs(b - a) for a, b in zip(before, after, strict=True)) <= 1


def released(release: Any) -> list[dict[str, Any]]:
    return [
        row for table in release.tables for batch in table.batches() for row in batch.to_pylist()
    ]


def test_no_seed_brings_the_noise_back(study: Path) -> None:
    one, two = (aggregate.build(study, WINDOW, 7, epsilon=0.5) for _ in range(2))
    assert released(one) != released(two)
    plain, again = (aggregate.build(study, WINDOW, 7) for _ in range(2))
    assert released(plain) == released(again)


def test_a_release_says_what_its_noise_means_and_keeps_its_attacks_in_the_ledger(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    service.release(NOISY, study, WINDOW, tmp_path / "out")
    (entry,) = queries.entries()
    assert entry.epsilon == 1.0
    assert entry.attacks[0]["attack"] == "four known points"
    report = json.loads((tmp_path / "out" / "disclosure.json").read_text())
    assert report["attacks"] == []
    assert report["findings"]["epsilon"] == 1.0
    assert report["findings"]["even_guess_becomes_right_at_most"] == 0.731
    page = (tmp_path / "out" / "disclosure.html").read_text()
    assert "73&nbsp;% sure at most" in page
    assert "epsilon of 1.0" in (tmp_path / "out" / "codebook.md").read_text()
    numbers = (tmp_path / "out" / "people.csv").read_text()
    assert "joined" not in numbers  # not every band could be known beforehand


@pytest.mark.parametrize("epsilon", [0.0, -1.0, 1.01, float("nan"), float("inf")])
def test_an_epsilon_out_of_bounds_is_refused(
    app: Flask, study: Path, tmp_path: Path, epsilon: float
) -> None:
    with pytest.raises(Invalid) as refused:
        service.release(replace(NOISY, epsilon=epsilon), study, WINDOW, tmp_path / "out")
    assert "at most 1" in refused.value.fields["epsilon"]
    assert queries.entries() == []


def test_noise_is_for_aggregates(app: Flask, study: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        service.release(replace(NOISY, tier="microdata"), study, WINDOW, tmp_path / "out")
    assert "to aggregates" in str(refused.value.fields["epsilon"])


Spend = Callable[[datetime, float], None]


@pytest.fixture
def spend(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spend:
    """Return what makes a noisy release at a moment."""
    monkeypatch.setattr(aggregate, "_attacked", lambda *_: [])
    monkeypatch.setattr(
        "forum.research.releases.disclosure.attacks.reidentification.refuse_if_risky",
        lambda *_: None,
    )
    monkeypatch.setattr(Noise, "added", lambda _self, numbers, _most: numbers)
    numbers = iter(range(100))

    def release(at: datetime, epsilon: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)
        asked = replace(NOISY, epsilon=epsilon)
        service.release(asked, study, WINDOW, tmp_path / f"out{next(numbers)}")

    return release


def test_a_years_budget_ends_and_comes_back(app: Flask, spend: Spend) -> None:
    for month in (1, 2, 3):
        spend(datetime(2026, month, 1, tzinfo=UTC), 1.0)
    spend(datetime(2026, 4, 1, tzinfo=UTC), 0.75)
    with pytest.raises(
        Invalid, match=r"may spend at most 0.25\. There will be more from 1 January 2027"
    ):
        spend(datetime(2026, 5, 1, tzinfo=UTC), 0.3)
    spend(datetime(2026, 5, 1, tzinfo=UTC), 0.25)
    with pytest.raises(Invalid, match="may spend at most 0"):
        spend(datetime(2026, 12, 30, tzinfo=UTC), 0.1)
    spend(datetime(2027, 1, 2, tzinfo=UTC), 1.0)
    assert len(queries.entries()) == 6


def test_what_other_studies_spent_of_a_member_counts(app: Flask, tmp_path: Path) -> None:
    room, other = study_world.study("evenings"), study_world.study("mornings")
    member, stranger = room.member(), other.member()
    room.agree(member, *study_world.ALL)
    other.agree(stranger, *study_world.ALL)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    study_world.released(other, [stranger], 3.5, at)
    privacy_budget.require_budget("evenings", 1.0, at)
    both = study_world.joined(member, other)
    study_world.released(other, [both], 3.5, at)
    with pytest.raises(Invalid, match=r"spent 3.5"):
        privacy_budget.require_budget("evenings", 1.0, at)
    privacy_budget.require_budget("evenings", 0.5, at)


def test_no_number_is_too_high_by_what_the_codebook_says() -> None:
    for most in (1, 20):
        draws = Noise(1.0).added([0] * DRAWS, most)
        shown = [5 * round(each / 5) if each > 7 else 0 for each in draws]
        assert fmean(shown) == pytest.approx(Noise(1.0).excess(most), rel=0.06, abs=0.5)


def test_totals_include_the_noise_of_suppressed_cells(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(_: Noise, numbers: list[int], _most: int) -> list[int]:
        return [(-100, 300)[place % 2] for place in range(len(numbers))]

    monkeypatch.setattr(Noise, "added", drawn)
    rows = released(aggregate.build(study, WINDOW, 1, epsilon=1.0))
    months = [row["amount"] for row in rows if row.get("measure") == "posts"]
    assert months == [None, 300, None, 300, None, 300, None, 500]  # three of 300, four of -100
    people = [row["people"] for row in rows if row.get("variable") == "posts"]
    bands, total = len(people) - 1, people[-1]
    assert total == 300 * (bands // 2) - 100 * (bands - bands // 2)
    assert people[:2] == [None, 300]


def test_noise_takes_no_months_away_from_a_later_release(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    def released(name: str, **wishes: Any) -> set[str]:
        service.release(replace(NOISY, **wishes), study, WINDOW, tmp_path / name)
        lines = (tmp_path / name / "participation.csv").read_text().splitlines()[1:]
        return {line.split(",")[0] for line in lines} - {""}

    assert privacy_budget.remaining("evenings", clock.now()) == 4.0
    noisy = released("noisy", epsilon=0.1)
    assert len(noisy) >= 6
    assert privacy_budget.remaining("evenings", clock.now()) == pytest.approx(3.9)
    assert released("plain", epsilon=None) == {str(month) for month in range(1, 7)}
    assert released("once more", epsilon=None) == set()
    assert released("with noise", epsilon=0.1) == noisy
