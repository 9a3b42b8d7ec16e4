"""The panel: whole histories in classes: nobody is found by following them through time."""

import csv
import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pyarrow as pa
import pyreadstat
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.measures.study_record import MONTH
from forum.core.errors import Invalid
from forum.research.releases import service
from forum.research.releases.disclosure.attacks.reidentification import TooRisky
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.ledger import queries, released_profiles
from forum.research.releases.ledger.released_profiles import BY_PERIOD
from forum.research.releases.package.schema import Release
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.tiers import panel, trajectories
from tests.support.research import simulated, study_records
from tests.support.research.panels import WINDOW, assert_hidden, plain, study
from tests.support.research.study_records import event, person
from tests.support.suite.thoroughness import examples

__all__ = ["plain", "study"]
ASKED = ReleaseRequest(
    "evenings", "Evening groups", "panel", made_by="R. Example", reason="Who stays"
)


@settings(max_examples=examples(15), deadline=None)
@given(st.data())
def test_a_whole_known_history_has_eleven_candidates(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Of any community, and whichever part of the history is known exactly."""
    many = data.draw(st.integers(K, 60))
    dice = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    busy = data.draw(st.sampled_from([0, 3, 40]))
    joined = dice.integers(0, data.draw(st.sampled_from([1, 80, 150])), many)
    people = [person(key, int(joined[key])) for key in range(many)]
    acts = [
        event(str(kind), key, day, post_id=1000 * key + number, meeting_id=int(day))
        for key in range(many)
        for number, (day, kind) in enumerate(
            zip(
                dice.uniform(joined[key], WINDOW.days, dice.integers(0, busy + 1)),
                dice.choice(["reply_posted", "meeting_attended", "reaction_given"], busy + 1),
                strict=False,
            )
        )
    ]
    folder = study_records.written(tmp_path_factory.mktemp("any"), people, acts)
    released = trajectories.read_trajectories(folder, WINDOW, 1).people
    try:
        release = panel.build(folder, WINDOW, 1)
    except TooRisky:  # among so few, a guess alone is right too often
        assert many < 20
        return
    assert_hidden(release)
    names = [each.name for each in released.visible]
    known = data.draw(st.sets(st.sampled_from(names), min_size=1))
    said = np.array([release.profiles[int(key)].visible for key in released.participants])
    agrees = np.ones((many, many), dtype=bool)
    for place, name in enumerate(names):
        truth = released.values[name]
        inside = (said[None, :, place, 0] <= truth[:, None]) & (
            truth[:, None] <= said[None, :, place, 1]
        )
        assert inside.diagonal().all()
        agrees &= inside if name in known else True
    assert agrees.sum(axis=1).min() >= K


@pytest.mark.parametrize("members", [40, 300])
def test_all_rows_of_a_person_are_like_those_of_ten_others(tmp_path: Path, members: int) -> None:
    release = panel.build(simulated.snapshot(tmp_path, members), WINDOW, 3)
    assert_hidden(release)
    assert min(each.fewest or 0 for each in release.attacks) >= K
    assert {"l_required", "hidden_values_not_told"}.isdisjoint(release.findings)


def test_periods_are_four_weeks_since_joining_by_an_independent_count(study: Path) -> None:
    released = trajectories.read_trajectories(study, WINDOW, 1)
    events = pandas.read_parquet(study / "events.parquet")
    people = pandas.read_parquet(study / "participants.parquet").set_index("participant")
    begin = pandas.Timestamp(WINDOW.begin, tz="UTC")
    day = (events["at"].dt.floor("D") - begin).dt.days
    joined = (people["joined_at"].dt.floor("D") - begin).dt.days.clip(lower=0)
    left = (people["left_at"].dt.floor("D") - begin).dt.days
    whole = (left.fillna(WINDOW.days).clip(upper=WINDOW.days) - joined) // MONTH
    period = (day - events["participant"].map(joined)) // MONTH
    stays = (period >= 0) & (period < events["participant"].map(whole)) & (day < WINDOW.days)
    posted = events["kind"].isin(["thread_started", "reply_posted"]) & stays
    counts = Counter(zip(events["participant"][posted], period[posted], strict=True))
    shares = people.index[people["share"] & (whole > 0)]
    assert list(released.people.participants) == sorted(shares)
    assert released.too_new == int((people["share"] & (whole <= 0)).sum())
    assert list(released.people.values["observed"]) == list(whole[sorted(shares)])
    for number in range(released.periods):
        ours = released.people.values[f"posts_{number + 1}"]
        assert list(ours) == [counts[key, number] for key in released.people.participants]
    totals = profiles.read_profiles(study, WINDOW, 1)
    place = np.searchsorted(totals.participants, released.people.participants)
    for dose in BY_PERIOD:
        sums = sum(released.people.values[f"{dose}_{each + 1}"] for each in range(released.periods))
        assert (sums <= totals.values[dose][place]).all()


def test_unfinished_periods_and_people_who_left_are_not_released(tmp_path: Path) -> None:
    people = [person(key) for key in range(20)]
    people += [person(20 + key, left_at=study_records.BEGIN.replace(day=20)) for key in range(15)]
    people += [person(50 + key, 40, share=key > 2) for key in range(15)]
    posts = [event("reply_posted", key, 30, post_id=key, words=9) for key in range(20)]
    folder = study_records.written(tmp_path / "some", people, posts)
    released = trajectories.read_trajectories(folder, replace(WINDOW, days=87, unfinished=3), 1)
    keys, observed = released.people.participants, released.people.values["observed"]
    assert dict(zip(keys.tolist(), observed.tolist(), strict=True)) == (
        dict.fromkeys(range(20), 3) | dict.fromkeys(range(53, 65), 1)
    )
    assert released.too_new == 15  # who left on the sixteenth day
    assert released.people.values["posts_2"].tolist() == [1] * 20 + [0] * 12
    rows = pa.Table.from_batches(
        panel.build(folder, replace(WINDOW, days=87, unfinished=3), 1).tables[0].batches()
    ).to_pylist()
    assert {row["observed"] for row in rows if row["period"] == 1} == {"yes"}
    assert {row["observed"] for row in rows if row["period"] == 3} <= {"yes", "no or yes"}
    with pytest.raises(Invalid, match="Fewer than 11 of the people who share have been"):
        trajectories.read_trajectories(folder, replace(WINDOW, days=20), 1)


def test_few_people_get_no_panel(tmp_path: Path) -> None:
    folder = study_records.written(tmp_path / "few", [person(key) for key in range(10)], [])
    with pytest.raises(Invalid, match="Fewer than 11 people share"):
        panel.build(folder, WINDOW, 1)


def test_every_attack_is_in_the_report(plain: Release) -> None:
    assert [each.attack for each in plain.attacks] == [
        "four known points",
        "posts of every period",
        "posts of the first period",
        "posts of the last two periods",
        "reactions of every period",
        "attendance of meetings in every period",
        "active days of every period",
        "the order of joining",
        "everything visible",
        "everything visible, and what follows from it",
        "everything visible, pooled by friends who strike out their own rows",
    ]


def test_more_than_a_tenth_are_not_left_out(study: Path, plain: Release) -> None:
    """Whom aggregates counted, and who is not here any more, are kept company by others."""
    few = {key for key, _ in zip(sorted(plain.participants), range(40), strict=False)}
    counted = (plain.participants - few) | set(range(1, 8))
    release = panel.build(study, WINDOW, 1, counted=[frozenset(counted)])
    assert len(counted - release.participants) == 8
    small = 60

    class Exposing:
        steers = True

        def risks(self, now: released_profiles.ReleasedProfiles) -> np.ndarray:
            return np.array([1.0 if key in out else 0.0 for key in now])

        def attacks(self, now: released_profiles.ReleasedProfiles) -> dict[str, np.ndarray]:
            return {"joining with release": self.risks(now)}

        def reveals_missing_people(self, _now: released_profiles.ReleasedProfiles) -> bool:
            return False

    out = set(sorted(plain.participants)[:small])
    with pytest.raises(TooRisky, match="leave out"):
        panel.build(study, WINDOW, 1, [Exposing()])


def test_levels_are_ordered_in_all_files(app: Flask, study: Path, tmp_path: Path) -> None:
    asked = replace(ASKED, spss=True, class_size=31)
    service.release(asked, study, WINDOW, tmp_path / "out")
    folder = tmp_path / "out"
    rows = list(csv.DictReader((folder / "panel.csv").open(encoding="utf-8")))
    described = json.loads((folder / "datapackage.json").read_text())["resources"][0]["schema"]
    data, about = pyreadstat.read_sav(folder / "panel.sav", output_format="dict")
    for field in described["fields"][2:]:
        name, levels = field["name"], field["categories"]
        assert field["categoriesOrdered"]
        assert about.variable_measure[name] == "ordinal"
        assert [levels[int(number) - 1] for number in data[name]] == [row[name] for row in rows]
    for dose in BY_PERIOD:
        levels = next(each["categories"] for each in described["fields"] if each["name"] == dose)
        lows = [int(re.findall(r"\d+", level)[0]) for level in levels]
        assert lows == sorted(lows)
        assert len(lows) > 3
    periods = defaultdict[str, list[int]](list)
    for row in rows:
        periods[row["id"]].append(int(row["period"]))
    assert all(each == list(range(1, len(each) + 1)) for each in periods.values())
    text = (folder / "panel.csv").read_text()
    keys = queries.earlier_profiles("evenings", "panel")[0].keys()
    assert not keys & {int(digits) for digits in re.findall(r"\d{10,}", text)}
    assert not re.search(r"@|\d:\d|\d{4}-\d", text)  # no address, time of day or date
    report = json.loads((folder / "disclosure.json").read_text())
    assert report["findings"]["k_reached"] >= 31
    assert report["findings"]["periods"] == max(int(row["period"]) for row in rows)
