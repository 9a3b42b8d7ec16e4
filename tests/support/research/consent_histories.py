"""A study that three people live through, and by the rules alone their releases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from forum.accounts.policy import Viewer
from forum.activity.measures.study_record import Window
from forum.core import clock
from forum.core.errors import Conflict, NotFound
from forum.research import service
from forum.research.recording import study_snapshot
from forum.research.releases.tiers import event_level
from forum.research.studies import group_withdrawal, planning
from tests.support import factories
from tests.support.research import study_world

WINDOW_DAYS = 3
KEY = "key-of-a-test"
CONSENTS = (
    ("record",),
    ("record", "share"),
    ("record", "past"),
    ("record", "past", "share"),
    ("record", "events"),
    ("record", "past", "share", "events"),
    ("contact",),
)
WHO, WHERE = st.integers(0, 2), st.integers(0, 1)


@dataclass
class Person:
    """What the rules say of one member, kept without any of the forum's code."""

    viewer: Viewer
    wrote: list[tuple[int, int]] = field(default_factory=list)
    recorded: set[int] = field(default_factory=set)
    clauses: tuple[str, ...] = ()  # the latest, in force or not
    in_force: bool = False

    @property
    def released(self) -> set[int]:
        """Return the posts of theirs that a release holds now."""
        return self.recorded if {"record", "events"} <= set(self.clauses) else set()


class History:
    """A study in two groups, which three people live through."""

    def __init__(self) -> None:
        self.room = study_world.in_two_groups()
        self.places = [self.room.group_id, self.room.other_id]
        self.people = [Person(self.room.member()) for _ in range(3)]
        self.threads = [factories.thread(self.people[0].viewer, each) for each in self.places]
        for group_id, place in zip(self.places, self.threads, strict=True):
            self.people[0].wrote.append((group_id, place.id))
        self.studied = set(self.places)
        self.open = True

    def post(self, who: int, where: int) -> None:
        person, group_id = self.people[who], self.places[where]
        post = factories.post(person.viewer, self.threads[where].thread_id)
        person.wrote.append((group_id, post.id))
        recording = person.in_force and "record" in person.clauses and self.open
        if recording and group_id in self.studied:
            person.recorded.add(post.id)

    def agree(self, who: int, clauses: tuple[str, ...]) -> None:
        person = self.people[who]
        try:
            self.room.agree(person.viewer, *clauses)
        except (Conflict, NotFound):
            asked = person.clauses or self.studied
            assert not self.open or not asked
            return
        assert self.open
        person.clauses, person.in_force = clauses, True
        if "past" in clauses:
            person.recorded |= {post for group, post in person.wrote if group in self.studied}

    def withdraw(self, who: int, erase: bool) -> None:
        person = self.people[who]
        try:
            service.withdraw(person.viewer, self.room.slug, erase=erase)
        except NotFound:
            assert not person.clauses
        person.in_force = False
        if erase:
            person.clauses, person.recorded = (), set()

    def leave(self, where: int) -> None:
        group_withdrawal.withdraw_group(self.room.study_id, self.places[where])
        self.studied.discard(self.places[where])

    def close(self) -> None:
        planning.close_study(self.room.study_id)
        self.open = False

    def release(self) -> None:
        expected = {_keyed(post) for person in self.people for post in person.released}
        assert set(self._released()) - {None} == expected

    def _released(self) -> Iterator[str | None]:
        begin = (clock.now() - timedelta(days=1)).date()
        with TemporaryDirectory() as folder:
            study_snapshot.write(self.room.study_id, Path(folder))
            made = event_level.build(Path(folder), Window(begin, WINDOW_DAYS), 1, hours=1, key=KEY)
            for batch in made.tables[0].batches():
                yield from batch.column("post_id").to_pylist()


def _keyed(post_id: int) -> str:
    return sha256(f"{KEY}/post_id/{post_id}".encode()).hexdigest()[:16]
