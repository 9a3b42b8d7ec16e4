"""Nobody can be singled out by what a researcher's page shows: an attacker tries."""

import json
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.activity.measures.snapshot_reader import participants_in
from forum.activity.measures.study_record import Window
from forum.activity.small_cells import FEW, are_far_apart, rounded_count, rounded_share, sum_shown
from forum.research.figures import figure_store
from forum.research.figures.charts.chart import Chart
from forum.research.figures.charts.drawing import Drawing
from forum.research.figures.filters import FigureFilter, windows
from forum.research.figures.registry import figures
from tests.support.research.simulated import snapshot
from tests.support.research.study_records import BEGIN, event, person, written

BEGINNING = BEGIN.date()
GROUPS = [1, 2, 3, 4]


@pytest.fixture(autouse=True)
def charts_are_kept_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each number of a chart instead of a drawing of it, which takes most of the time.

    The same chart makes the same drawing (test_drawings.py), so charts tell at least as much.
    """

    def kept(chart: Chart, _name: str) -> Drawing:
        return Drawing(repr(chart), 0, 0, hatched=False)

    monkeypatch.setattr(figure_store, "draw", kept)


@given(st.integers(0, 10**6))
def test_counts_up_to_seven_are_hidden_and_others_rounded(count: int) -> None:
    shown = rounded_count(count)
    if count <= 7:
        assert shown is None
    else:
        assert shown is not None
        assert shown % 5 == 0
        assert abs(shown - count) <= 2


def test_a_count_of_events_of_few_people_is_suppressed() -> None:
    assert rounded_count(500, people=7) is None
    assert rounded_count(500, people=8) == 500


def test_totals_are_sums_of_shown_values() -> None:
    assert sum_shown(rounded_count(count) for count in (12, 7, 8, 21)) == 10 + 10 + 20


@given(st.integers(8, 10**5), st.data())
def test_a_share_does_not_tell_a_count(people: int, data: st.DataObject) -> None:
    """Every told share fits at least three counts, at the very ends too."""
    count = data.draw(st.integers(0, people))
    near = range(max(0, count - 8), min(people, count + 8) + 1)
    shown = rounded_share(count / people, people)
    assert sum(rounded_share(other / people, people) == shown for other in near) >= 3


def community(folder: Path, gone: set[int], members: int = 120) -> Path:
    """Write a small community in which group 2 lacks one of group 1, and group 4 is tiny."""
    chance, people_, events = Random(7), list[dict[str, Any]](), list[dict[str, Any]]()
    for key in range(members):
        joined = chance.uniform(0, 60)
        groups = {1, 2} if key < 40 else {3}
        groups |= {4} if key in (50, 51, 52) else set()
        groups -= {2} if key == 39 else set()
        acts = [event("group_joined", key, joined, group_id=group) for group in groups]
        for number in range(chance.choice([0, 1, 2, 5, 30])):
            day = joined + chance.uniform(0, 80)
            acts.append(event("session", key, day, seconds_low=600.0, seconds_high=600.0))
            acts.append(
                event(
                    "thread_started",
                    key,
                    day,
                    group_id=min(groups),
                    words=9,
                    thread_id=key * 100 + number,
                    post_id=key * 100 + number,
                )
            )
        left = BEGIN + timedelta(days=chance.uniform(90, 110)) if key % 9 == 0 else None
        if key not in gone:
            people_.append(person(key, joined, left_at=left, groups=len(groups)))
            events.extend(acts)
    return written(folder, people_, events)


def test_an_attacker_with_a_thousand_pairs_of_requests_finds_nobody(tmp_path: Path) -> None:
    """One after another leaves; what any two answers ever given were about differs by 8 or none.

    The attacker asks for every group and period, before and after, and whenever two answers are of
    different people, takes one from the other. What they look for is a pair that parts 1 to 7.
    """
    home, chance = tmp_path / "study", Random(4)
    answers = list[tuple[frozenset[int], str]]()
    gone = set[int]()
    for day in range(4):
        today = BEGINNING + timedelta(days=112 + 7 * day)
        folder = community(tmp_path / str(day), gone)
        before = {
            one: figure_store.figures_of(home, one) for one in figure_store.filters_shown(home)
        }
        figure_store.update(home, folder, BEGINNING, today, "UTC", [1], Random(day))
        counted = json.loads((home / figure_store.COUNTED).read_text())["last"]
        for choice in figure_store.filters_shown(home):
            answer = figure_store.figures_of(home, choice)
            if answer != before.get(choice):
                answers.append((frozenset(counted[choice.key]), json.dumps(answer)))
        gone.add(chance.choice(sorted(set(range(120)) - gone)))
    pairs = [(chance.choice(answers), chance.choice(answers)) for _ in range(1000)]
    singled_out = [
        (one, other)
        for one, other in [*pairs, *pairwise(answers)]
        if one[1] != other[1] and not are_far_apart(one[0], other[0])
    ]
    assert len(answers) > 2
    assert singled_out == []
    looked_at = windows(BEGINNING, today, "UTC", GROUPS)
    found = dict(zip(looked_at, participants_in(folder, looked_at.values()), strict=True))
    naive = [(found[a], found[b]) for a in found for b in found]
    assert any(not are_far_apart(one, other) for one, other in naive)  # without the rule they would


def test_redrawn_figures_do_not_reveal_an_erased_participant(tmp_path: Path) -> None:
    home, today = tmp_path / "study", BEGINNING + timedelta(days=112)
    figure_store.update(home, community(tmp_path / "a", set()), BEGINNING, today, "UTC", [])
    before = figure_store._counted_before(home).last[FigureFilter()]
    folder = community(tmp_path / "b", {77})
    later = today + timedelta(days=7)
    figure_store.update(home, folder, BEGINNING, later, "UTC", [], Random(1))
    assert figure_store.figures_of(home, FigureFilter())["drawn_on"] == later.isoformat()
    gone = before - figure_store._counted_before(home).last[FigureFilter()]
    assert 77 in gone
    assert len(gone) >= 8


def test_figures_stay_where_everybody_is_in_the_block_of_one_who_has_gone(tmp_path: Path) -> None:
    home, today = tmp_path / "study", BEGINNING + timedelta(days=112)
    figure_store.update(home, community(tmp_path / "a", set(), 15), BEGINNING, today, "UTC", [])
    before = (home / figure_store.EDITION).read_text()
    assert figure_store.filters_shown(home)
    for number, gone in enumerate(({3}, {12, 13, 14}, {1, 10})):
        folder = community(tmp_path / str(number), gone | {3}, 15)
        figure_store.update(home, folder, BEGINNING, today, "UTC", [])
        assert (home / figure_store.EDITION).read_text() == before


def test_no_group_of_few_is_on_offer_and_one_who_parts_two_of_them_is_in_neither(
    tmp_path: Path,
) -> None:
    home, today = tmp_path / "study", BEGINNING + timedelta(days=112)
    figure_store.update(home, community(tmp_path / "a", set()), BEGINNING, today, "UTC", GROUPS)
    groups = {choice.group for choice in figure_store.filters_shown(home)}
    assert groups == {0, 1, 2, 3}
    counted = json.loads((home / figure_store.COUNTED).read_text())["last"]
    assert counted["all.1"] == counted["all.2"]


def test_a_study_of_seven_shows_nothing(tmp_path: Path) -> None:
    home, today = tmp_path / "study", BEGINNING + timedelta(days=112)
    folder = community(tmp_path / "a", set(), members=7)
    figure_store.update(home, folder, BEGINNING, today, "UTC", GROUPS)
    assert figure_store.filters_shown(home) == []
    assert figure_store.figures_of(home, FigureFilter()) == {}
    assert figures(folder, Window(BEGINNING, 112)) == []


def test_a_full_disk_leaves_the_old_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, today = tmp_path / "study", BEGINNING + timedelta(days=112)
    figure_store.update(home, community(tmp_path / "a", set()), BEGINNING, today, "UTC", [])
    before = figure_store.figures_of(home, FigureFilter())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    many = community(tmp_path / "many", set(range(80, 100)))
    with pytest.raises(OSError, match="No space"):
        figure_store.update(home, many, BEGINNING, today, "UTC", [])
    assert figure_store.figures_of(home, FigureFilter()) == before
    assert not list(home.glob("*.part"))


@pytest.mark.parametrize("members", [8, 12, 40, 300])
def test_no_number_in_a_figure_is_a_small_count(tmp_path: Path, members: int) -> None:
    """Counts of people and threads, in tables, sentences and drawings alike, are published ones."""
    drawn = figures(snapshot(tmp_path, members), Window(BEGINNING, 182))
    assert len(drawn) == 10
    for figure in drawn:
        for name, *cells in figure.rows:
            for cell in cells:
                whole = re.fullmatch(r"[\d,]+", cell)
                if whole and figure.name not in {"zipf", "measures"}:
                    assert int(cell.replace(",", "")) % 5 == 0, (figure.name, name, cell)
                assert cell not in {"", "None"}
        for number in re.findall(r"(?:about|Of|,) ([\d,]+)(?: people| have| are)", figure.summary):
            assert int(number.replace(",", "")) % 5 == 0
    assert any(FEW in cell for figure in drawn for row in figure.rows for cell in row)


def test_drawings_say_no_more_than_tables(tmp_path: Path) -> None:
    """Two communities with the same told numbers have the same drawings, to the last point."""
    same = [
        figures(community(tmp_path / str(number), gone), Window(date(2026, 1, 5), 112))
        for number, gone in enumerate((set[int](), set[int](), {3}))
    ]
    assert same[0] == same[1]
    for one, other in zip(same[0], same[2], strict=True):
        if one.name != "zipf" and one.rows == other.rows:
            assert one.chart == other.chart, one.name
