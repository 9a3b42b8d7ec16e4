"""Two releases set beside each other tell of nobody: not by who came, nor month by month."""

from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.measures.study_record import Window
from forum.activity.small_cells import FEW_MOST, is_disclosive
from forum.research.releases import service
from forum.research.releases.disclosure.attacks import differencing, linkage
from forum.research.releases.disclosure.attacks.reidentification import TooRisky
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger import queries, released_profiles
from forum.research.releases.ledger.released_profiles import ReleasedProfile, ReleasedProfiles
from forum.research.releases.package.schema import Release
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.tiers import aggregate, microdata
from forum.research.releases.tiers.aggregate import EarlierReleases
from tests.support.research import simulated, study_records
from tests.support.research.study_records import event, person
from tests.support.suite.thoroughness import examples

WINDOW = Window(date(2026, 1, 5), 182)
HAPPENS = ["join", "erase", "release"]
ASKED = ReleaseRequest(
    "evenings", "Evening groups", "aggregate", made_by="R. Example", reason="A report"
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("study"), 300)


def community(folder: Path, members: int, *, heavy: frozenset[int] = frozenset()) -> Path:
    """Write a community of people who are alike but for a few who read for days on end."""
    people = [person(key) for key in range(1, members + 1)]
    reads = [
        event("thread_read", key, 1, seconds_low=0.0, seconds_high=9e5 if key in heavy else 600.0)
        for key in range(1, members + 1)
    ]
    return study_records.written(folder, people, reads)


@pytest.mark.parametrize("came", [0, 1, 7, 8])
def test_a_release_that_differs_by_few_people_from_an_earlier_one_is_refused(
    tmp_path: Path, came: int
) -> None:
    before = frozenset(range(1, 41))
    folder = community(tmp_path / "now", 40 + came)
    if 0 < came <= 7:
        with pytest.raises(TooRisky, match="wait until at least 8 have come or gone"):
            aggregate.build(folder, WINDOW, 1, EarlierReleases(counted=[before]))
    else:
        assert aggregate.build(folder, WINDOW, 1, EarlierReleases(counted=[before])).participants


@pytest.mark.parametrize(
    ("gone", "came", "released"),
    [(1, 7, False), (1, 8, False), (8, 7, False), (8, 8, True), (0, 8, True), (9, 0, True)],
)
def test_who_comes_does_not_hide_who_goes(gone: int, came: int, released: bool) -> None:
    before = frozenset(range(40))
    now = frozenset(range(gone, 40 + came))
    if released:
        aggregate.refuse_if_few_differ(now, [before])
    else:
        with pytest.raises(TooRisky):
            aggregate.refuse_if_few_differ(now, [before])


@settings(max_examples=examples(1_000), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["join", "erase", "release"]), st.integers(1, 12)), max_size=40
    )
)
def test_no_history_of_releases_singles_out_a_few(history: list[tuple[str, int]]) -> None:
    people, next_one, released = set(range(30)), 30, list[frozenset[int]]()
    for step, how_many in history:
        if step == "join":
            people |= set(range(next_one, next_one + how_many))
            next_one += how_many
        elif step == "erase":
            people -= set(sorted(people)[:how_many])
        else:
            with suppress(TooRisky):
                aggregate.refuse_if_few_differ(frozenset(people), released)
                released.append(frozenset(people))
    for one, other in combinations(released, 2):
        for side in (one - other, other - one):
            assert not 0 < len(side) <= FEW_MOST


def test_erased_participants_count_as_a_difference(app: Flask, study: Path, tmp_path: Path) -> None:
    service.release(ASKED, study, WINDOW, tmp_path / "one")
    fewer = tmp_path / "fewer"
    gone = sorted(queries.earlier_participants("evenings")[0])[:3]
    table = pa.parquet.read_table(study / "participants.parquet")
    stay = pa.compute.invert(pa.compute.is_in(table["participant"], pa.array(gone)))
    fewer.mkdir()
    pa.parquet.write_table(table.filter(stay), fewer / "participants.parquet")
    (fewer / "events.parquet").symlink_to(study / "events.parquet")
    with pytest.raises(TooRisky, match="7 or fewer"):
        service.release(ASKED, fewer, WINDOW, tmp_path / "two")
    assert not (tmp_path / "two").exists()
    assert len(queries.entries()) == 1


@pytest.mark.parametrize(("few", "left_out"), [(1, True), (7, True), (8, False)])
def test_few_who_are_not_in_the_microdata_are_left_out(
    tmp_path: Path, few: int, left_out: bool
) -> None:
    heavy = frozenset(range(1, few + 1))
    folder = community(tmp_path / "now", 60, heavy=heavy | frozenset(range(40, 61)))
    plain = aggregate.build(folder, WINDOW, 1)
    then = {key: row for key, row in plain.profiles.items() if key not in heavy}
    beside = aggregate.build(folder, WINDOW, 1, EarlierReleases(rows=[then]))
    assert beside.participants == (frozenset(then) if left_out else plain.participants)
    told_all = EarlierReleases(rows=[then], counted=[plain.participants])
    again = aggregate.build(folder, WINDOW, 1, told_all)
    assert again.participants == plain.participants  # they have been told of before


def test_microdata_before_leave_aggregates_possible(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    service.release(replace(ASKED, tier="microdata"), study, WINDOW, tmp_path / "one")
    number = service.release(ASKED, study, WINDOW, tmp_path / "two")
    assert queries.entry(number).tier == "aggregate"
    assert microdata.build(study, WINDOW, 1).participants


def months(release: Release) -> set[int]:
    rows = pa.Table.from_batches(release.tables[1].batches()).to_pylist()
    return {row["month"] for row in rows if row["month"] is not None}


def test_each_month_is_released_once_and_only_when_over(study: Path) -> None:
    first = aggregate.build(study, replace(WINDOW, days=100), 1)
    assert months(first) == {1, 2, 3}
    second = aggregate.build(study, WINDOW, 1, EarlierReleases(months=3))
    assert months(second) == {4, 5, 6}


def test_the_ledger_knows_which_months_were_released(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    service.release(ASKED, study, WINDOW, tmp_path / "one")
    service.release(ASKED, study, WINDOW, tmp_path / "two")
    first, second = (
        (tmp_path / name / "participation.csv").read_text().splitlines() for name in ("one", "two")
    )
    assert len(first) > len(second) > 1
    assert all(line.startswith(",") for line in second[1:])  # sums of nothing new


@given(st.lists(st.integers(1, 1000), min_size=8, max_size=40))
def test_nobody_who_contributed_works_out_anothers_part_from_a_sum(parts: list[int]) -> None:
    parts.sort(reverse=True)
    amount, others = sum(parts), sum(parts[2:])
    if is_disclosive(len(parts), amount, parts[0], others):
        return
    for mine, known in enumerate(parts):
        for other, true in enumerate(parts):
            if mine != other:
                guessed = amount - known  # all the rest is taken for the other's
                assert guessed - true >= 0.1 * true


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), min_size=20, max_size=120),
    st.lists(st.sets(st.integers(0, 130)), max_size=3),
)
def test_microdata_differ_by_nobody_or_eight_from_everybody_counted_before(
    people: list[tuple[int, int]], counted: list[set[int]]
) -> None:
    rows = {
        key: ReleasedProfile(((visible, visible),), ((hidden, hidden),))
        for key, (visible, hidden) in enumerate(people)
    }
    before = [frozenset(each) for each in counted]

    def settled(left: ReleasedProfiles) -> ReleasedProfiles:
        return linkage.leave_out_exposed(left, [], 11, 11, 2, [True])

    stay = differencing.separate(settled(rows), before, settled, 1)
    assert stay.items() <= rows.items()
    assert stay == settled(stay)
    for each in before if stay else ():
        assert len(stay.keys() - each) == 0 or len(stay.keys() - each) > 7
        missing, could = len(each - stay.keys()), len(each)
        assert missing == 0 or missing > 7 or could <= 7


def test_few_whom_microdata_leave_out_are_in_company(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    plain = microdata.build(study, WINDOW, 1)
    for few in (1, 7):
        counted = plain.participants | set(range(1, few + 1))
        release = microdata.build(study, WINDOW, 1, counted=[counted])
        assert len(counted - release.participants) == 8
        assert release.participants < plain.participants
    same = microdata.build(study, WINDOW, 1, counted=[plain.participants])
    assert same.participants == plain.participants


def without(folder: Path, study: Path, gone: Collection[int]) -> Path:
    """Write a study's snapshot again without some people."""
    folder.mkdir()
    for name in ("participants", "events"):
        table = pa.parquet.read_table(study / f"{name}.parquet")
        stay = pa.compute.invert(pa.compute.is_in(table["participant"], pa.array(gone)))
        pa.parquet.write_table(table.filter(stay), folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("erased", [False, True])
def test_nothing_hidden_of_one_who_has_gone_is_left_over_between_two_microdata(
    study: Path, tmp_path: Path, erased: bool
) -> None:
    first = microdata.build(study, WINDOW, 1)
    somebody = sorted(first.profiles)[5]
    folder = without(tmp_path / "fewer", study, [somebody])
    kept = {key: row for key, row in first.profiles.items() if not erased or key != somebody}
    alone, beside = (
        microdata.build(folder, WINDOW, 2, earlier)
        for earlier in ((), [linkage.LinkageWithinTier(kept, erased=erased)])
    )

    def left_over(second: Release) -> list[ReleasedProfile]:
        """Return the former rows of a class of which the second release knows nothing."""
        rows = Counter(first.profiles.values()) - Counter(second.profiles.values())
        return [row for row in rows.elements() if row.visible == first.profiles[somebody].visible]

    assert left_over(alone) == [first.profiles[somebody]]
    assert len(left_over(beside)) >= K
    assert set(beside.findings["hidden_values_not_told"]) == set(released_profiles.HIDDEN)  # type: ignore[call-overload]


def test_hidden_values_are_released_again_while_nobody_has_left(study: Path) -> None:
    first = microdata.build(study, WINDOW, 1)
    again = microdata.build(study, WINDOW, 2, [linkage.LinkageWithinTier(first.profiles)])
    assert again.findings["hidden_values_not_told"] == first.findings["hidden_values_not_told"]


@pytest.mark.parametrize(("gone", "released"), [(0, True), (1, False), (7, False), (8, True)])
def test_aggregates_tell_of_no_few_who_have_gone_since_microdata(
    app: Flask, study: Path, tmp_path: Path, gone: int, released: bool
) -> None:
    service.release(replace(ASKED, tier="microdata"), study, WINDOW, tmp_path / "one")
    in_it = sorted(queries.earlier_participants("evenings", "microdata")[0])
    folder = without(tmp_path / "fewer", study, in_it[:gone])
    if released:
        assert service.release(ASKED, folder, WINDOW, tmp_path / "two")
    else:
        with pytest.raises(TooRisky, match="no longer share"):
            service.release(ASKED, folder, WINDOW, tmp_path / "two")


@pytest.mark.parametrize("extreme", [1, 7])
def test_aggregates_say_the_same_whether_few_or_nobody_are_in_a_band(
    tmp_path: Path, extreme: int
) -> None:
    at = {"quiet": range(0), "loud": range(1, extreme + 1)}
    released = {}
    for name, writers in at.items():
        writes = [event("thread_started", key, 1, words=9000) for key in writers for _ in range(60)]
        folder = study_records.written(
            tmp_path / name, [person(key) for key in range(1, 61)], writes
        )
        made = aggregate.build(folder, WINDOW, 1)
        tables = [pa.Table.from_batches(each.batches()).to_pylist() for each in made.tables]
        bands = [row for row in tables[0] if row["variable"] in ("posts", "threads", "words")]
        released[name] = (
            [row["band"] for row in bands],
            [
                {key: row[key] for key in ("month", "measure", "people", "amount")}
                for row in tables[1]
            ],
        )
    assert released["quiet"] == released["loud"]
