"""All releases of a study joined at once, where any two of them would tell nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.activity.measures.study_record import Window
from forum.research.releases.disclosure.attacks.joint_linkage import DatedRelease, JointLinkage
from forum.research.releases.disclosure.attacks.linkage import EarlierRelease, LinkageWithinTier
from forum.research.releases.disclosure.attacks.linkage_across_tiers import LinkageAcrossTiers
from forum.research.releases.disclosure.disclosure_limits import GOAL, K
from forum.research.releases.ledger.released_profiles import (
    FOREVER,
    ReleasedProfile,
    ReleasedProfiles,
)
from forum.research.releases.package.schema import Release
from forum.research.releases.tiers import microdata, panel
from tests.support.research import simulated
from tests.support.research.panels import WINDOW, assert_hidden

ANYTHING = (0, FOREVER)
DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def row(seen: int, low: int, visits: int) -> ReleasedProfile:
    """Return a row of a class, with at least so many minutes of reading and so many visits."""
    return ReleasedProfile(((seen, seen),), (ANYTHING, (low, low), (visits, visits)))


def told(rows: Iterable[tuple[int, ReleasedProfile]], day: int) -> DatedRelease:
    return DatedRelease(FIRST + day * DAY, dict(rows))


def joint(*earlier: DatedRelease, day: int = 60) -> JointLinkage:
    return JointLinkage(earlier, (), "microdata", FIRST + day * DAY)


def risk_of(one: int, now: ReleasedProfiles, attack: EarlierRelease) -> float:
    return float(dict(zip(now, attack.risks(now), strict=True))[one])


def test_two_earlier_releases_strike_out_more_together_than_each() -> None:
    """One tells that 1 read much, the other that 1 came often: four rows say both."""
    many_and_long = [row(3, 9, 9)] * 4
    either = [row(3, 9, 1)] * 8 + [row(3, 1, 9)] * 8
    now = dict(enumerate([*many_and_long, *either, row(3, 1, 1), row(3, 1, 1)], start=1))
    first = {1: row(1, 5, 0)} | {key: row(1, 5, 0) for key in range(101, 120)}
    second = {1: row(2, 0, 5)} | {key: row(2, 0, 5) for key in range(201, 220)}
    for each in (first, second):
        assert risk_of(1, now, LinkageWithinTier(each)) == 1 / 12
    at_once = joint(told(first.items(), 0), told(second.items(), 28))
    assert risk_of(1, now, at_once) >= 1 / 4
    # Nothing hidden, nothing to join: all 22 rows of the class are alike.
    silent = {key: ReleasedProfile(each.visible, (ANYTHING,) * 3) for key, each in now.items()}
    assert max(at_once.risks(silent)) == 1 / 22


def test_a_later_release_strikes_out_rows_of_an_earlier_one() -> None:
    """Whose class has at most two visits by now had no more then, as five rows of thirty say."""
    first = {key: row(1, 0, 1 if key <= 5 else 40) for key in range(1, 31)}
    now = {1: row(2, 0, 2)} | {key: row(2, 0, 2) for key in range(101, 120)}
    assert risk_of(1, now, LinkageWithinTier(first)) <= 1 / K
    assert risk_of(1, now, joint(told(first.items(), 0))) == 1 / 5


def test_a_row_of_another_participant_is_struck_out() -> None:
    """Twenty are known to have come often, so the few rows with few visits are the rest's."""
    often = {key: row(1, 0, 20) for key in range(1, 21)}
    seldom = {key: row(2, 0, 0) for key in range(21, 25)}
    now = {key: row(3, 0, 30 if key <= 20 else 3) for key in range(1, 25)}
    attack = joint(told((often | seldom).items(), 0))
    assert risk_of(1, now, attack) == 1 / 20
    assert risk_of(24, now, attack) == 1 / 4


def test_rows_that_no_other_release_has_are_those_of_who_is_new_in_a_class() -> None:
    stayed = {key: row(1, 0, key % 7) for key in range(1, 31)}
    elsewhere = {31: row(2, 0, 6)}
    now = stayed | {31: row(1, 0, 9)}
    attack = joint(told((stayed | elsewhere).items(), 0))
    assert risk_of(31, now, attack) == 1


@pytest.mark.parametrize("seed", [3, 8])
def test_releases_of_both_tiers_hold_when_all_are_joined(tmp_path: Path, seed: int) -> None:
    """Some weeks apart, nobody is left among fewer than eleven, and 2 % of guesses are right."""
    folder = simulated.snapshot(tmp_path, 400, weeks=52, seed=seed)
    microdata_told: list[DatedRelease] = []
    panels_told: list[DatedRelease] = []
    for number, (tier, later) in enumerate(
        [("microdata", 0), ("panel", 14), ("microdata", 42), ("microdata", 84)]
    ):
        at = FIRST + later * DAY
        made = _release(folder, tier, later, at, microdata_told, panels_told)
        together = [each for each in made.attacks if "at once" in each.attack]
        assert made.findings["left_out_share"] == 0
        assert together or not number or tier == "panel"
        assert all(each.upper <= GOAL and not each.narrowed for each in together)
        (microdata_told if tier == "microdata" else panels_told).append(
            DatedRelease(at, made.profiles)
        )
        if tier == "panel":
            assert_hidden(made)


def _release(
    folder: Path,
    tier: str,
    later: int,
    at: datetime,
    microdata_told: list[DatedRelease],
    panels_told: list[DatedRelease],
) -> Release:
    own, others = (
        (microdata_told, panels_told) if tier == "microdata" else (panels_told, microdata_told)
    )
    other = "panel" if tier == "microdata" else "microdata"
    earlier: list[EarlierRelease] = [LinkageWithinTier(each.rows) for each in own]
    earlier += [LinkageAcrossTiers(each.rows, other, (at - each.at).days) for each in others]
    if earlier:
        earlier.append(JointLinkage(microdata_told, panels_told, tier, at))
    build = microdata.build if tier == "microdata" else panel.build
    return build(folder, Window(WINDOW.begin, WINDOW.days + later), 1, earlier)
