"""A fellow member who has watched every page, and reckons by themselves whose row each can be.

What follows from pages is worked out here from the events, apart from the code that makes releases.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from forum.activity.measures.study_record import Window
from forum.research.releases.disclosure.attacks.acquaintance_attack import acquaintances_in
from forum.research.releases.disclosure.attacks.attribute_inference import L
from forum.research.releases.disclosure.attacks.confidence_bounds import upper_bound
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger.released_profiles import ANYTHING, HIDDEN, VISIBLE
from forum.research.releases.package.schema import Release
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.tiers import microdata
from tests.support.research import simulated
from tests.support.research.study_records import event, person, written

WINDOW = Window(date(2026, 1, 5), 182)
TRIES = 40
Events = list[dict[str, Any]]


def planted(folder: Path) -> Path:
    """Write down people who are alike in what is counted, and five whom something else betrays."""
    people = [person(key) for key in range(120)]
    events = [each for key in range(120) for each in usual(key, days=1 + key % 5)]
    apart, typing, quiet, silent, gone = range(120, 125)
    people += [person(key) for key in (apart, typing, quiet)]
    people += [person(silent, days=-30), person(gone, left_at=simulated.BEGIN + timedelta(days=1))]
    events += [event("session", apart, each / 8) for each in range(4)]
    events += [event("reply_posted", apart, each / 8, words=50, post_id=each) for each in range(4)]
    events += usual(typing, days=2, words=3000, minutes=150)
    events += usual(quiet, days=25)
    events += usual(gone, days=1)
    return written(folder, people, events)


def usual(key: int, days: int, words: int = 50, minutes: int = 0) -> Iterator[dict[str, Any]]:
    """Yield four replies within a quarter of an hour, and visits on so many days."""
    for post in range(4):
        yield event("reply_posted", key, post / 400, words=words, post_id=post)
    for day in range(days):
        for visit in range(1 + key % 3):
            yield event("session", key, day + visit / 10)
        read = 60 * (minutes or 1 + key * 7 % 40 * (30 if key % 11 == 0 else 1))
        yield event("thread_read", key, day, seconds_low=read / 2, seconds_high=float(read))


def of(members: int, scale: float, seed: int) -> Callable[[Path], Path]:
    return lambda folder: simulated.snapshot(folder, members, scale=scale, seed=seed)


COMMUNITIES = {
    "planted": planted,
    "quiet": of(400, 0.2, 3),
    "usual": of(700, 1, 4),
    "busy": of(400, 4, 5),
}


@pytest.fixture(scope="module", params=list(COMMUNITIES))
def released(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Release, dict[int, list[int]]]:
    """Return a release of all columns, and for each participant the rows that can be theirs."""
    folder = COMMUNITIES[request.param](tmp_path_factory.mktemp("watched"))
    release = microdata.build(folder, WINDOW, 1)
    return release, rows_by_person(release, folder)


def rows_by_person(release: Release, folder: Path) -> dict[int, list[int]]:
    """Return whose rows agree with all that was seen of each participant, and follows from it."""
    seen = profiles.read_profiles(folder, WINDOW, 1)
    exact = np.stack([seen.values[name] for name in VISIBLE], axis=1)
    keys = np.array(list(release.profiles))
    visible = np.array([release.profiles[key].visible for key in keys])
    hidden = np.array([release.profiles[key].hidden for key in keys])
    events = defaultdict[int, Events](list)
    for row in parquet.read_table(folder / "events.parquet").to_pylist():
        events[row["participant"]].append(row)
    found = {}
    for key in release.profiles:
        mine = exact[int(np.searchsorted(seen.participants, key))]
        alike = ((visible[:, :, 0] <= mine) & (mine <= visible[:, :, 1])).all(axis=1)
        days = int(mine[VISIBLE.index("active_days")])
        for name, (least, most) in bounds(events[key], days).items():
            low, high = hidden[:, HIDDEN.index(name)].T
            alike &= (high >= least) & (low <= most)
        found[key] = keys[alike].tolist()
    return found


def bounds(events: Events, days: int) -> dict[str, tuple[int, int]]:
    """Return what pages say of visits and reading time."""
    shown = {"thread_started", "reply_posted", "reaction_given"}
    times: list[datetime] = sorted(each["at"] for each in events if each["kind"] in shown)
    pauses = sum(then - now > timedelta(minutes=30) for now, then in pairwise(times))
    visits = pauses + bool(times)
    typed = sum(each["words"] or 0 for each in events if each["kind"] == "reply_posted") // 100
    return {
        "sessions": (max(days, visits), 48 * days),
        "reading_minutes_low": (typed, 1440 * days),
        "reading_minutes_high": (max(days, typed), 1440 * days),
    }


def test_eleven_rows_can_be_anybodys(released: tuple[Release, dict[int, list[int]]]) -> None:
    release, rows = released
    assert min(len(each) for each in rows.values()) >= K
    assert all(key in each for key, each in rows.items())  # nobody's own row is struck out
    told = {limits for row in release.profiles.values() for limits in row.hidden}
    assert len(told - {ANYTHING}) >= L


def test_where_nothing_is_said_the_cell_is_empty(
    released: tuple[Release, dict[int, list[int]]],
) -> None:
    """An interval of everything would be a level among the low ones, for those who write most."""
    release, _ = released
    (table,) = release.tables
    rows = pa.Table.from_batches(table.batches())
    for field in table.fields:
        if field.name in HIDDEN:
            place = HIDDEN.index(field.name)
            nothing = sum(row.hidden[place] == ANYTHING for row in release.profiles.values())
            assert rows[field.name].null_count == nothing
            assert "0 or more" not in field.levels


def test_two_guesses_in_a_hundred_are_right(
    released: tuple[Release, dict[int, list[int]]],
) -> None:
    """Alone, and with twenty friends who have struck out their own rows."""
    _, rows = released
    dice = Random(1)
    guessed = right = 0
    for _ in range(TRIES):
        friends = set(dice.sample(sorted(rows), acquaintances_in(len(rows))))
        for target in rows.keys() - friends:
            left = [key for key in rows[target] if key not in friends]
            assert len(left) >= K
            guessed, right = guessed + 1, right + (dice.choice(left) == target)
    assert upper_bound(right, guessed) <= 0.025
    assert sum(1 / len(each) for each in rows.values()) / len(rows) <= 0.02
