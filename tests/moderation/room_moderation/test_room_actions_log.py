"""Actions in a room: each one row of the log, undone from there, and told to whom they concern."""

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from forum.accounts.identity import public_ids
from forum.core import db
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.meetings.room import service as rooms
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import queries as message_queries
from forum.moderation.actions import service
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.audit_log import queries as log
from forum.moderation.audit_log.queries import LogFilter
from forum.moderation.models import AuditLogEntry
from forum.moderation.second_approval import pending_actions
from forum.notifications import queries as notifications
from tests.support import factories
from tests.support.worlds.meeting_room import (
    Clock,
    Meeting,
    call,
    connect,
    hide,
    moment,
    received,
    restore,
)
from tests.support.worlds.moderation_world import count

__all__ = ["moment"]


@pytest.fixture
def room(app: Flask, moment: Clock) -> Meeting:
    return Meeting.made().opened()


def rows(room: Meeting) -> list[tuple[str, int, int | None]]:
    """Return action, subject and person of what moss sees, oldest first."""
    db.release_session()
    found = log.find(room.moss, LogFilter())
    return [(row.action, row.target_id, row.person_id) for row in found[::-1]]


def sees(room: Meeting) -> bool:
    """Whether a member sees what was said."""
    db.release_session()
    return bool(message_queries.last_messages(room.members[1], room.id))


def test_every_action_is_logged_and_notified_of_without_a_name(app: Flask, room: Meeting) -> None:
    wren = room.members[0]
    said = room.say(wren, "Unkind")
    service.take_action(room.fern, "hide_message", said, reason="A name", message="We are sorry.")
    restore(room.moss, said)
    for action in ("mute", "unmute", "remove", "let_back"):
        room.act(room.fern, action, wren)
    me = wren.id
    assert rows(room) == [
        ("hide_message", said, me),
        ("restore_message", said, me),
        ("room_mute", room.id, me),
        ("room_unmute", room.id, me),
        ("room_remove", room.id, me),
        ("room_let_back", room.id, me),
    ]
    db.release_session()
    states = (
        db.current_session()
        .execute(select(AuditLogEntry.before, AuditLogEntry.after).order_by(AuditLogEntry.id))
        .all()
    )
    assert states[0] == ({"hidden": False}, {"hidden": True})
    assert states[4] == ({"removed": False}, {"removed": True})
    assert len([one for one in notifications.lines(wren) if "made a decision" in one.about]) == 6
    client = app.test_client()
    factories.log_in(client, wren)
    mine = client.get("/moderation/mine").text
    for words in (
        "A message in a room was hidden",
        "A name",
        "We are sorry.",
        f"/room-messages/{said}",
        f"/meetings/{room.id}/room",
    ):
        assert words in mine
    assert room.fern.handle not in mine
    factories.log_in(client, room.moss)
    for path in ("/moderation/log", "/moderation/log.csv"):
        assert room.fern.handle in client.get(path).text
    assert client.get(f"/room-messages/{said}").location == (
        f"/meetings/{room.id}/room#message-{said}"
    )


def test_an_action_that_cannot_be_logged_is_not_taken(app: Flask, room: Meeting) -> None:
    said = room.say(room.members[0], "Unkind")
    robin = connect(app, room.members[1])
    call(robin, "meeting:join", meeting_id=room.id)

    def spoil(_mapper, _connection, row) -> None:  # type: ignore[no-untyped-def]
        row.target_kind = "nonsense"

    event.listen(AuditLogEntry, "before_insert", spoil)
    try:
        with pytest.raises(IntegrityError):
            hide(room.fern, said)
        with pytest.raises(IntegrityError):
            room.act(room.fern, "remove", room.members[1])
    finally:
        event.remove(AuditLogEntry, "before_insert", spoil)
    assert count() == 0
    assert sees(room)
    assert received(robin, "meeting:message") == received(robin, "meeting:own_status") == []


def test_undo_brings_back_what_was_there_unless_it_has_changed(app: Flask, room: Meeting) -> None:
    wren = room.members[0]
    said = room.say(wren, "Unkind")
    done = service.take_action(room.fern, "hide_message", said).log_entry_id or 0
    robin = connect(app, room.members[1])
    call(robin, "meeting:join", meeting_id=room.id)
    robin.get_received()
    with pytest.raises((NotFound, Forbidden)):
        appeals_undo.undo(room.members[1], done)
    appeals_undo.undo(room.moss, done)
    assert "Unkind" in received(robin, "meeting:message")[-1]["html"]
    with pytest.raises(Conflict):
        appeals_undo.undo(room.moss, done)
    room.act(room.fern, "remove", wren)
    out = log.find(room.moss, LogFilter(action="room_remove"))[0].id
    room.act(room.fern, "let_back", wren)
    with pytest.raises(Conflict):
        appeals_undo.undo(room.moss, out)
    assert rooms.enter_room(wren, room.id).may_read


def test_an_appeal_to_having_been_sent_out_is_heard_after_the_meeting(
    app: Flask, moment: Clock
) -> None:
    room = Meeting.made(transcript_kept=True).opened()
    wren = room.members[0]
    room.say(room.members[1], "Good evening")
    room.act(room.fern, "remove", wren)
    rooms.close_meeting(room.fern, room.id)
    rooms.close_meeting(room.fern, room.id)
    assert message_queries.last_messages(wren, room.id) == []
    done = appeal_queries.entries_about(wren)[0].id
    appeals_undo.appeal(wren, done, "I was quoting somebody.")
    with pytest.raises(Forbidden):
        appeals_undo.answer_appeal(room.fern, done, overturn=True)
    appeals_undo.answer_appeal(room.moss, done, overturn=True)
    db.release_session()
    assert message_queries.last_messages(wren, room.id)
    with pytest.raises(Conflict):
        room.act(room.fern, "remove", wren)


def test_of_what_has_vanished_nothing_can_be_undone(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    done = (
        service.take_action(
            room.fern, "hide_message", room.say(room.members[0], "Unkind")
        ).log_entry_id
        or 0
    )
    rooms.close_meeting(room.fern, room.id)
    rooms.close_meeting(room.fern, room.id)
    moment.forward(hours=25)
    timers.delete_expired_transcripts()
    with pytest.raises(NotFound, match="no longer there"):
        appeals_undo.undo(room.moss, done)
    client = app.test_client()
    factories.log_in(client, room.moss)
    assert "A message in a room was hidden" in client.get("/moderation/log").text


def test_to_hide_what_an_equal_said_needs_a_second_person(room: Meeting) -> None:
    other = factories.join(factories.person(), room.group_id, "facilitator")
    rooms.enter_room(other, room.id)
    said = room.say(other, "Short words")
    asked = service.take_action(room.fern, "hide_message", said)
    assert asked.pending_action_id
    assert sees(room)
    with pytest.raises(Forbidden):
        pending_actions.answer(other, asked.pending_action_id, confirm=True)
    pending_actions.answer(room.moss, asked.pending_action_id, confirm=True)
    assert not sees(room)
    assert service.take_action(room.fern, "hide_message", room.say(room.fern, "Mine")).log_entry_id


def test_who_may_not(room: Meeting) -> None:
    said = room.say(room.members[0], "Unkind")
    elsewhere = factories.join(factories.person(), factories.group(), "moderator")
    for viewer in (room.members[0], room.members[1], elsewhere, factories.person()):
        with pytest.raises((NotFound, Forbidden)):
            hide(viewer, said)
        with pytest.raises((NotFound, Forbidden)):
            room.act(viewer, "mute", room.members[2])
    with pytest.raises(Forbidden):
        room.act(room.fern, "mute", room.fern)
    assert count() == 0


def test_the_page_of_actions_takes_a_reason_and_a_kind_word(app: Flask, room: Meeting) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wren, client = room.members[0], app.test_client()
    call(connect(app, wren), "meeting:join", meeting_id=room.id)
    factories.log_in(client, room.fern)
    named = public_ids.of(wren.id)
    about = f"/moderation/actions/new?target_kind=room&id={room.id}&person="
    assert f"{about.replace('&', '&amp;')}{named}" in (client.get(f"/meetings/{room.id}/room").text)
    page = client.get(f"{about}{named}").text
    assert "Moderate someone in a room" in page
    assert f"person={named}&amp;action=room_mute" in page
    page = client.get(f"{about}{named}&action=room_mute").text
    assert f'name="person" value="{named}"' in page
    for nobody in ("", "x", "999999"):
        assert client.get(about + nobody).status_code == 404
    form = {
        "target_kind": "room",
        "id": room.id,
        "person": named,
        "action": "room_mute",
        "reason": "Others want to speak",
        "message": "Your turn comes.",
    }
    assert client.post("/moderation/actions/new", data=form).status_code == 303
    (row,) = appeal_queries.entries_about(wren)
    assert (row.action, row.reason, row.message) == (
        "room_mute",
        "Others want to speak",
        "Your turn comes.",
    )
    factories.log_in(client, room.members[1])
    assert client.get(f"{about}{named}").status_code == 403


def test_rooms_have_no_other_way_to_hide_or_send_out() -> None:
    """As for posts: no door goes past the log."""
    from pathlib import Path

    root = Path(service.__file__).parents[2]
    verbs = ("messages.set_hidden", "attendees.set_")
    users = {
        path.relative_to(root).parts[:-1]
        for path in root.rglob("*.py")
        if any(verb in path.read_text() for verb in verbs)
    }
    assert users == {("moderation", "actions", "rooms")}
