"""Microdata of some columns say nothing of the others, and more of these."""

from pathlib import Path

import pytest

from forum.activity.measures.study_record import Window
from forum.core.errors import Invalid
from forum.research.releases.disclosure.attacks.linkage import LinkageWithinTier
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger import released_profiles
from forum.research.releases.package.schema import Release
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.tiers import microdata
from tests.support.research import simulated

WINDOW = Window(simulated.BEGIN.date(), 180)
SOME = ("posts", "active_days", "sessions")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulated.snapshot(tmp_path_factory.mktemp("members"), 600)


def shares(release: Release) -> dict[str, float]:
    found = release.findings["information_kept_by_variable"]
    assert isinstance(found, dict)
    return found


def test_fewer_columns_are_released_more_finely(folder: Path) -> None:
    whole, some = (microdata.build(folder, WINDOW, 1, columns=each) for each in ((), SOME))
    names = [each.name for each in some.tables[0].fields]
    assert names == ["id", "posts", "active_days", *(["sessions"] if "sessions" in names else [])]
    assert set(shares(some)) <= set(SOME)
    assert shares(some)["active_days"] > shares(whole)["active_days"]
    released = {
        released_profiles.VISIBLE.index(name) for name in SOME if name in released_profiles.VISIBLE
    }
    for row in some.profiles.values():
        assert all(
            limits == released_profiles.ANYTHING
            for place, limits in enumerate(row.visible)
            if place not in released
        )
    for each in some.attacks:
        assert each.fewest is not None
        assert each.fewest >= K


def test_two_releases_of_different_columns_find_nobody_together(folder: Path) -> None:
    first = microdata.build(folder, WINDOW, 1, columns=("posts", "joined"))
    joined = LinkageWithinTier(first.profiles)
    second = microdata.build(folder, WINDOW, 2, [joined], columns=("active_days", "meetings"))
    assert joined.risks(second.profiles).max() <= 1 / K


def test_the_dose_is_released_by_default() -> None:
    def told(*columns: str) -> tuple[str, ...]:
        asked = ReleaseRequest("company", "Company", "microdata", "Me", "To see", columns=columns)
        return asked.told_columns

    seen = {"posts", "threads", "words", "active_days"}
    assert set(told()) == seen | {"sessions", "reading_minutes_low", "reading_minutes_high"}
    assert told("all") == (*released_profiles.VISIBLE, *released_profiles.HIDDEN)
    assert told("posts", "joined") == ("posts", "joined")


@pytest.mark.parametrize(
    ("tier", "guesses", "fine"),
    [
        ("microdata", 2, True),
        ("panel", 9, True),
        ("panel", 10, False),
        ("microdata", 1, False),
        ("aggregate", 5, False),
    ],
)
def test_how_many_guesses_may_be_right_is_checked(tier: str, guesses: int, fine: bool) -> None:
    asked = ReleaseRequest("company", "Company", tier, "Somebody", "To see", guesses=guesses)
    if fine:
        asked.check()
        return
    with pytest.raises(Invalid) as refused:
        asked.check()
    assert set(refused.value.fields) == {"guesses"}


def test_a_higher_guessing_limit_releases_more(folder: Path) -> None:
    two, five = (microdata.build(folder, WINDOW, 1, goal=each) for each in (0.02, 0.05))
    for release, most in ((two, 0.02), (five, 0.05)):
        assert max(each.upper for each in release.attacks) <= most
        assert min(each.fewest or 0 for each in release.attacks) >= K
    kept = [each.findings["information_kept_of_broad_bands"] for each in (two, five)]
    assert isinstance(kept[0], float)
    assert isinstance(kept[1], float)
    assert kept[0] < kept[1]


@pytest.mark.parametrize(
    ("tier", "columns", "fine"),
    [
        ("microdata", ("posts",), True),
        ("microdata", (), True),
        ("microdata", ("posts", "handle"), False),
        ("microdata", ("all",), True),
        ("microdata", ("all", "posts"), False),
        ("microdata", ("sessions",), False),  # hidden ones alone have no classes
        ("aggregate", ("posts",), False),
    ],
)
def test_columns_that_there_are_not_are_refused(
    tier: str, columns: tuple[str, ...], fine: bool
) -> None:
    asked = ReleaseRequest("company", "Company", tier, "Somebody", "To see", columns=columns)
    if fine:
        asked.check()
        return
    with pytest.raises(Invalid) as refused:
        asked.check()
    assert set(refused.value.fields) == {"columns"}
