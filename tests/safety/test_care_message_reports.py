"""Reporting a care message: who may, who reads it, what is kept, through every door."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.accounts.identity.public_ids import of as named
from forum.accounts.policy import VISITOR
from forum.core import clock, db
from forum.core.errors import Conflict, Forbidden, LoginNeeded, NotFound
from forum.core.web import private_ids
from forum.groups import service as groups
from forum.groups.models import Group
from forum.moderation.queue import item_detail
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items.models import CARE_MESSAGE
from forum.moderation.reports import queries as report_queries
from forum.moderation.reports import service as reports
from forum.moderation.reports.models import ReportEvidence
from forum.notifications import queries as notifications
from forum.privacy import service as privacy
from forum.privacy.personal_data import PERSONAL_DATA
from forum.safety import service as safety
from tests.support import factories as make
from tests.support.worlds.queue_world import QueueWorld

WORDS = "unmistakably overbearing words"


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def write(room: QueueWorld, by: str = "facilitator", to: str = "reporter") -> int:
    slug = room_slug(room)
    return safety.send_care_message(room[by], slug, room[to].id or 0, body=WORDS)


def room_slug(room: QueueWorld) -> str:
    return str(db.current_session().scalar(select(Group.slug).where(Group.id == room.group)))


def report(room: QueueWorld, note: int, by: str = "reporter", reason: str = "unkind") -> int:
    return reports.report(room[by], CARE_MESSAGE, note, reason=reason, words="It frightened me")


def entry(room: QueueWorld, by: str = "moderator") -> ItemView | None:
    db.release_session()
    waiting = queue_queries.open_items(room[by])
    return next((one for one in waiting if one.target_kind == CARE_MESSAGE), None)


def shown(room: QueueWorld, by: str = "moderator") -> str:
    found = entry(room, by)
    return str(item_detail.detail_of(room[by], found).said) if found else ""


def suspend(room: QueueWorld, name: str) -> None:
    until = clock.now() + timedelta(days=1)
    accounts.suspend(room[name].id or 0, until=until, because="Insults")


def kept() -> list[str]:
    db.release_session()
    return list(db.current_session().scalars(select(ReportEvidence.body)))


def test_only_who_got_it_reports_it(room: QueueWorld) -> None:
    note = write(room)
    refused = {}
    for name in (*room.people, "visitor"):
        try:
            viewer = room.people.get(name) or VISITOR
            reports.report(viewer, CARE_MESSAGE, note, reason="unkind")
        except (Forbidden, LoginNeeded, NotFound) as refusal:
            refused[name] = type(refusal)
    assert set(refused) == {*room.people, "visitor"} - {"reporter"}
    # Who may not read it learns nothing, not even that there is one.
    assert {refused[name] for name in ("author", "other", "elsewhere", "outsider")} == {NotFound}


@pytest.mark.parametrize(
    ("by", "readers"),
    [
        ("facilitator", {"moderator", "second", "administrator"}),
        ("moderator", {"second", "administrator"}),
        ("administrator", {"moderator", "second"}),
    ],
)
def test_it_goes_to_moderators_who_did_not_write_it(
    app: Flask, room: QueueWorld, by: str, readers: set[str]
) -> None:
    report(room, write(room, by))
    reading = {name for name in room.people if WORDS in shown(room, name)}
    assert reading == readers
    at = entry(room, readers.copy().pop())
    assert at is not None
    for name, person in room.people.items():
        client = app.test_client()
        make.log_in(client, person)
        for path in ("/moderation", f"/moderation/queue/{at.id}"):
            page = client.get(path)
            assert ("are message" in page.text and page.status_code == 200) == (name in readers)
        told = {line.type for line in notifications.lines(person)}
        assert "report" not in told


def test_where_nobody_else_moderates_it_is_for_administrators(room: QueueWorld) -> None:
    make.join(room["second"], room.group, "member")
    room.people["third"] = make.join(make.person(), room.group, "moderator")
    suspend(room, "third")
    note = write(room, "moderator")
    report(room, note)
    found = entry(room, "administrator")
    assert found is not None
    assert found.group_id is None
    assert not [name for name in room.people if name != "administrator" and entry(room, name)]


@pytest.mark.parametrize("since", ["left", "blocked", "suspended"])
def test_it_can_be_reported_whatever_has_happened_since(room: QueueWorld, since: str) -> None:
    note = write(room)
    if since == "left":
        groups.leave(room["reporter"], room.group)
    elif since == "blocked":
        accounts.block(room["reporter"], room["facilitator"].id or 0)
    else:
        suspend(room, "reporter")
    report(room, note)
    assert WORDS in shown(room)


def test_its_words_are_kept_while_the_report_is_open(room: QueueWorld) -> None:
    report(room, write(room))
    at = entry(room)
    assert at is not None
    writer = room["facilitator"].id or 0
    held = [
        str(list(db.current_session().execute(one.rows(writer))))
        for one in PERSONAL_DATA
        if one.name == "report_evidence"
    ]
    assert WORDS in held[0]
    privacy.erase(room["reporter"].id or 0, remove=True)
    assert WORDS in shown(room)
    queue.resolve(room["moderator"], at.id, outcome="spoken")
    assert kept() == []


def test_they_go_with_their_writer(room: QueueWorld) -> None:
    note = write(room)
    report(room, note)
    privacy.erase(room["facilitator"].id or 0, remove=True)
    assert kept() == []
    at = entry(room)
    assert at is not None
    assert item_detail.detail_of(room["moderator"], at).missing == item_detail.GONE
    with pytest.raises(Conflict):
        report(room, note)


def test_a_danger_in_it_is_a_crisis_and_the_reporter_hears_the_outcome(room: QueueWorld) -> None:
    note = write(room)
    report(room, note, reason="harm_self")
    at = entry(room)
    assert at is not None
    assert (at.urgency, at.reports) == (queue_policy.CRISIS, 1)
    report(room, note, reason="privacy")
    queue.resolve(room["moderator"], at.id, outcome="spoken", answer="Thank you.")
    assert notifications.lines(room["reporter"])[0].type == "report"
    mine = report_queries.own_reports(room["reporter"].id or 0)[0]
    assert (mine.target_kind, mine.answer) == (CARE_MESSAGE, "Thank you.")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_care_message_is_reported_on_pages(app: Flask, room: QueueWorld, accept: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    note = write(room)
    address = f"/reports/new?kind=care_message&id={private_ids.of(note)}"
    answers = {}
    for name, person in room.people.items():
        client = app.test_client()
        make.log_in(client, person)
        asked = client.get(address, headers={"Accept": accept})
        given = client.post(address, data={"reason": "unkind"}, headers={"Accept": accept})
        answers[name] = asked.status_code, given.status_code
    done = 201 if accept == "application/json" else 200
    assert answers.pop("reporter") == (200, done)
    assert {code for pair in answers.values() for code in pair} <= {403, 404}
    client = app.test_client()
    make.log_in(client, room["reporter"])
    link = address.replace("&", "&amp;")
    for page in ("/safety/notes", f"/safety/notes/{private_ids.of(note)}"):
        assert link in client.get(page).text
    assert "A care message" in client.get("/moderation/reports/mine").text
    make.log_in(client, room["facilitator"])
    assert link not in client.get(f"/safety/notes/{private_ids.of(note)}").text
    make.log_in(client, room["moderator"])
    at = entry(room)
    assert at is not None
    page = client.get(f"/moderation/queue/{at.id}").text
    assert "Only that person can report it" in page
    assert f"/members/{named(room['facilitator'].id)}" in page
