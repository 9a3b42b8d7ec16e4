"""The same histories with acts of every kind, and what each tier of release takes of them."""

from collections import Counter, defaultdict
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts import service as accounts
from forum.activity.measures.study_record import Window
from forum.core import clock
from forum.core.errors import Refusal
from forum.moderation.reports import service as reports
from forum.research import queries
from forum.research.recording import reading, study_snapshot
from forum.research.releases.participant_profiles import profiles
from forum.research.releases.tiers import aggregate, event_level, microdata, panel
from forum.threads import service as threads
from tests.support import factories
from tests.support.research import study_records
from tests.support.research.consent_histories import (
    CONSENTS,
    KEY,
    WHERE,
    WHO,
    WINDOW_DAYS,
    History,
)
from tests.support.research.study_records import BEGIN, event, person
from tests.support.suite.thoroughness import examples

ACTS = ("react", "read", "sign_in", "post", "start", "report")
STEPS = st.one_of(
    st.tuples(st.sampled_from(ACTS), WHO, WHERE),
    st.tuples(st.sampled_from(ACTS), WHO, WHERE),
    st.tuples(st.just("agree"), WHO, st.sampled_from(CONSENTS)),
    st.tuples(st.just("agree"), WHO, st.sampled_from(CONSENTS)),
    st.tuples(st.just("withdraw"), WHO, st.booleans()),
    st.tuples(st.just("leave"), WHERE),
)
Act = tuple[str, int, object]  # kind, group, and what makes it one of its own


class Everything(History):
    """A history that knows by the rules alone what is recorded of whom, act by act."""

    def __init__(self) -> None:
        super().__init__()
        self.done: dict[int, list[Act]] = defaultdict(list)
        self.rows: dict[int, set[Act]] = defaultdict(set)
        self.reported: set[tuple[int, int]] = set()
        self.turn = 0
        for who in range(3):
            for group_id in self.places:
                self.done[who].append(("group_joined", group_id, group_id))
        for group_id, place in zip(self.places, self.threads, strict=True):
            self.done[0].append(("thread_started", group_id, place.id))

    def _recorded(self, who: int) -> bool:
        one = self.people[who]
        return one.in_force and "record" in one.clauses

    def _act(self, who: int, kind: str, group_id: int, what: object, *, lasts: bool) -> None:
        act = (kind, group_id, what)
        if lasts:  # a later consent that includes the past finds it
            self.done[who].append(act)
        if self._recorded(who) and group_id in self.studied:
            self.rows[who].add(act)

    def post(self, who: int, where: int) -> None:
        super().post(who, where)
        group_id, post_id = self.people[who].wrote[-1]
        self._act(who, "reply_posted", group_id, post_id, lasts=True)

    def start(self, who: int, where: int) -> None:
        group_id = self.places[where]
        begun = factories.thread(self.people[who].viewer, group_id)
        self._act(who, "thread_started", group_id, begun.id, lasts=True)

    def report(self, who: int, where: int) -> None:
        group_id, post = self.places[where], self.threads[where]
        if who and (who, where) not in self.reported:
            self.reported.add((who, where))
            reports.report(self.people[who].viewer, "post", post.id, reason="unkind")
            self._act(who, "report_made", group_id, post.id, lasts=False)

    def react(self, who: int, where: int) -> None:
        group_id, post = self.places[where], self.threads[where]
        if who and ("reaction_given", group_id, post.id) not in self.done[who]:
            threads.react(self.people[who].viewer, post.id, "hug", on=True)
            self._act(who, "reaction_given", group_id, post.id, lasts=True)
            self._act(0, "reaction_received", group_id, (post.id, who), lasts=True)

    def read(self, who: int, where: int) -> None:
        self.turn += 1
        group_id, me = self.places[where], self.people[who].viewer.id or 0
        reading.open_page(me, group_id, self.threads[where].thread_id)
        self._act(who, "thread_read", group_id, self.turn, lasts=False)
        visit = sum(kind == "consent_given" for kind, _, _ in self.rows[who])
        self._act(who, "session", group_id, visit, lasts=False)
        if ("session", group_id, visit) in self.rows[who]:  # one visit goes on in both groups
            self.rows[who].discard(("session", self.places[1 - where], visit))

    def sign_in(self, who: int, _where: int) -> None:
        self.turn += 1
        accounts.open_session(self.people[who].viewer.id or 0)
        if self._recorded(who) and self.studied:
            self.rows[who].add(("signed_in", 0, self.turn))

    def agree(self, who: int, clauses: tuple[str, ...]) -> None:
        one = self.people[who]
        before = (one.clauses, one.in_force)
        super().agree(who, clauses)
        if (one.clauses, one.in_force) == before:
            return
        if self._recorded(who):
            self.turn += 1
            self.rows[who].add(("consent_given", 0, self.turn))
            if "past" in clauses:
                self.rows[who] |= {act for act in self.done[who] if act[1] in self.studied}

    def withdraw(self, who: int, erase: bool) -> None:
        recorded = self._recorded(who)
        super().withdraw(who, erase)
        self.turn += 1
        if erase:
            self.rows[who] = set()
        elif recorded:
            self.rows[who].add(("consent_withdrawn", 0, self.turn))

    def release(self) -> None:
        sharing, permitted = (
            {
                queries.participant_key(one.viewer.id or 0, self.room.study_id): who
                for who, one in enumerate(self.people)
                if {"record", clause} <= set(one.clauses)
            }
            for clause in ("share", "events")
        )
        window = Window((clock.now() - timedelta(days=1)).date(), WINDOW_DAYS)
        with TemporaryDirectory() as folder:
            study_snapshot.write(self.room.study_id, Path(folder))
            of_people = profiles.read_profiles(Path(folder), window, 1)
            made = event_level.build(Path(folder), window, 1, hours=1, key=KEY)
            told = [row for batch in made.tables[0].batches() for row in batch.to_pylist()]
        assert {int(key) for key in of_people.participants} == set(sharing)  # tiers A and B
        assert Counter((row["participant"], row["kind"]) for row in told) == Counter(
            (_keyed(key), kind) for key, who in permitted.items() for kind, _, _ in self.rows[who]
        )
        names = {_keyed(key) for key in permitted}
        assert {row["previous_author"] for row in told} <= {None, *names}


def _keyed(key: int | None) -> str:
    return sha256(f"{KEY}/participant/{key}".encode()).hexdigest()[:16]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, max_size=16))
def test_every_row_of_every_kind_has_its_consent_and_none_is_missing(
    app: Flask, steps: list[tuple[str, *tuple[int, ...]]]
) -> None:
    history = Everything()
    for verb, *facts in steps:
        getattr(history, verb)(*facts)
    history.release()


CLAUSES = st.fixed_dictionaries({name: st.booleans() for name in ("record", "share", "past")})


@settings(max_examples=examples(4), deadline=None)
@given(st.lists(CLAUSES, min_size=20, max_size=40), st.integers(0, 3))
def test_counts_and_bands_are_of_those_alone_who_agreed_to_share(
    tmp_path_factory: pytest.TempPathFactory, said: list[dict[str, bool]], posts: int
) -> None:
    window = Window(BEGIN.date(), 28)
    acts = [
        event("reply_posted", key, 1 + each, post_id=100 * key + each)
        for key in range(1, len(said) + 1)
        for each in range(posts)
    ]
    people = [person(key, **clauses) for key, clauses in enumerate(said, 1)]
    folder = study_records.written(tmp_path_factory.mktemp("said"), people, acts)
    permitted = {key for key, one in enumerate(said, 1) if one["record"] and one["share"]}
    made = 0
    for build in (aggregate.build, microdata.build, panel.build):
        try:
            release = build(folder, window, 1)
        except Refusal:  # for few people, most releases are
            continue
        made += 1
        assert set(release.participants) <= permitted
        told = [
            row
            for table in release.tables
            for batch in table.batches()
            for row in batch.to_pylist()
        ]
        if release.tier in {"microdata", "panel"}:
            assert len({row["id"] for row in told}) == len(release.participants)
        else:
            totals = [row["people"] or 0 for row in told if row.get("band") == "total"]
            assert max(totals) <= len(permitted) + 2  # rounded to 5
    assert made or len(permitted) < 20
