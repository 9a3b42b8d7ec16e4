"""Pairs of worlds that differ in one hidden fact, and everything that one viewer is answered.

Each fact is done last, so that nothing afterwards could differ by the number of a row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import text

from forum.accounts import handles, public_ids
from forum.accounts import service as accounts
from forum.accounts.models import Account
from forum.accounts.policy import VISITOR, Viewer
from forum.core import presence
from forum.core.db import transaction
from forum.groups import service as groups
from forum.meetings import calendars, rooms, scheduling, talking, turns
from forum.moderation import reports
from forum.moderation import service as moderation
from forum.moderation.queue_models import QueueEntry, Report
from forum.research import service as research
from forum.safety import service as safety
from forum.threads import drafts, live, marks
from forum.threads.models import Post, Thread
from tests import factories, kept, meetingplans

AT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)
OUTSIDE = ("visitor", "outsider")
INSIDE = ("member", "blocked", *OUTSIDE)
PEOPLE_FROM = 7_770_000
STUDY: dict[str, Any] = {
    "title": "Evenings", "about": "Whether it helps.", "run_by": "A university",
    "ethics": "Board 7", "contact": "Desk 12", "document": "I agree that this is recorded.",
}  # fmt: skip


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

    return Hidden(app=app, **kept.world("hidden", made))


def _number_people_from(number: int) -> None:
    """Let people have numbers that stand for nothing else, so that one sees where they are told."""
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
    threads = []
    for group_id in (closed_id, readable_id):
        threads.append(factories.thread(people["member"], group_id).thread_id)
        factories.post(people["blocked"], threads[-1])
        post_id = factories.post(people["facilitator"], threads[-1]).id
    moderation.act(people["facilitator"], "review", threads[0])
    meeting_id = rooms.open_drop_in(people["facilitator"], readable_id)
    for name in ("member", "blocked", "author"):
        rooms.enter(people[name], meeting_id)
    study = research.create_study("evenings", group_ids=[readable_id], **STUDY)
    research.open_study(study)
    accounts.block(people["author"], people["blocked"].id or 0)
    return Hidden(
        app, closed_id, readable_id, elsewhere_id, closed_thread=threads[0],
        readable_thread=threads[1], post_id=post_id, meeting_id=meeting_id,
        people={"visitor": VISITOR, **people},
    )  # fmt: skip


def number_on(it: Hidden) -> None:
    """Let rows that come next have higher numbers than any so far, the same in both worlds."""
    at = {"created_at": AT, "version": NEXT}
    with transaction() as session:
        thread = Thread(id=NEXT, group_id=it.elsewhere_id, title="Far", last_post_at=AT, **at)
        post = Post(id=NEXT, thread_id=NEXT, number=1, body="", html="", renderer=1, **at)
        session.add(thread)
        session.flush()
        entry = QueueEntry(id=NEXT, kind="report", subject_kind="post", subject_id=NEXT,
                           urgency=1, version=NEXT, opened_at=AT, resolved_at=AT)  # fmt: skip
        session.add_all([post, entry])
        session.flush()
        session.add(Report(id=NEXT, entry_id=NEXT, reason="unkind", created_at=AT))
        session.execute(text("UPDATE sqlite_sequence SET seq = :after"), {"after": NEXT})
        session.execute(_OTHERS, {"after": NEXT})


NEXT = 1_000
_OTHERS = text(
    "INSERT INTO sqlite_sequence SELECT name, :after FROM sqlite_master"
    " WHERE sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
)


def _begin(it: Hidden, group_id: int, by: str = "member") -> None:
    place = factories.thread(it.people[by], group_id, title="A hidden title")
    it.note(thread_id=place.thread_id, post_id=place.id)


def thread_in_closed_group(it: Hidden) -> None:
    """Somebody begins a thread where only members read."""
    _begin(it, it.closed_id)


def reply_in_closed_group(it: Hidden) -> None:
    """Somebody answers there."""
    place = factories.post(it.people["facilitator"], it.closed_thread)
    it.note(thread_id=it.closed_thread, post_id=place.id)


def muted_author(it: Hidden) -> None:
    """Somebody keeps away from another member, who is not told."""
    accounts.mute(it.people["author"], it.id_of("member"))


def lurker_joins(it: Hidden) -> None:
    """Somebody who says nothing becomes a member."""
    factories.join(it.people["lurker"], it.readable_id)
    it.note(account_id=public_ids.of(it.id_of("lurker")), handle="thelurkerx")


def lurker_joins_closed(it: Hidden) -> None:
    """The same in a closed group."""
    factories.join(it.people["lurker"], it.closed_id)


def lurker_asks(it: Hidden) -> None:
    """Somebody asks to be let in."""
    groups.ask_to_join(it.people["lurker"], it.closed_id, "Please")


def post_of_the_blocker(it: Hidden) -> None:
    """Whoever blocked somebody writes."""
    place = factories.post(it.people["author"], it.readable_thread)
    it.note(post_id=place.id)


def thread_of_the_blocker(it: Hidden) -> None:
    """The same, a new thread."""
    _begin(it, it.readable_id, "author")


def hidden_group(it: Hidden) -> None:
    """There is a group of which outsiders may not know, with a thread and a meeting in it."""
    group_id = factories.group(slug="cellar", name="Cellar", visibility="hidden")
    factories.join(it.people["facilitator"], group_id, "facilitator")
    _begin(it, group_id, "facilitator")
    it.note(slug="cellar", meeting_id=rooms.open_drop_in(it.people["facilitator"], group_id))
    series_id = scheduling.schedule(it.people["facilitator"], group_id, meetingplans.form())
    calendars.make(it.people["facilitator"], group_id)
    it.note(slug="cellar", series_id=series_id)


def pending_post(it: Hidden) -> None:
    """A post waits for approval."""
    place = factories.post(it.people["author"], it.closed_thread)
    it.note(thread_id=it.closed_thread, post_id=place.id)


def report(it: Hidden) -> None:
    """Somebody reports a post."""
    reports.report(it.people["administrator"], "post", it.post_id, reason="unkind")
    it.note(entry_id=1)


def draft(it: Hidden) -> None:
    """A member has begun to write."""
    drafts.save_draft(it.people["author"], it.readable_id, it.readable_thread, body="So far")


def bookmark(it: Hidden) -> None:
    """A member keeps a post, and watches a thread."""
    marks.bookmark(it.people["author"], it.post_id, on=True)
    marks.watch(it.people["author"], it.closed_thread, on=True)


def care_note(it: Hidden) -> None:
    """A facilitator writes to a member in private."""
    note = safety.write_note(it.people["facilitator"], "readable", it.id_of("author"), body="Hi")
    it.note(note_id=note)


def title_hidden(it: Hidden) -> None:
    """What a member began in a closed group is hidden with its title."""
    _begin(it, it.closed_id)
    moderation.act(it.people["facilitator"], "hide", int(str(it.places[-1]["post_id"])),
                   reason="A name")  # fmt: skip


def title_changed(it: Hidden) -> None:
    """A moderator gives a conversation of a closed group another title."""
    moderation.act(it.people["administrator"], "title", it.closed_thread, value="Evenings",
                   reason="A name")  # fmt: skip


def reader(it: Hidden) -> None:
    """Whoever blocked somebody reads a thread just now."""
    where = live.place(it.readable_thread)
    presence.here().enter(where, "theirs", it.id_of("author"))


def care_message_reported(it: Hidden) -> None:
    """A member reports what a facilitator wrote to them in private."""
    note = safety.write_note(it.people["facilitator"], "readable", it.id_of("author"), body="Hi")
    reports.report(it.people["author"], "care_message", note, reason="unkind")
    it.note(note_id=note, entry_id=1)


def warning(it: Hidden) -> None:
    """A member is warned."""
    moderation.act(it.people["administrator"], "warn", it.id_of("author"), reason="Unkind",
                   message="Please be kind", group_id=it.readable_id)  # fmt: skip
    it.note(log_id=1)


def invitation(it: Hidden) -> None:
    """A facilitator invites somebody."""
    groups.invite(it.people["facilitator"], it.readable_id)
    it.note(invitation_id=1)


def turn(it: Hidden) -> None:
    """Whoever blocked somebody raises a hand in the room, and has the turn."""
    rooms.enter(it.people["facilitator"], it.meeting_id)
    turns.raise_hand(it.people["author"], it.meeting_id, up=True)
    turns.give(it.people["facilitator"], it.meeting_id, it.id_of("author"))


def room_message(it: Hidden) -> None:
    """Whoever blocked somebody says something in the room."""
    said = talking.say(
        it.people["author"], it.meeting_id, body="In the room", idempotency_key="said"
    )
    it.note(message_id=said)


def room_left(it: Hidden) -> None:
    """Whoever blocked somebody leaves the room."""
    rooms.leave(it.people["author"], it.meeting_id)


FACTS: dict[Callable[[Hidden], None], tuple[str, ...]] = {
    thread_in_closed_group: OUTSIDE,
    reply_in_closed_group: OUTSIDE,
    muted_author: INSIDE,
    lurker_joins: OUTSIDE,
    lurker_joins_closed: OUTSIDE,
    lurker_asks: INSIDE,
    post_of_the_blocker: ("blocked",),
    thread_of_the_blocker: ("blocked",),
    hidden_group: INSIDE,
    pending_post: INSIDE,
    report: INSIDE,
    draft: INSIDE,
    bookmark: INSIDE,
    care_note: INSIDE,
    care_message_reported: INSIDE,
    title_hidden: OUTSIDE,
    title_changed: OUTSIDE,
    reader: ("blocked", *OUTSIDE),
    warning: INSIDE,
    invitation: INSIDE,
    turn: ("blocked", *OUTSIDE),
    room_message: ("blocked", *OUTSIDE),
    room_left: ("blocked", *OUTSIDE),
}
