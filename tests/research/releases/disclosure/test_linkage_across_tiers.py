"""A panel and microdata of one study: what one tells strikes out nobody's row in the other."""

import csv
from dataclasses import replace
from itertools import permutations
from pathlib import Path

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.research.releases import service
from forum.research.releases.disclosure.attacks.linkage import LinkageWithinTier
from forum.research.releases.disclosure.attacks.linkage_across_tiers import LinkageAcrossTiers
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger import queries, released_profiles
from forum.research.releases.ledger.released_profiles import (
    BY_PERIOD,
    FOREVER,
    PERSON,
    ReleasedProfile,
)
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.tiers import microdata, panel
from tests.support.research import simulated
from tests.support.research.panels import WINDOW, assert_hidden, study
from tests.support.suite.thoroughness import examples

__all__ = ["study"]
ASKED = ReleaseRequest(
    "evenings", "Evening groups", "panel", made_by="R. Example", reason="Who stays"
)


def micro(key: int, sessions: int) -> tuple[int, ReleasedProfile]:
    """Return a row of microdata of one class, with so many visits and nothing else hidden."""
    anything = (0, FOREVER)
    return key, ReleasedProfile(((1, 1),), (anything, anything, (sessions, sessions)))


def history(*active: int) -> ReleasedProfile:
    """Return a panel's row of a person active on exactly so many days of each period."""
    said = {name: [0, 0] for name in PERSON}
    for number, days in enumerate(active, start=1):
        said |= {
            released_profiles.period_variable(dose, number): [days, days] for dose in BY_PERIOD
        }
    return released_profiles.read_panel_profile(said)


def test_days_that_the_panel_tells_strike_out_rows_of_microdata() -> None:
    """Two visits are too few for thirty days: three rows are left for three people."""
    rows = dict([*(micro(key, 2) for key in range(12)), *(micro(key, 50) for key in range(12, 15))])
    released = dict.fromkeys(range(12), history(1, 1)) | dict.fromkeys(
        range(12, 20), history(20, 10)
    )
    risks = LinkageAcrossTiers(rows, "microdata", 0).risks(released)
    assert list(risks) == [1 / 3] * 15 + [0] * 5  # who is in no microdata is not found there
    assert list(LinkageAcrossTiers(released, "panel", 0).risks(rows)) == [1 / 3] * 15
    # Days of the panel that came after the microdata tell nothing of them.
    assert max(LinkageAcrossTiers(rows, "microdata", 28).risks(released)) == 1 / 15


def test_who_is_not_in_the_panel_is_found_by_what_it_tells_of_the_others() -> None:
    regulars = dict.fromkeys(range(30), history(3, 2))
    rows = dict([*(micro(key, 5 + key % 3) for key in range(30)), micro(99, 1)])
    assert list(LinkageAcrossTiers(rows, "microdata", 0).risks(regulars)) == [1.0] * 30
    assert list(LinkageAcrossTiers(regulars, "panel", 0).risks(rows)) == [1.0] * 31
    # Who was never there has not come two thousand times, so these rows are the others'.
    never = dict.fromkeys(range(12), history(0, 0))
    busy = dict(
        [*(micro(key, 2) for key in range(12)), *(micro(key, 2000) for key in (12, 13, 14))]
    )
    assert max(LinkageAcrossTiers(never, "panel", 0).risks(busy)) == 1 / 3
    assert max(LinkageAcrossTiers(never, "panel", 400).risks(busy)) == 1 / 15


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3), st.booleans()), min_size=1, max_size=6)
)
def test_rows_are_struck_out_as_by_trying_all_ways_to_give_everybody_one(
    people: list[tuple[int, int, bool]],
) -> None:
    """Of people with so many visits and active days at least, who are in the panel or not."""
    rows = dict(micro(key, days + more) for key, (days, more, _) in enumerate(people))
    released = {key: history(days) for key, (days, _, there) in enumerate(people) if there}
    least = [days if there else 0 for days, _, there in people]
    visits = [days + more for days, more, _ in people]
    everybody = range(len(people))
    ways = [
        way
        for way in permutations(everybody)
        if all(visits[row] >= least[key] for key, row in enumerate(way))
    ]
    fewest = min(len({way[key] for way in ways}) for key in everybody)
    found = LinkageAcrossTiers(released, "panel", 0).risks(rows)
    assert list(found) == [1 / fewest] * len(people)


def test_joining_two_tiers_finds_nobody(tmp_path: Path) -> None:
    """Each is split with the other in mind, and nobody need be left out for it."""
    folder = simulated.snapshot(tmp_path, 400, seed=6)
    first = panel.build(folder, WINDOW, 1)
    alone = microdata.build(folder, WINDOW, 1)
    after = microdata.build(folder, WINDOW, 1, [LinkageAcrossTiers(first.profiles, "panel", 0)])
    assert max(LinkageAcrossTiers(first.profiles, "panel", 0).risks(after.profiles)) <= 1 / K
    then = panel.build(folder, WINDOW, 1, [LinkageAcrossTiers(alone.profiles, "microdata", 0)])
    assert max(LinkageAcrossTiers(alone.profiles, "microdata", 0).risks(then.profiles)) <= 1 / K
    for release in (after, then):
        assert release.findings["left_out_share"] == 0
    assert_hidden(then)


def test_the_ledger_joins_panels_microdata_and_aggregates(
    app: Flask, study: Path, tmp_path: Path
) -> None:
    for name, tier in enumerate(("microdata", "panel", "panel", "microdata", "aggregate")):
        number = service.release(
            replace(ASKED, tier=tier, seed=5), study, WINDOW, tmp_path / str(name)
        )
        entry = queries.entry(number)
        assert entry.tier == tier
        joined = {
            each["attack"]: each["fewest"]
            for each in entry.attacks
            if each["attack"].startswith("joining with")
        }
        expected: dict[int, set[str]] = {
            0: set(),
            1: {"microdata 1"},
            2: {"microdata 1", "release 1"},
            3: {"panel 1", "panel 2", "release 1", "all earlier releases at once"},
            4: set(),
        }
        assert joined.keys() == {f"joining with {each}" for each in expected[name]}
        assert all(fewest is None or fewest >= K for fewest in joined.values())
    first, second = queries.earlier_profiles("evenings", "panel")
    assert (
        first
        == second
        == panel.build(
            study,
            WINDOW,
            5,
            [
                LinkageAcrossTiers(
                    queries.earlier_profiles("evenings", "microdata")[0], "microdata", 1
                )
            ],
        ).profiles
    )
    assert max(LinkageWithinTier(first).risks(second)) <= 1 / K
    ids = [
        {row["id"] for row in csv.DictReader((tmp_path / each / "panel.csv").open())}
        for each in ("1", "2")
    ]
    assert ids[0] == ids[1]  # of the same seed, as asked for
