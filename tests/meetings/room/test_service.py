"""What people do in a room: talk, private notes, and who is asked to stay out."""

from itertools import pairwise

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from forum.groups import service as groups
from forum.meetings.room import service as rooms
from forum.meetings.room import speaking_queue
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.messages import private_note_queries, private_notes
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as messages
from tests.support import factories
from tests.support.servers.crowds import run_at_once
from tests.support.worlds.meeting_room import Clock, Meeting, announced, hide, moment, restore

__all__ = ["announced", "moment"]


def test_fifty_sendings_with_one_key_make_one_message(app: Flask) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    db.release_session()
    sendings = [lambda: room.say(wren, "Once", "the-same-key")] * 50
    assert len(set(run_at_once(*sendings))) == 1
    assert len(message_queries.last_messages(wren, room.id)) == 1


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "x" * 2001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "fine", "key": " "}, "idempotency_key"),
        ({"body": "fine", "key": "k" * 65}, "idempotency_key"),
        ({"body": "fine", "content_note": "n" * 81}, "content_note"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(
    app: Flask, words: dict[str, str], field: str
) -> None:
    room = Meeting.made().opened()
    with pytest.raises(Invalid) as refused:
        room.say(room.members[0], **{"key": "k", **words})
    assert set(refused.value.fields) == {field}


def test_who_must_not_speak_does_not(app: Flask) -> None:
    room = Meeting.made()
    outsider, late = factories.person(), room.members[2]
    rooms.enter_room(room.fern, room.id)
    rooms.enter_room(room.members[0], room.id)
    with pytest.raises(NotFound):
        room.say(outsider, "Let me in")
    with pytest.raises(Forbidden, match="Come into the room"):
        room.say(late, "From the corridor")
    rooms.leave_room(room.members[0], room.id)
    with pytest.raises(Forbidden, match="Come into the room"):
        room.say(room.members[0], "From outside")


def test_slow_mode_waits_and_says_for_how_long(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    rooms.set_room_rules(room.fern, room.id, turns_only=False, slow_mode_s=30)
    room.say(wren, "One")
    moment.forward(seconds=10)
    with pytest.raises(TooMany, match="in 21 seconds"):
        room.say(wren, "Two")
    room.say(room.fern, "I may")
    room.say(room.fern, "at any time")
    moment.forward(seconds=21)
    room.say(wren, "Two")
    for wrong in (-1, 601):
        with pytest.raises(Invalid):
            rooms.set_room_rules(room.fern, room.id, turns_only=False, slow_mode_s=wrong)


def test_hidden_words_are_for_author_and_facilitators(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    said = room.say(wren, "Unkind")
    for nobody in (robin, wren):
        with pytest.raises(Forbidden):
            hide(nobody, said)
    hide(room.fern, said)
    with pytest.raises(Conflict):
        hide(room.fern, said)
    sees = [bool(message_queries.last_messages(v, room.id)) for v in (wren, robin, room.fern)]
    assert sees == [True, False, True]
    with pytest.raises(NotFound):
        restore(robin, said)
    restore(room.fern, said)
    assert message_queries.last_messages(robin, room.id)
    with pytest.raises(Forbidden):
        messages.delete_message(robin, said)
    messages.delete_message(wren, said)
    with pytest.raises(Conflict):
        hide(room.fern, said)
    assert message_queries.contents([said])[0].html == ""


def test_a_removed_person_hears_and_says_nothing_until_let_back(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    room.say(robin, "Before")
    speaking_queue.raise_hand(wren, room.id, up=True)
    room.act(room.fern, "remove", wren)
    assert people_queries.speaking_queue(room.id) == []
    assert message_queries.last_messages(wren, room.id) == []
    for attempt in (
        lambda: rooms.enter_room(wren, room.id),
        lambda: room.say(wren, "Let me"),
        lambda: speaking_queue.raise_hand(wren, room.id, up=True),
        lambda: private_notes.send_private_note(wren, room.id, body="Why?"),
        lambda: messages.save_draft(wren, room.id, body="Why?"),
        lambda: messages.require_reaction(wren, room.id, "hug"),
    ):
        with pytest.raises(Forbidden, match="removed you"):
            attempt()
    room.act(room.fern, "let_back", wren)
    rooms.enter_room(wren, room.id)
    assert len(message_queries.last_messages(wren, room.id)) == 1


def test_who_is_muted_listens_and_may_use_the_private_line(app: Flask) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    room.act(room.fern, "mute", wren)
    for attempt in (
        lambda: room.say(wren, "But"),
        lambda: speaking_queue.raise_hand(wren, room.id, up=True),
        lambda: messages.require_reaction(wren, room.id, "hug"),
    ):
        with pytest.raises(Forbidden, match="muted"):
            attempt()
    assert private_notes.send_private_note(wren, room.id, body="I am sorry")
    room.act(room.fern, "unmute", wren)
    assert room.say(wren, "Thank you")


def test_nobody_takes_action_on_the_same_or_a_higher_role(app: Flask) -> None:
    room = Meeting.made().opened()
    administrator = factories.administrator()
    other = factories.join(factories.person(), room.group_id, "facilitator")
    for viewer in (room.moss, administrator, other):
        rooms.enter_room(viewer, room.id)
    for target in (room.fern, other, room.moss, administrator):
        with pytest.raises(Forbidden):
            room.act(room.fern, "remove", target)
    with pytest.raises(Forbidden):
        room.act(room.moss, "mute", administrator)
    with pytest.raises(Forbidden):
        room.act(room.members[0], "mute", room.members[1])
    with pytest.raises(NotFound):
        room.act(room.fern, "mute", factories.person())
    room.act(room.moss, "mute", room.fern)
    room.act(administrator, "mute", room.moss)


def test_the_private_line_is_private(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, _ash = room.members
    rooms.enter_room(room.moss, room.id)
    private_notes.send_private_note(wren, room.id)
    private_notes.send_private_note(room.fern, room.id, body="I am here", to=wren.id)
    with pytest.raises(Forbidden):
        private_notes.send_private_note(robin, room.id, body="psst", to=wren.id)
    with pytest.raises(NotFound):
        private_notes.send_private_note(room.fern, room.id, body="psst", to=factories.person().id)
    read = {
        v.id: len(private_note_queries.private_notes_for(v.id or 0, room.id))
        for v in (wren, robin, room.fern, room.moss, factories.person())
    }
    assert list(read.values()) == [2, 0, 2, 2, 0]


def test_blocks_and_mutes_hold_in_the_room(app: Flask) -> None:
    room = Meeting.made().opened()
    wren, robin, ash = room.members
    accounts.block(wren, robin.id or 0)
    accounts.mute(ash, robin.id or 0)
    accounts.block(robin, room.fern.id or 0)
    room.say(robin, "Hello all")
    sees = [bool(message_queries.last_messages(v, room.id)) for v in (wren, robin, ash, room.fern)]
    assert sees == [False, True, False, True]
    room.say(wren, "And I")
    assert len(message_queries.last_messages(robin, room.id)) == 1


def test_who_left_the_group_hears_nothing_more(app: Flask) -> None:
    room = Meeting.made().opened()
    wren = room.members[0]
    said = room.say(room.members[1], "For members")
    groups.leave(wren, room.group_id)
    assert message_queries.last_messages(wren, room.id) == []
    assert message_queries.who_sees(said, {wren.id or 0}) == (set(), set())
    with pytest.raises(NotFound):
        rooms.enter_room(wren, room.id)


def test_versions_count_every_change(app: Flask) -> None:
    room = Meeting.made().opened()
    said = [room.say(room.members[0], f"Word {n}") for n in range(5)]
    hide(room.fern, said[0])
    db.release_session()
    versions = [r.version for r in message_queries.changes_after(room.fern, room.id, 0, 10)]
    assert all(before < after for before, after in pairwise(versions))
    assert versions[-1] == room.view().version
