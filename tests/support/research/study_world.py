"""A study in a group, and people in it, for tests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.activity.models import ActivityEvent
from forum.core import db
from forum.core.db import transaction
from forum.research import queries, service
from forum.research.releases.ledger import linkage_keys
from forum.research.releases.ledger.models import LedgerEntry, ReleasedRow
from forum.research.releases.ledger.released_profiles import LinkedClass
from forum.research.releases.release_request import ReleaseRequest
from forum.research.releases.requests import service as jobs
from forum.research.studies import planning, researchers
from tests.support import factories
from tests.support.worlds import copied_worlds

ALL = ("record", "past", "share", "events", "contact")
PASSWORD = "violet harbour lantern"
WORDS = "I agree that taking part is recorded."


@dataclass
class StudyWorld:
    """An open study in one group, beside a group that nobody studies."""

    study_id: int
    slug: str
    group_id: int
    other_id: int

    def member(self, **facts: Any) -> Viewer:
        """Return a member of both groups."""
        person = factories.join(factories.person(**facts), self.group_id)
        return factories.join(person, self.other_id)

    def agree(self, viewer: Viewer, *clauses: str, version: int = 1) -> None:
        """Agree to these clauses, or to being recorded."""
        service.give_consent(viewer, self.slug, version=version, clauses=clauses or ("record",))

    def rows(self, viewer: Viewer | None = None) -> list[dict[str, Any]]:
        """Return what is recorded, of one or of all."""
        db.release_session()
        found = select(ActivityEvent.__table__).order_by(ActivityEvent.at)
        if viewer:
            key = queries.participant_key(viewer.id or 0, self.study_id)
            found = found.where(ActivityEvent.participant == key)
        rows = [dict(row) for row in db.current_session().execute(found).mappings()]
        db.release_session()
        return rows

    def kinds(self, viewer: Viewer | None = None) -> list[str]:
        """Return the kinds of these, in order."""
        return [row["kind"] for row in self.rows(viewer)]


def take_part(viewer: Viewer, group_id: int) -> None:
    """Let somebody take part in a new study of a group, with all that they did before."""
    study_id = planning.create_study(
        "company",
        title="Company",
        about="Whether it helps.",
        run_by="A university",
        ethics="Board 7",
        contact="Desk 12",
        document=WORDS,
        group_ids=[group_id],
    )
    planning.open_study(study_id)
    service.give_consent(viewer, "company", version=1, clauses=ALL)
    _follow(viewer, "company")


def _follow(viewer: Viewer, slug: str) -> None:
    """Give somebody an id that stays over releases, as a linked release does."""
    key = queries.participant_key(viewer.id or 0, queries.study_at(slug).id) or 0
    with transaction() as session:
        now = [LinkedClass(1, {key: "P000000000001"})]
        linkage_keys.replace_linked_classes(session, slug, "Prof Example", "Mood over a year", now)


def run(viewer: Viewer, group_id: int) -> None:
    """Let somebody run another study of a group that they moderate, with a release that waits."""
    study_id = planning.create_study(
        "evenings",
        title="Evenings",
        about="Whether it helps.",
        run_by="A university",
        ethics="Board 7",
        contact="Desk 12",
        document=WORDS,
        group_ids=[group_id],
    )
    planning.open_study(study_id)
    researchers.name_researcher(None, study_id, viewer.handle, "As agreed with the board.")
    planning.propose_document(viewer, study_id, "Clearer words.")
    asked = ReleaseRequest(
        "evenings", "Evenings", "aggregate", made_by="A university", reason="A paper"
    )
    jobs.request_release(viewer, asked, PASSWORD)


def study(slug: str = "sleep", *, opened: bool = True) -> StudyWorld:
    """Return a study of a new group."""
    return copied_worlds.world(f"studyroom-{slug}-{opened}", lambda: _study(slug, opened=opened))


def _study(slug: str, *, opened: bool) -> StudyWorld:
    group_id, other_id = factories.group(), factories.group()
    study_id = planning.create_study(
        slug,
        title="Sleep and company",
        about="Whether company helps.",
        run_by="A university",
        ethics="Board 7",
        contact="Desk 12",
        document=WORDS,
        group_ids=[group_id],
    )
    if opened:
        planning.open_study(study_id)
    return StudyWorld(study_id, slug, group_id, other_id)


def full(people: int = 16) -> tuple[StudyWorld, list[Viewer]]:
    """Return an open study, and so many people in it who share all that they do."""
    return copied_worlds.world(f"studyroom-of-{people}", lambda: _full(people))


def _full(people: int) -> tuple[StudyWorld, list[Viewer]]:
    room = _study("sleep", opened=True)
    members = [room.member(password=PASSWORD) for _ in range(people)]
    for one in members:
        room.agree(one, *ALL)
    return room, members


def in_two_groups() -> StudyWorld:
    """Return an open study that takes place in both groups of its room."""
    group_id, other_id = factories.group(), factories.group()
    slug = f"company-{group_id}"
    study_id = planning.create_study(
        slug,
        title="Company",
        about="Whether it helps.",
        run_by="A university",
        ethics="Board 7",
        contact="Desk 12",
        document=WORDS,
        group_ids=[group_id, other_id],
    )
    planning.open_study(study_id)
    return StudyWorld(study_id, slug, group_id, other_id)


def followed(people: int, alone: int) -> tuple[StudyWorld, list[Viewer]]:
    """Return an open study that asks to follow people, who agree but for the last `alone`."""
    return copied_worlds.world(
        f"studyroom-followed-{people}-{alone}", lambda: _followed(people, alone)
    )


def _followed(people: int, alone: int) -> tuple[StudyWorld, list[Viewer]]:
    room = _study("sleep", opened=True)
    planning.edit_study(None, room.study_id, linkage="yes")
    members = [room.member(password=PASSWORD) for _ in range(people)]
    for place, one in enumerate(members):
        room.agree(one, *ALL, *(["linkage"] if place < people - alone else []))
    return room, members


def joined(viewer: Viewer, room: StudyWorld) -> Viewer:
    """Let somebody from elsewhere take part in a room's study, too."""
    person = factories.join(viewer, room.group_id)
    room.agree(person, *ALL)
    return person


def released(room: StudyWorld, people: list[Viewer], epsilon: float, at: datetime) -> None:
    """Enter a noisy release of these people in the ledger."""
    with transaction() as session:
        entry = LedgerEntry(
            study=room.slug,
            tier="aggregate",
            created_at=at,
            made_by="A test",
            reason="A test",
            recipient="",
            consent_versions=[1],
            participants="1 to 10",
            attacks=[],
            checksums={},
            epsilon=epsilon,
        )
        session.add(entry)
        session.flush()
        session.add_all(
            ReleasedRow(
                release_id=entry.id,
                participant=queries.participant_key(one.id or 0, room.study_id),
                intervals=[],
                digest="",
            )
            for one in people
        )
