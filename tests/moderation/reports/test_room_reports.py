"""Reporting what is said in a room: who sees it, and what stays of words that vanish."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core import db
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.meetings.room import service as rooms
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import RoomMessage
from forum.moderation.queue import item_detail
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.reports import service as reports
from forum.moderation.reports.models import ReportEvidence
from forum.notifications import queries as notifications
from tests.support import factories
from tests.support.worlds.meeting_room import Clock, Meeting, hide, moment
from tests.support.worlds.privacy_world import whole_database

__all__ = ["moment"]
UNKIND, AFTER = "unmistakably unkind", "said afterwards"


@pytest.fixture
def room(app: Flask, moment: Clock) -> Meeting:
    """Return a room in which six things were said before something unkind, and one after it."""
    made = Meeting.made().opened()
    for number in range(6):
        made.say(made.members[1], f"earlier{number}")
    made.say(made.members[0], UNKIND)
    made.say(made.members[2], AFTER)
    return made


def unkind(room: Meeting) -> int:
    db.release_session()
    return (
        db.current_session().scalars(select(RoomMessage.id).where(RoomMessage.body == UNKIND)).one()
    )


def report(room: Meeting, reason: str = "unkind") -> Any:
    """Let robin report it, and return the item as moss, who moderates, has it."""
    reports.report(room.members[1], "room_message", unkind(room), reason=reason, words="Look")
    return item(room)


def item(room: Meeting) -> Any:
    db.release_session()
    return next(one for one in queue_queries.open_items(room.moss) if one.kind == "report")


def kept() -> list[str]:
    db.release_session()
    rows = select(ReportEvidence.body).order_by(ReportEvidence.message_id)
    return list(db.current_session().scalars(rows))


def over_and_vanished(room: Meeting, moment: Clock) -> None:
    rooms.close_meeting(room.fern, room.id)
    rooms.close_meeting(room.fern, room.id)
    moment.forward(hours=25)
    timers.delete_expired_transcripts()


def test_an_open_report_keeps_it_and_four_before_it_until_it_is_resolved(
    room: Meeting, moment: Clock
) -> None:
    asked = report(room)
    over_and_vanished(room, moment)
    assert kept() == ["earlier2", "earlier3", "earlier4", "earlier5", UNKIND]
    thing = item_detail.detail_of(room.moss, item(room))
    assert [(one["body"], one["is_target"]) for one in thing.said][-2:] == [
        ("earlier5", False),
        (UNKIND, True),
    ]
    assert (thing.address, thing.message) == ("", "")
    elsewhere = {
        name
        for name, words in whole_database().items()
        if "unmistak" in words or "earlier" in words or AFTER in words
    }
    assert elsewhere == {"report_evidence.body"}
    queue.resolve(room.moss, asked.id, outcome="acted")
    assert kept() == []
    assert not [name for name, words in whole_database().items() if "unmistak" in words]
    queue.reopen(room.moss, asked.id)
    assert kept() == []
    assert "no longer there" in item_detail.detail_of(room.moss, item(room)).missing


def test_a_report_that_nobody_sees_to_does_not_keep_it_for_ever(
    room: Meeting, moment: Clock
) -> None:
    report(room)
    moment.forward(days=89)
    queue_triggers.sweep()
    assert kept()
    moment.forward(days=2)
    queue_triggers.sweep()
    assert kept() == []
    assert item(room).is_open


def test_what_is_opened_again_in_time_is_kept_again(room: Meeting) -> None:
    asked = report(room)
    queue.resolve(room.moss, asked.id, outcome="nothing")
    queue.reopen(room.moss, asked.id)
    assert kept()[-1] == UNKIND


def test_a_reported_message_stays_for_its_review(room: Meeting) -> None:
    report(room)
    messages.delete_message(room.members[0], unkind(room))
    assert kept()[-1] == UNKIND
    thing = item_detail.detail_of(room.moss, item(room))
    assert thing.said[-1]["body"] == UNKIND
    assert thing.message == ""
    gone = db.current_session().scalars(select(RoomMessage.id).where(RoomMessage.body == "")).one()
    with pytest.raises(Conflict):
        reports.report(room.members[2], "room_message", gone, reason="spam")


def test_two_reports_are_one_item_and_a_post_of_the_same_number_is_another(room: Meeting) -> None:
    report(room)
    reports.report(room.members[2], "room_message", unkind(room), reason="privacy")
    assert item(room).reports == 2
    author = factories.join(factories.person(), room.group_id)
    post = factories.thread(author, room.group_id)
    while post.id < unkind(room):
        post = factories.post(author, post.thread_id)
    reports.report(room.members[1], "post", unkind(room), reason="spam")
    kinds = {(e.target_kind, e.reports) for e in queue_queries.open_items(room.moss)}
    assert {("room_message", 2), ("post", 1)} <= kinds


def test_who_sees_the_report_and_who_does_not(app: Flask, room: Meeting) -> None:
    asked = report(room)
    elsewhere = factories.join(factories.person(), factories.group(), "moderator")
    administrator = factories.administrator()
    seen = {}
    for name, viewer in {
        "fern": room.fern,
        "moss": room.moss,
        "administrator": administrator,
        "wren": room.members[0],
        "robin": room.members[1],
        "elsewhere": elsewhere,
    }.items():
        client = app.test_client()
        factories.log_in(client, viewer)
        page = client.get(f"/moderation/queue/{asked.id}")
        seen[name] = page.status_code == 200 and UNKIND in page.text
        assert page.status_code in {200, 403, 404}
    assert [name for name, shown in seen.items() if shown] == ["fern", "moss", "administrator"]


def test_nobody_reads_of_a_report_about_themselves(room: Meeting) -> None:
    said = room.say(room.fern, "Short words")
    reports.report(room.members[1], "room_message", said, reason="unkind")
    db.release_session()
    mine = [one for one in queue_queries.open_items(room.fern) if one.kind == "report"]
    assert mine == []
    assert item(room).about == room.fern.handle


def test_who_may_report(room: Meeting) -> None:
    said = unkind(room)
    with pytest.raises(Forbidden):
        reports.report(room.members[0], "room_message", said, reason="unkind")
    stranger = factories.person()
    later = factories.join(factories.person(), room.group_id)  # was never in the room
    for viewer in (stranger, later):
        with pytest.raises(NotFound):
            reports.report(viewer, "room_message", said, reason="unkind")
    hide(room.fern, said)
    with pytest.raises(NotFound):
        reports.report(room.members[1], "room_message", said, reason="unkind")


def test_the_reporter_is_notified_of_the_outcome(app: Flask, room: Meeting) -> None:
    client = app.test_client()
    factories.log_in(client, room.members[1])
    address = f"/reports/new?kind=room_message&id={unkind(room)}"
    assert f"what {room.members[0].handle} said in a room" in client.get(address).text
    assert f'href="/reports/new?kind=room_message&amp;id={unkind(room)}"' in (
        client.get(f"/meetings/{room.id}/room").text
    )
    app.config["WTF_CSRF_ENABLED"] = False
    thanked = client.post(address, data={"reason": "unkind"})
    assert "Thank you for telling us" in thanked.text
    queue.resolve(room.moss, item(room).id, outcome="spoken", answer="Thank you.")
    lines = [line.about for line in notifications.lines(room.members[1])]
    assert "Your report has been reviewed" in lines
    mine = client.get("/moderation/reports/mine").text
    assert "A message in a room" in mine
    assert "Thank you." in mine


def test_a_danger_in_a_report_is_a_crisis(room: Meeting) -> None:
    assert report(room, "harm_self").is_crisis


def test_a_number_is_never_given_again(room: Meeting, moment: Clock) -> None:
    """What the log and the queue say of a message must never mean another one."""
    before = max(unkind(room), room.say(room.fern, "The last one"))
    over_and_vanished(room, moment)
    other = Meeting.made().opened()
    assert other.say(other.fern, "The first one elsewhere") > before
