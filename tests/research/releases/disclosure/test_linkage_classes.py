"""Releases that follow people: all of them together leave nobody among fewer than eleven."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.measures.study_record import Window
from forum.core.errors import Invalid
from forum.research.releases.disclosure.attacks.reidentification import TooRisky
from forum.research.releases.disclosure.disclosure_limits import K
from forum.research.releases.disclosure.k_anonymity import linkage_classes
from forum.research.releases.ledger.released_profiles import HIDDEN, LinkedClass
from forum.research.releases.package.schema import Release
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.tiers import linked_microdata
from tests.support.research import study_records
from tests.support.research.study_records import BEGIN, event, person
from tests.support.suite.thoroughness import examples

WEEKS = 6  # from one release to the next
Said = tuple[str, ...]


class Community:
    """People who come, write, change their minds and withdraw, between releases."""

    def __init__(self, dice: random.Random, people: int, agreeing: float) -> None:
        self.dice, self.agreeing, self.next = dice, agreeing, 1
        self.joined: dict[int, int] = {}
        self.agreed: set[int] = set()
        self.events: list[dict[str, object]] = []
        self.come(people, 0)

    def come(self, people: int, week: int) -> None:
        for key in range(self.next, self.next + people):
            self.joined[key] = week
            if self.dice.random() < self.agreeing:
                self.agreed.add(key)
        self.next += people

    def live(self, week: int) -> None:
        """Let everybody write, some much and most not at all, until another release is due."""
        for key in self.joined:
            many = min(40, int(self.dice.paretovariate(0.6)) - 1) if key % 5 else 0
            for _ in range(many):
                days = (week + self.dice.random() * WEEKS) * 7
                kind = self.dice.choice(["thread_started", "reply_posted", "meeting_attended"])
                self.events.append(event(kind, key, days, words=20, minutes_present=30))

    def go(self, share: float) -> None:
        for key in [each for each in self.joined if self.dice.random() < share]:
            del self.joined[key]

    def change_minds(self, share: float) -> None:
        changed = {key for key in self.joined if self.dice.random() < share}
        self.agreed ^= changed

    def release(
        self, week: int, before: Sequence[LinkedClass], seed: int, counted: Sequence[frozenset[int]]
    ) -> Release:
        people = [
            person(key, 7 * since, linkage=key in self.agreed) for key, since in self.joined.items()
        ]
        events = [each for each in self.events if each["participant"] in self.joined]
        with TemporaryDirectory() as folder:
            snapshot = study_records.written(Path(folder) / "record", people, events)
            window = Window(BEGIN.date(), (week + WEEKS) * 7)
            return linked_microdata.build(snapshot, window, seed, linkage=before, counted=counted)


def rows(release: Release) -> dict[str, Said]:
    """Return what a release says of each id."""
    (table,) = release.tables
    found = [row for batch in table.batches() for row in batch.to_pylist()]
    return {row.pop("id"): tuple(row.values()) for row in found}


def histories(released: Sequence[dict[str, Said]]) -> dict[str, tuple[Said | None, ...]]:
    return {
        each: tuple(release.get(each) for release in released)
        for release in released
        for each in release
    }


@settings(max_examples=examples(18), deadline=None)
@given(
    seed=st.integers(0, 10**6),
    people=st.integers(50, 130),
    agreeing=st.sampled_from([0.6, 0.8, 1.0]),
    going=st.sampled_from([0.0, 0.02, 0.05, 0.3]),
    changing=st.sampled_from([0.0, 0.05]),
    coming=st.sampled_from([0, 3, 30]),
    counts=st.booleans(),
)
def test_any_releases_together_leave_eleven_for_each_id(
    seed: int,
    people: int,
    agreeing: float,
    going: float,
    changing: float,
    coming: int,
    counts: bool,
) -> None:
    community = Community(random.Random(seed), people, agreeing)
    before: Sequence[LinkedClass] = ()
    released: list[dict[str, Said]] = []
    counted: list[frozenset[int]] = []
    for wave in range(3):
        community.live(wave * WEEKS)
        try:
            made = community.release(wave * WEEKS, before, 7, counted)
        except (Invalid, TooRisky) as refusal:
            note(refusal.words)
            made = None
        if made:
            ids = {key: each for one in made.linked_classes for key, each in one.ids.items()}
            had = {key: each for one in before for key, each in one.ids.items()}
            assert ids.keys() <= community.agreed & community.joined.keys()
            # A number is somebody's own, and nobody has one again who was without.
            assert all(had[key] == ids[key] for key in had if ids.get(key) in had.values())
            assert not (rows(made).keys() - ids.values()) & {each for t in released for each in t}
            before = made.linked_classes
            released.append(rows(made))
            if counts:
                counted.append(frozenset(made.participants))
        community.go(going)
        community.change_minds(changing)
        community.come(coming, (wave + 1) * WEEKS)
    for some in (released, released[:2], released[-2:], released[::2]):  # all, and any two
        alike = Counter(histories(some).values())
        assert all(many >= K for many in alike.values())


def test_ids_stay_and_later_releases_tell_new_intervals() -> None:
    community = Community(random.Random(1), 120, 0.7)
    community.live(0)
    first = community.release(0, (), 5, ())
    community.live(WEEKS)
    second = community.release(WEEKS, first.linked_classes, 5, ())
    ids = {each for one in first.linked_classes for each in one.ids.values()}
    assert len(ids) == len(community.agreed)
    assert rows(first).keys() & rows(second).keys() == ids
    assert any(rows(first)[each] != rows(second)[each] for each in ids)
    assert second.findings["of_those_followed_before_still_followed_share"] == 1
    assert not {field.name for field in second.tables[0].fields} & set(HIDDEN)


@pytest.mark.parametrize("agreeing", [1.0, 0.7])
def test_when_few_are_gone_others_end_with_them(agreeing: float) -> None:
    community = Community(random.Random(2), 120, agreeing)
    community.live(0)
    first = community.release(0, (), 5, ())
    largest = max(first.linked_classes, key=lambda each: each.people)
    del community.joined[min(largest.ids)]
    second = community.release(WEEKS, first.linked_classes, 5, ())
    still = rows(second).keys() & set(largest.ids.values())
    assert largest.people - len(still) >= K
    assert not still or len(still) >= K
    unmoved = [each for each in first.linked_classes if each is not largest]
    assert all(set(each.ids.values()) <= rows(second).keys() for each in unmoved)
    left_out = len(community.joined.keys() - second.participants)
    assert left_out <= (10 if agreeing == 1 else 0)  # whose id ended is in it with another


def test_a_small_study_goes_on_when_somebody_withdraws() -> None:
    community = Community(random.Random(6), 64, 1.0)
    community.live(0)
    first = community.release(0, (), 5, ())
    del community.joined[1]
    second = community.release(WEEKS, first.linked_classes, 5, ())
    assert len(second.participants) >= 0.9 * len(community.joined)
    assert second.linked_classes


def test_ids_and_order_owe_nothing_to_the_seed() -> None:
    community = Community(random.Random(3), 100, 0.6)
    community.live(0)
    one, other = (community.release(0, (), 5, ()) for _ in range(2))
    assert not rows(one).keys() & rows(other).keys()
    assert Counter(rows(one).values()) == Counter(rows(other).values())
    assert list(rows(one).values()) != list(rows(other).values())


@pytest.mark.parametrize("going", [0.0, 0.03, 0.1])
def test_two_in_a_hundred_guesses_are_right_in_every_linked_release(going: float) -> None:
    community = Community(random.Random(8), 700, 0.7)
    before: Sequence[LinkedClass] = ()
    for wave in range(3):
        community.live(wave * WEEKS)
        release = community.release(wave * WEEKS, before, 7, ())
        before = release.linked_classes
        assert max(each.upper for each in release.attacks) <= 0.02
        assert len(set(rows(release).values())) >= 4
        community.go(going)
        community.come(60, (wave + 1) * WEEKS)


def test_a_release_is_refused_when_so_many_ids_ended_that_guesses_would_be_right() -> None:
    """Ten in a hundred who withdrew from classes of eleven are found among all who did."""
    community = Community(random.Random(9), 300, 1.0)
    community.live(0)
    ended = [LinkedClass(K, {}) for _ in range(20)]
    with pytest.raises(TooRisky, match=r"more than 2% of guesses .* Ask for a new purpose"):
        community.release(0, ended, 7, ())
    assert community.release(0, (), 7, ()).linked_classes


def test_fewer_than_hide_each_other_are_not_followed() -> None:
    community = Community(random.Random(4), 60, 0.0)
    community.agreed = set(range(1, K))
    community.live(0)
    with pytest.raises(Invalid, match="must agree to it"):
        community.release(0, (), 5, ())


def test_nobody_is_followed_where_that_would_leave_out_too_many() -> None:
    community = Community(random.Random(5), 60, 0.0)
    community.agreed = set(range(1, 53))
    community.live(0)
    with pytest.raises(Invalid, match="must agree to it"):
        community.release(0, (), 5, ())


def test_the_attack_by_linkage_counts_cells_and_ids_that_ended() -> None:
    earlier = [LinkedClass(4, {1: "a", 2: "b", 3: "c"}), LinkedClass(2, {5: "e", 6: "f"})]
    said = ["x", "x", "y", "x", "x", "x"]
    found = linkage_classes.risks_from_linkage(said, ["a", "b", "c", "e", "p", "q"], earlier)
    # a and b; c alone; e alone; p and q with new ids; then one who ended of each class.
    assert found.tolist() == [1 / 2, 1 / 2, 1, 1, 1 / 2, 1 / 2, 1, 1]


@pytest.mark.parametrize(
    ("wishes", "wrong"),
    [
        ({"tier": "microdata", "linkage": "Mood", "recipient": "Dr Example"}, set()),
        ({"tier": "microdata", "linkage": "Mood"}, {"recipient"}),
        ({"tier": "panel", "linkage": "Mood", "recipient": "Dr Example"}, {"linkage"}),
        ({"tier": "aggregate", "linkage": "Mood", "recipient": "Dr Example"}, {"linkage"}),
        ({"tier": "microdata", "linkage": "M" * 201, "recipient": "Dr Example"}, {"linkage"}),
        ({"tier": "microdata", "linkage": "   "}, set()),
    ],
)
def test_what_is_asked_for_is_checked(wishes: dict[str, Any], wrong: set[str]) -> None:
    asked = ReleaseRequest("company", "Company", made_by="Somebody", reason="To see", **wishes)
    if not wrong:
        asked.check()
        return
    with pytest.raises(Invalid) as refused:
        asked.check()
    assert set(refused.value.fields) == wrong
    if asked.tier == "panel":
        assert "Ask for a newer panel" in refused.value.fields["linkage"]
