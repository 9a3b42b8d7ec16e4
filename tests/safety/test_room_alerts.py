"""In a room as in a thread: words of danger, private words, content notes by theme."""

import re
from typing import Any

import pytest
from flask import Flask

from forum import wiring
from forum.accounts.preferences import content_note_preferences
from forum.core import db, events
from forum.meetings.room import service as rooms
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import private_notes
from forum.meetings.room.messages import service as messages
from forum.moderation.queue import item_detail
from forum.moderation.queue import queries as queue_queries
from forum.notifications import queries as notifications
from forum.safety import detector
from forum.safety.events import RoomMessageCrisisDetected
from tests.support import factories
from tests.support.text.form_warnings import ANONYMOUS, DANGER, HELD, OFFER, PRIVATE, fields
from tests.support.worlds.meeting_room import Clock, Meeting, call, connect, hide, moment, received

__all__ = ["moment"]


@pytest.fixture
def room(app: Flask, moment: Clock) -> Meeting:
    return Meeting.made().opened()


def risks(viewer: Any) -> list[Any]:
    """Return the entries of danger that somebody sees."""
    db.release_session()
    return [one for one in queue_queries.open_items(viewer) if one.kind == "crisis_alert"]


def test_crisis_alerts_come_to_the_queue_of_moderators_alone(app: Flask, room: Meeting) -> None:
    robin = connect(app, room.members[1])
    call(robin, "meeting:join", meeting_id=room.id)
    robin.get_received()
    room.say(room.members[1], "I slept well and I'm dying to see the sea.")
    said = room.say(room.members[0], DANGER)
    (entry,) = risks(room.moss)
    assert (entry.target_kind, entry.target_id) == ("room_message", said)
    assert (entry.about_id, entry.is_crisis) == (room.members[0].id, True)
    assert risks(room.fern) == risks(room.members[1]) == []
    thing = item_detail.detail_of(room.moss, entry)
    assert [(one["body"], one["is_target"]) for one in thing.said][-1] == (DANGER, True)
    told_of = [v for v in (room.fern, room.moss, *room.members) if notifications.lines(v)]
    assert told_of == [room.moss]
    heard = str(robin.get_received())
    assert "want to live" in heard
    assert "crisis_alert" not in heard
    assert "danger" not in heard
    messages.delete_message(room.members[0], said)
    db.release_session()
    (entry,) = risks(room.moss)
    assert "may still need someone" in item_detail.detail_of(room.moss, entry).missing


def test_a_failing_check_costs_nobody_their_words(
    room: Meeting, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(DANGER)

    monkeypatch.setattr(detector, "detects_crisis", broken)
    assert room.say(room.members[0], DANGER, "one")
    monkeypatch.undo()
    events.subscribe(
        {**wiring.WITHIN_TRANSACTION, RoomMessageCrisisDetected: [broken]},
        wiring.AFTER_COMMIT,
    )
    assert room.say(room.members[0], DANGER, "two")
    assert risks(room.moss) == []
    logged = "".join(capfd.readouterr())
    assert logged.count("crisis_check_failed") == 2
    assert "want to live" not in logged


def test_without_script_private_words_come_back_once_and_help_is_offered(
    app: Flask, room: Meeting
) -> None:
    client = app.test_client()
    factories.log_in(client, room.members[0])
    page, address = f"/meetings/{room.id}/room", f"/meetings/{room.id}/messages"

    def send(words: str, html: str) -> Any:
        return client.post(address, data={**fields(html), "body": words})

    first = send(PRIVATE, client.get(page).text)
    assert first.status_code == 200
    for words in (PRIVATE, HELD, ANONYMOUS, "Send as it is"):
        assert words in first.text
    assert send(PRIVATE, first.text).status_code == 303
    assert send(DANGER, client.get(page).text).status_code == 303
    assert OFFER in client.get(page).text
    assert OFFER not in client.get(page).text
    other = app.test_client()
    factories.log_in(other, room.members[1])
    assert OFFER not in other.get(page).text


def test_content_notes_are_as_each_reader_wants_them(app: Flask, room: Meeting) -> None:
    wren, robin, ash = room.members
    room.say(wren, "About the hospital", content_note="Hospital stay")
    content_note_preferences.save(robin, {"hospital": content_note_preferences.HIDDEN})
    content_note_preferences.save(ash, {"hospital": content_note_preferences.OPEN})
    content_note_preferences.save(room.fern, {"hospital": content_note_preferences.HIDDEN})
    pages = {}
    for viewer in (robin, ash, room.fern, wren):
        client = app.test_client()
        factories.log_in(client, viewer)
        pages[viewer.id] = client.get(f"/meetings/{room.id}/room").text
    assert 'data-note-choice="hidden"' in pages[robin.id]
    assert "Hidden because of its content note" in pages[robin.id]
    assert '<details class="post-note" open data-content-note="Hospital stay">' in pages[ash.id]
    assert 'data-note-choice="collapsed"' in pages[room.fern.id]
    assert "data-note-choice=" not in pages[wren.id]
    assert re.search(r'data-note-choices="(hidden:\w+\n)*hidden:hospital[\n"]', pages[robin.id])
    assert "data-note-choices" not in pages[wren.id]


def test_who_cannot_be_heard_is_not_seen_writing(app: Flask, room: Meeting, moment: Clock) -> None:
    from forum.moderation.actions import service

    wren, robin = (connect(app, viewer) for viewer in room.members[:2])
    for socket in (wren, robin):
        call(socket, "meeting:join", meeting_id=room.id)
    robin.get_received()
    call(wren, "meeting:typing", meeting_id=room.id)
    assert len(received(robin, "meeting:typing")) == 1
    service.take_action(
        room.moss,
        "silence",
        room.members[0].id or 0,
        group_id=room.group_id,
        reason="Rest",
        value="1",
    )
    assert call(wren, "meeting:typing", meeting_id=room.id)["ok"]
    assert received(robin, "meeting:typing") == []
    thread = factories.thread(room.members[2], room.group_id).thread_id
    for socket in (wren, robin):
        call(socket, "thread:join", thread_id=thread)
    robin.get_received()
    assert call(wren, "thread:typing", thread_id=thread)["ok"]
    assert received(robin, "thread:typing") == []
    moment.forward(days=2)
    call(wren, "thread:typing", thread_id=thread)
    assert len(received(robin, "thread:typing")) == 1


def test_live_messages_have_what_a_page_needs_to_keep_them_closed(
    app: Flask, room: Meeting
) -> None:
    robin = connect(app, room.members[1])
    call(robin, "meeting:join", meeting_id=room.id)
    said = room.say(room.members[0], "About the hospital", content_note="Hospital stay")
    assert 'data-content-note="Hospital stay"' in received(robin, "meeting:message")[-1]["html"]
    hide(room.fern, said)
    assert "Hospital" not in str(call(robin, "meeting:join", meeting_id=room.id, after=1))


def test_danger_on_the_private_line_comes_to_moderators_who_may_read_it(
    app: Flask, room: Meeting
) -> None:
    wren, robin, _ash = room.members
    private_notes.send_private_note(wren, room.id, body="I slept badly")
    said = private_notes.send_private_note(wren, room.id, body=DANGER)
    private_notes.send_private_note(room.fern, room.id, body=DANGER, to=wren.id)
    (entry,) = risks(room.moss)
    assert (entry.target_kind, entry.target_id, entry.about_id) == ("private_note", said, wren.id)
    assert entry.is_crisis
    assert risks(room.fern) == risks(wren) == risks(robin) == []
    told_of = [v for v in (room.fern, room.moss, *room.members) if notifications.lines(v)]
    assert told_of == [room.moss]
    words = [one["html"] for one in item_detail.detail_of(room.moss, entry).said]
    assert [DANGER in one for one in words] == [False, True]
    client = app.test_client()
    factories.log_in(client, room.moss)
    assert DANGER in client.get(f"/moderation/queue/{entry.id}").text
    factories.log_in(client, room.fern)
    assert client.get(f"/moderation/queue/{entry.id}").status_code == 404


def test_crisis_alerts_of_private_notes_vanish_with_them(
    app: Flask, room: Meeting, moment: Clock
) -> None:
    private_notes.send_private_note(room.members[0], room.id, body=DANGER)
    for _last_words in range(2):
        rooms.close_meeting(room.fern, room.id)
    moment.forward(days=3)
    timers.delete_expired_transcripts()
    (entry,) = risks(room.moss)
    thing = item_detail.detail_of(room.moss, entry)
    assert (thing.said, "may still need someone" in thing.missing) == ([], True)
