"""Pairs of worlds that differ in one hidden fact, and everything that one viewer is answered.

Each fact is done last, so nothing afterwards could differ by the number of a row.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import text

from forum.accounts import service as accounts
from forum.accounts.identity import handles
from forum.accounts.models import Account
from forum.accounts.policy import VISITOR, Viewer
from forum.core.db import transaction
from forum.groups import service as groups
from forum.meetings.room import service as rooms
from forum.messages.models import REQUESTED
from forum.moderation.actions import service as moderation
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.models import Report
from forum.research.studies import planning
from forum.threads.models import Post, Thread
from forum.threads.reader import drafts, reader_state
from tests.support import factories
from tests.support.worlds import conversation_world, copied_worlds

AT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
OUTSIDE = ("visitor", "outsider")
INSIDE = ("member", "blocked", *OUTSIDE)
PEOPLE_FROM = 7_770_000
STUDY: dict[str, Any] = {
    "title": "Evenings",
    "about": "Whether it helps.",
    "run_by": "A university",
    "ethics": "Board 7",
    "contact": "Desk 12",
    "document": "I agree that this is recorded.",
}


@dataclass
class Hidden:
    """An approval group and one that all may read; in both, `author` has blocked `blocked`.

    `places` says where hidden things are, by the names that addresses have for them.
    """

    app: Flask
    closed_id: int
    readable_id: int
    elsewhere_id: int
    closed_thread: int
    readable_thread: int
    post_id: int
    meeting_id: int
    conversation_id: int
    people: dict[str, Viewer]
    places: list[dict[str, object]] = field(default_factory=list)

    def note(self, **places: object) -> None:
        """Remember where something hidden is."""
        self.places.append(places)

    def id_of(self, role: str) -> int:
        """Return somebody's id."""
        return self.people[role].id or 0


def world(app: Flask) -> Hidden:
    """Return the world that all pairs begin with."""

    def made() -> dict[str, Any]:
        begun = vars(_begun(app))
        return {name: value for name, value in begun.items() if name != "app"}

    return Hidden(app=app, **copied_worlds.world("hidden", made))


def _number_people_from(number: int) -> None:
    """Give people numbers that mean nothing else, to see where they are revealed."""
    with transaction() as session:
        session.add(
            Account(id=number, **handles.columns("the-first"), password_hash="", created_at=AT)
        )


def _begun(app: Flask) -> Hidden:
    _number_people_from(PEOPLE_FROM)
    names = ("author", "blocked", "member", "facilitator", "outsider", "lurker")
    people = {name: factories.person(f"the{name}x") for name in names}
    people["administrator"] = factories.administrator("wholooks")
    closed_id = factories.group(slug="closed", name="Closed", visibility="approval")
    readable_id = factories.group(slug="readable", name="Readable", readable_by_all=True)
    for group_id in (closed_id, readable_id):
        for name in ("author", "blocked", "member"):
            factories.join(people[name], group_id)
        factories.join(people["facilitator"], group_id, "facilitator")
    elsewhere_id = factories.group(slug="elsewhere", name="Elsewhere", visibility="hidden")
    threads, post_ids = [], []
    for group_id in (closed_id, readable_id):
        threads.append(factories.thread(people["member"], group_id).thread_id)
        factories.post(people["blocked"], threads[-1])
        post_ids.append(factories.post(people["facilitator"], threads[-1]).id)
    moderation.take_action(people["facilitator"], "review", threads[0])
    _once_a_member(people["outsider"], closed_id, threads[0], post_ids[0])
    meeting_id = rooms.open_drop_in(people["facilitator"], readable_id)
    for name in ("member", "blocked", "author"):
        rooms.enter_room(people[name], meeting_id)
    study = planning.create_study("evenings", group_ids=[readable_id], **STUDY)
    planning.open_study(study)
    accounts.block(people["author"], people["blocked"].id or 0)
    return Hidden(
        app,
        closed_id,
        readable_id,
        elsewhere_id,
        closed_thread=threads[0],
        readable_thread=threads[1],
        post_id=post_ids[1],
        meeting_id=meeting_id,
        conversation_id=conversation_world.begin(
            people["member"], people["facilitator"], REQUESTED
        ),
        people={"visitor": VISITOR, **people},
    )


def _once_a_member(person: Viewer, group_id: int, thread_id: int, post_id: int) -> None:
    """Let somebody keep all that one can keep of a closed group, and leave it."""
    factories.join(person, group_id)
    reader_state.set_bookmark(person, post_id, on=True)
    reader_state.follow(person, thread_id, on=True)
    drafts.save_draft(person, group_id, thread_id, body="So far")
    groups.leave(person, group_id)


def number_on(it: Hidden) -> None:
    """Let rows that come next have higher numbers than any so far, the same in both worlds."""
    at = {"created_at": AT, "version": NEXT}
    with transaction() as session:
        thread = Thread(id=NEXT, group_id=it.elsewhere_id, title="Far", last_post_at=AT, **at)
        post = Post(id=NEXT, thread_id=NEXT, number=1, body="", html="", renderer=1, **at)
        session.add(thread)
        session.flush()
        entry = QueueItem(
            id=NEXT,
            kind="report",
            target_kind="post",
            target_id=NEXT,
            urgency=1,
            version=NEXT,
            opened_at=AT,
            resolved_at=AT,
        )
        session.add_all([post, entry])
        session.flush()
        session.add(Report(id=NEXT, item_id=NEXT, reason="unkind", created_at=AT))
        session.execute(text("UPDATE sqlite_sequence SET seq = :after"), {"after": NEXT})
        session.execute(_OTHERS, {"after": NEXT})


NEXT = 1_000
_OTHERS = text(
    "INSERT INTO sqlite_sequence SELECT name, :after FROM sqlite_master"
    " WHERE sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
)
