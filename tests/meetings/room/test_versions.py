"""A room's version: nobody learns by it of what they must not see."""

import re
from typing import Any

import pytest
from flask import Flask

from forum.accounts import service as accounts
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import service as messages
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


def test_states_and_versions_tell_nothing_of_what_is_said_unseen(app: Flask, room: Meeting) -> None:
    blocker, blocked = room.members[:2]
    room.say(room.fern, "Welcome")
    accounts.block(blocker, blocked.id or 0)
    socket, client = connect(app, blocked), app.test_client()
    factories.log_in(client, blocked)

    def told_now() -> list[Any]:
        rooms.set_room_rules(room.fern, room.id, turns_only=False, slow_mode_s=5)
        page = client.get(f"/meetings/{room.id}/room", headers={"Accept": "application/json"})
        joined = call(socket, "meeting:join", meeting_id=room.id, after=0)
        return [received(socket, "meeting:state"), page.get_json(), joined]

    join(socket, room)
    before = told_now()
    room.say(blocker, "Unseen")
    assert told_now() == before
    assert before[0]
    assert before[2]["version"] > 0


@pytest.mark.parametrize("how", ["taken back", "hidden", "shown again"])
def test_versions_tell_nothing_of_what_happens_to_what_is_unseen(
    app: Flask, room: Meeting, how: str
) -> None:
    blocker, blocked = room.members[:2]
    room.say(room.fern, "Welcome")
    accounts.block(blocker, blocked.id or 0)
    said = room.say(blocker, "Unseen")
    socket, client = connect(app, blocked), app.test_client()
    factories.log_in(client, blocked)

    def told_now() -> list[Any]:
        pages = [
            client.get(f"/meetings/{room.id}/room", headers=headers)
            for headers in ({"Accept": "application/json"}, {})
        ]
        version = re.findall(r'data-version="\d+"', pages[1].text)
        return [pages[0].get_json(), version, join(socket, room)]

    before = told_now()
    if how == "taken back":
        messages.delete_message(blocker, said)
    else:
        hide(room.fern, said)
        if how == "shown again":
            restore(room.fern, said)
    assert told_now() == before


def test_people_waiting_outside_get_no_version(app: Flask, moment: Clock) -> None:
    room = Meeting.made().opened()
    room.say(room.fern, "Welcome")
    rooms.close_meeting(room.fern, room.id)
    rooms.close_meeting(room.fern, room.id)
    joined = join(connect(app, factories.join(factories.person(), room.group_id)), room)
    assert not joined["inside"]
    assert joined["version"] == 0
