"""The attack finds who stands out, refuses weak releases, and its bounds are those of the book."""

from datetime import date
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from forum.research.releases.disclosure import disclosure_limits
from forum.research.releases.disclosure.attacks import (
    acquaintance_attack,
    confidence_bounds,
    linkage,
    reidentification,
)
from forum.research.releases.disclosure.attacks.linkage import LinkageWithinTier
from forum.research.releases.disclosure.attacks.reidentification import PublishedIntervals, TooRisky
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity.generalisation_search import find_classes
from forum.research.releases.ledger import released_profiles
from forum.research.releases.ledger.released_profiles import ReleasedProfile
from forum.research.releases.package.schema import Release
from forum.research.releases.participant_profiles import generalisation, profiles
from forum.research.releases.tiers import microdata
from tests.support.research import simulated, study_records

WEEKS = 26
WINDOW = Window(date(2026, 1, 5), WEEKS * 7)
WEEKLY = """
SELECT participant, week, count(*), count(*) FILTER (known) FROM (
    SELECT participant, week, row_number() OVER (
        PARTITION BY participant ORDER BY hash("at", post_id)) <= 4 AS known
    FROM acts WHERE kind IN ('thread_started', 'reply_posted'))
GROUP BY participant, week
"""


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("thousand"), 1000)


def weekly(folder: Path) -> PublishedIntervals:
    """Return a weak release: the exact number of posts of everybody who posts, in every week."""
    with opened(folder, WINDOW) as record:
        found = record.base.execute(WEEKLY).fetchall()
    place = {key: number for number, key in enumerate(sorted({row[0] for row in found}))}
    counts = np.zeros((len(place), WEEKS), dtype=np.int64)
    known = np.zeros_like(counts)
    for key, week, posts, points in found:
        counts[place[key], week], known[place[key], week] = posts, points
    names = tuple(f"week_{number}" for number in range(WEEKS))
    points = reidentification.intervals_from_known_acts(known, [False] * WEEKS)
    return PublishedIntervals(names, counts, counts, counts, *points)


def test_exact_weekly_counts_are_refused_with_what_to_coarsen(thousand: Path) -> None:
    weak = weekly(thousand)
    everything = reidentification.try_attack(
        "everything visible", reidentification.risks_from_all_visible(weak), 1
    )
    points = reidentification.try_attack(
        "four known points", reidentification.risks_from_known_acts(weak), 1
    )
    assert everything.rate > 0.5
    assert points.rate > disclosure_limits.LIMIT
    with pytest.raises(TooRisky, match=r"everything visible.*Coarsen the weeks"):
        reidentification.refuse_if_risky([points, everything], "Coarsen the weeks.")


def test_who_is_alone_is_found_and_who_is_among_others_is_not() -> None:
    values = np.array([[1], [1], [1], [1], [9]])
    points = reidentification.intervals_from_known_acts(values, [False])
    alike = PublishedIntervals(("posts",), values, values, values, *points)
    assert list(reidentification.risks_from_all_visible(alike)) == [0.25] * 4 + [1.0]
    assert list(reidentification.risks_from_known_acts(alike)) == [0.2] * 4 + [1.0]


def test_a_join_date_known_to_be_no_later_strikes_out_later_rows() -> None:
    months = np.array([[10], [10], [20]])
    points = reidentification.intervals_from_known_acts(np.array([[15], [15], [20]]), [True])
    dated = PublishedIntervals(("joined",), months, months, months, *points)
    assert list(reidentification.risks_from_known_acts(dated)) == [0.5, 0.5, 1 / 3]


def test_bounds_are_those_of_clopper_and_pearson() -> None:
    # With no success the bound is 1 - 0.05 ** (1 / n), in closed form.
    for trials in (10, 59, 1000):
        assert confidence_bounds.upper_bound(0, trials) == pytest.approx(
            1 - 0.05 ** (1 / trials), abs=1e-9
        )
    assert confidence_bounds.upper_bound(10, 10) == 1.0
    assert confidence_bounds.upper_bound(5, 100) == pytest.approx(0.1022533, abs=1e-5)


@given(st.integers(1, 400), st.data())
def test_bounds_lie_above_the_rate_and_grow_with_it(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials - 1))
    bound = confidence_bounds.upper_bound(successes, trials)
    assert successes / trials < bound <= confidence_bounds.upper_bound(successes + 1, trials) <= 1


def row(visible: int, hidden: int) -> ReleasedProfile:
    return ReleasedProfile(((visible, visible),), ((hidden, hidden),))


def test_joining_finds_the_one_who_is_new_among_the_same_others() -> None:
    before = {key: row(1, key % 3) for key in range(12)}
    now = {**before, 99: row(1, 7)}
    risks = dict(zip(now, LinkageWithinTier(before).risks(now), strict=True))
    assert risks[99] == 1.0
    assert max(risks[key] for key in range(12)) <= 1 / 12


def test_joining_strikes_out_hidden_values_that_would_have_shrunk() -> None:
    before = {1: row(1, 5), 2: row(2, 1), 3: row(2, 1)}
    now = {1: row(3, 6), 2: row(3, 1), 3: row(3, 2)}
    risks = LinkageWithinTier(before).risks(now)
    assert risks[0] == 1.0  # of the three rows only one is not below what the person had
    assert risks[1] == pytest.approx(1 / 3)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.booleans()), max_size=120),
    st.integers(2, 11),
)
def test_who_joining_would_find_is_left_out(people: list[tuple[int, int, bool]], k: int) -> None:
    now = {key: row(visible, hidden) for key, (visible, hidden, _) in enumerate(people)}
    before = {key: now[key] for key, (*_, there) in enumerate(people) if there}
    stay = linkage.leave_out_exposed(now, [LinkageWithinTier(before)], k, k, 2, [True])
    assert set(stay) <= set(now)
    assert all(chance <= 1 / k for chance in LinkageWithinTier(before).risks(stay))
    for visible in {each.visible for each in stay.values()}:
        alike = [each.hidden for each in stay.values() if each.visible == visible]
        assert len(alike) >= k
        assert len(set(alike)) >= 2


def test_classes_are_made_so_that_joining_finds_nobody(tmp_path: Path) -> None:
    """A fortnight later many are in another class, and nobody need be left out for it."""
    folder = simulated.snapshot(tmp_path, 400, weeks=52)
    first = microdata.build(folder, WINDOW, 1)
    later = Window(WINDOW.begin, WINDOW.days + 14)
    second = microdata.build(folder, later, 1, [LinkageWithinTier(first.profiles)])
    assert max(LinkageWithinTier(first.profiles).risks(second.profiles)) <= 1 / K
    assert second.findings["left_out_share"] == 0
    # Had the classes been made without the first release, joining would have found some.
    alone = microdata.build(folder, later, 1)
    assert max(LinkageWithinTier(first.profiles).risks(alone.profiles)) > 1 / K


@pytest.mark.parametrize("scale", [0.2, 1, 4])
def test_nobody_has_fewer_than_eleven_candidates_whatever_was_seen(
    tmp_path: Path, scale: float
) -> None:
    """Of quiet communities and of busy ones; each attack by itself, and all together."""
    folder = simulated.snapshot(tmp_path, 300, scale=scale)
    release = microdata.build(folder, WINDOW, 1)
    fewest = {each.attack: each.fewest for each in release.attacks}
    assert len(fewest) == 8
    assert min(each or 0 for each in fewest.values()) >= K
    assert (
        release.findings["alike_required"]
        == acquaintance_attack.least_class_size(people_in(release))
        > K
    )


def people_in(release: Release) -> int:
    return len(release.participants)


def test_days_seen_from_outside_strike_out_no_row(thousand: Path) -> None:
    """Who was active on many days has read on each; rows with less would not be theirs."""
    people = profiles.read_profiles(thousand, WINDOW, 1)
    found = find_classes(people)
    reading = released_profiles.HIDDEN.index("reading_minutes_high")
    variable = generalisation.HIDDEN[reading]
    assert variable in found.released
    least = people.floors[variable.name][:, None]
    alike = found.number[None] == found.number[:, None]
    fits = found.hidden_high[:, reading][None] >= least
    assert (fits & alike).sum(axis=1).min() >= found.least
    # Told as bands of their own, they would leave some with few.
    codes = variable.codes(people.values[variable.name], 0)
    last = np.array([variable.limits(int(code), 0)[1] for code in codes])
    assert ((last[None] >= least) & alike).sum(axis=1).min() < K


def test_words_said_in_meetings_are_no_words_of_posts(tmp_path: Path) -> None:
    people = [study_records.person(key) for key in range(12)]
    said = [
        study_records.event(
            "meeting_attended", key, day, meeting_id=day, minutes_present=9.5, words=40
        )
        for key in range(12)
        for day in range(4)
    ]
    folder = study_records.written(tmp_path / "met", people, said)
    known = profiles.read_profiles(folder, WINDOW, 1)
    for name, column in known.points.items():
        if name != "joined":
            assert (column <= known.values[name]).all(), name
    assert set(known.points["meeting_minutes"]) == {38}


@given(st.integers(11, 5000))
def test_classes_leave_eleven_when_friends_strike_out_their_own_rows(people: int) -> None:
    least, many = (
        acquaintance_attack.least_class_size(people),
        acquaintance_attack.acquaintances_in(people),
    )
    assert K <= least <= min(people, K + many)
    if people < 4 * least:
        return
    # In one case of a million more are in the class than it has people to spare.
    assert chance_of_more(people, least, many) <= 1e-6
    assert chance_of_more(people, least - 1, many) > 1e-6 or least == K


def chance_of_more(people: int, size: int, many: int) -> float:
    """Return the probability that so many friends leave fewer than K, by whole numbers."""
    inside = range(size - K + 1, min(many, size - 1) + 1)
    ways = sum(comb(size - 1, each) * comb(people - size, many - each) for each in inside)
    return ways / comb(people - 1, many)


def test_days_of_known_events_bound_active_days(thousand: Path) -> None:
    people = profiles.read_profiles(thousand, WINDOW, 1)
    known = people.points["active_days"]
    assert (known <= people.values["active_days"]).all()
    assert (known <= people.points["posts"] + people.points["meetings"]).all()
    assert known.max() == 4


def test_whom_joining_would_not_find_stays() -> None:
    now = {key: row(1, key % 3) for key in range(40)}
    assert linkage.leave_out_exposed(now, [LinkageWithinTier(now)], 11, 11, 3, [True]) == now
    assert (
        linkage.leave_out_exposed(
            {**now, 99: row(1, 7)}, [LinkageWithinTier(now)], 11, 11, 3, [True]
        )
        == now
    )


def test_only_participants_who_share_are_read(thousand: Path) -> None:
    people = profiles.read_profiles(thousand, WINDOW, 1)
    with opened(thousand, WINDOW) as record:
        sharing = record.number(
            "SELECT count(*) FROM read_parquet(getvariable('participants')) WHERE share"
        )
        everybody = record.number("SELECT count(*) FROM people")
    assert people.people == sharing
    assert sharing is not None
    assert everybody is not None
    assert sharing < everybody
