"""What sockets hear of a room, and above all what they must not."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from forum.accounts import service as accounts
from forum.accounts.identity import public_ids
from forum.groups import service as groups
from forum.meetings.room import service as rooms
from forum.meetings.room import sockets
from forum.meetings.room.lifecycle import timers
from forum.meetings.room.messages import private_notes
from tests.support import factories
from tests.support.worlds.meeting_room import (
    Clock,
    Meeting,
    call,
    connect,
    hide,
    join,
    moment,
    received,
    restore,
    room,
)

__all__ = ["moment", "room"]


def test_what_is_said_reaches_everybody_once(app: Flask, room: Meeting) -> None:
    wren, robin = (connect(app, viewer) for viewer in room.members[:2])
    before = join(wren, room)
    join(robin, room)
    assert (before["state"], before["inside"], before["messages"]) == ("running", True, [])
    said = call(
        robin,
        "meeting:say",
        meeting_id=room.id,
        body="Hello **you**",
        idempotency_key="one",
        content_note="loss",
    )
    again = call(
        robin, "meeting:say", meeting_id=room.id, body="Hello **you**", idempotency_key="one"
    )
    assert said["ok"]
    assert again["id"] == said["id"]
    (message,) = received(wren, "meeting:message")
    assert message["id"] == said["id"]
    assert message["version"] == message["number"] == before["version"] + 1
    assert "<strong>you</strong>" in message["html"]
    assert "Content note: loss" in message["html"]
    assert [m["id"] for m in join(wren, room, before["version"])["messages"]] == [said["id"]]


def test_nobody_hears_what_they_must_not(app: Flask, room: Meeting) -> None:
    fern = connect(app, room.fern)
    wren, robin, ash = (connect(app, viewer) for viewer in room.members)
    for socket in (fern, wren, robin, ash):
        join(socket, room)
    accounts.block(room.members[0], room.members[1].id or 0)
    accounts.mute(room.members[2], room.members[1].id or 0)
    wren.get_received()
    call(robin, "meeting:say", meeting_id=room.id, body="Hello", idempotency_key="one")
    call(robin, "meeting:typing", meeting_id=room.id)
    call(robin, "meeting:react", meeting_id=room.id, kind="hug")
    names = ("meeting:message", "meeting:typing", "meeting:reaction")
    for socket, hears in ((wren, False), (ash, False), (fern, True)):
        heard = {message["name"] for message in socket.get_received()} & set(names)
        assert heard == (set(names) if hears else set())
    present = {s: join(s, room)["present"] for s in (wren, fern)}
    assert room.members[1].handle not in present[wren]
    assert room.members[1].handle in present[fern]
    call(robin, "meeting:hand", meeting_id=room.id, up=True)
    assert received(wren, "meeting:present")[-1]["hands"] == []
    assert room.members[1].handle not in str(received(wren, "meeting:present"))
    assert received(fern, "meeting:present")[-1]["hands"][0]["handle"] == room.members[1].handle


def test_words_on_the_private_line_reach_only_whom_they_are_for(app: Flask, room: Meeting) -> None:
    fern = connect(app, room.fern)
    wren, robin, ash = (connect(app, viewer) for viewer in room.members)
    for socket in (fern, wren, robin, ash):
        join(socket, room)
    assert call(wren, "meeting:private_note", meeting_id=room.id, body="Unmistakable")["ok"]
    assert "Unmistakable" in received(fern, "meeting:private_note")[0]["html"]
    assert "Unmistakable" in received(wren, "meeting:private_note")[0]["html"]
    assert "Unmistakable" not in str(robin.get_received() + ash.get_received())
    assert "Unmistakable" not in str(join(robin, room))
    assert "Unmistakable" in str(join(wren, room)["private_notes"])


def test_who_is_sent_out_hears_nothing_from_that_moment(app: Flask, room: Meeting) -> None:
    wren, robin = (connect(app, viewer) for viewer in room.members[:2])
    join(wren, room)
    join(robin, room)
    room.act(room.fern, "remove", room.members[0])
    (you,) = received(wren, "meeting:own_status")
    assert you["removed"]
    room.say(room.members[1], "Unmistakable")
    rooms.set_room_rules(room.fern, room.id, turns_only=True, slow_mode_s=0)
    assert wren.get_received() == []
    refused = call(wren, "meeting:join", meeting_id=room.id)
    assert refused["error"]["code"] == "removed"
    room.say(room.fern, "Unmistakable, too")
    assert wren.get_received() == []
    room.act(room.fern, "let_back", room.members[0])
    assert len(join(wren, room)["messages"]) == 2


def test_who_leaves_the_group_or_is_suspended_hears_nothing(app: Flask, room: Meeting) -> None:
    wren, robin, ash = (connect(app, viewer) for viewer in room.members)
    for socket in (wren, robin, ash):
        join(socket, room)
    groups.leave(room.members[0], room.group_id)
    far = datetime(2099, 1, 1, tzinfo=UTC)
    accounts.suspend(room.members[1].id or 0, until=far, because="Unkind")
    wren.get_received()
    assert not robin.is_connected()
    room.say(room.members[2], "Unmistakable")
    private_notes.send_private_note(room.members[2], room.id, body="Unmistakable")
    rooms.close_meeting(room.fern, room.id)
    assert "Unmistakable" not in str(wren.get_received())
    assert call(wren, "meeting:join", meeting_id=room.id)["error"]["code"] == "not_found"


def test_a_former_facilitator_no_longer_reads_the_private_line(app: Flask, room: Meeting) -> None:
    moss = connect(app, room.fern)
    join(moss, room)
    groups.set_role(None, room.group_id, room.fern.id or 0, "member")
    private_notes.send_private_note(room.members[0], room.id, body="Unmistakable")
    assert "Unmistakable" not in str(moss.get_received())
    assert "Unmistakable" not in str(join(moss, room))


def test_hidden_words_are_taken_from_the_screen(app: Flask, room: Meeting) -> None:
    wren, robin = (connect(app, viewer) for viewer in room.members[:2])
    join(wren, room)
    join(robin, room)
    said = room.say(room.members[0], "Unkind")
    robin.get_received()
    hide(room.fern, said)
    (change,) = received(robin, "meeting:message")
    assert change == {
        "meeting_id": room.id,
        "id": said,
        "version": change["version"],
        "removed": True,
    }
    assert "Hidden" in received(wren, "meeting:message")[-1]["html"]
    restore(room.fern, said)
    assert "Unkind" in received(robin, "meeting:message")[-1]["html"]


def test_waiting_members_hear_when_the_doors_open(app: Flask, moment: Clock) -> None:
    room = Meeting.made(starts_at=moment.at + timedelta(minutes=5))
    wren = connect(app, room.members[0])
    answer = join(wren, room)
    assert (answer["state"], answer["inside"], answer["present"]) == ("scheduled", False, [])
    fern = connect(app, room.fern)
    assert join(fern, room)["state"] == "doors_open"
    assert [state["state"] for state in received(wren, "meeting:state")] == ["doors_open"]
    room.say(room.fern, "Unmistakable")
    assert "Unmistakable" not in str(wren.get_received())
    assert "Unmistakable" in str(join(wren, room)["messages"])


def test_a_greeting_is_for_latecomers_alone(app: Flask, moment: Clock) -> None:
    room = Meeting.made(greeting="We are **sharing** news.")
    for viewer in (room.fern, room.members[0]):
        assert join(connect(app, viewer), room)["greeting"] == ""
    moment.forward(minutes=2)
    late = connect(app, room.members[1])
    assert "<strong>sharing</strong>" in join(late, room)["greeting"]
    assert join(connect(app, room.members[0]), room)["greeting"] == ""
    for minutes in (2, 4, 4):
        moment.forward(minutes=minutes)
        rooms.enter_room(room.fern, room.id)  # who keeps the room open
    assert "<strong>sharing</strong>" in join(late, room)["greeting"]
    moment.forward(minutes=1)
    later = join(late, room)
    assert (later["state"], later["greeting"]) == ("running", "")


def test_invisible_people_are_known_to_facilitators_only(app: Flask, room: Meeting) -> None:
    accounts.change_profile(room.members[0], about="", invisible=True)
    wren, robin = (connect(app, viewer) for viewer in room.members[:2])
    fern = connect(app, room.fern)
    for socket in (wren, robin, fern):
        join(socket, room)
    handle = room.members[0].handle
    assert handle in join(fern, room)["people"]
    assert handle not in join(robin, room)["people"]
    robin.get_received()
    call(wren, "meeting:typing", meeting_id=room.id)
    assert received(robin, "meeting:typing") == []


def test_living_connections_are_seen_and_closed_ones_are_not(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    fern = connect(app, room.fern)
    join(fern, room)
    for _ in range(5):
        moment.forward(minutes=1)
        sockets.record_connected()
    assert room.view().state == "running"
    fern.disconnect()
    for _ in range(5):
        moment.forward(minutes=1)
        sockets.record_connected()
    assert room.view().is_open
    timers.update_due_meetings()
    assert room.view().ended_because == "no_facilitator"


def test_unknown_actions_and_wrong_fields_are_refused(app: Flask, room: Meeting) -> None:
    fern = connect(app, room.fern)
    join(fern, room)
    target = public_ids.of(room.members[0].id)
    for event, fields in (
        ("meeting:turn", {"account_id": target, "action": "remove"}),
        ("meeting:person", {"account_id": target, "action": "give_turn"}),
        ("meeting:hand", {"up": 1}),
        ("meeting:react", {"kind": "<b>"}),
        ("meeting:mode", {"turns_only": True, "slow_mode_s": 10_000}),
        ("meeting:extend", {"minutes": 0}),
        ("meeting:say", {"body": "x" * 2001, "idempotency_key": "k"}),
        ("meeting:say", {"body": None, "idempotency_key": "k"}),
        ("meeting:private_note", {"body": "w" * 501}),
        ("meeting:join", {"after": 2**40}),
    ):
        answer = call(fern, event, meeting_id=room.id, **fields)
        assert not answer["ok"], event
        assert answer["error"]["code"] != "fault", event
    assert not call(fern, "meeting:join", meeting_id=999)["ok"]


def test_past_the_limit_a_client_reloads(app: Flask, room: Meeting) -> None:
    wren = connect(app, room.members[0])
    first = join(wren, room)["version"]
    for number in range(101):
        room.say(room.members[1], f"word {number}")
    answer = join(wren, room, first)
    assert answer["reload"]
    assert answer["messages"] == []
    assert len(join(wren, room, first + 1)["messages"]) == 100
    assert len(join(wren, room)["messages"]) == 101


def test_a_meeting_of_a_hidden_group_is_unknown_outside(app: Flask) -> None:
    group = factories.group(visibility="hidden")
    meeting_id = factories.meeting(group)
    answer = call(connect(app, factories.person()), "meeting:join", meeting_id=meeting_id)
    assert answer["error"]["code"] == "not_found"
