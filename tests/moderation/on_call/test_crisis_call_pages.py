"""What people who are called for a crisis are shown and sent, and its one button."""

from collections import Counter

import pytest
from flask import Flask

from forum.moderation.crisis_calls import service as calls
from forum.moderation.queue import service as queue
from forum.notifications.channels.channel import Retry, Sent
from forum.notifications.outbox.sender import Sender
from tests.support import factories as make
from tests.support.worlds.crisis_world import (
    alert,
    crisis,
    pass_minutes,
    read_all,
    room,
)
from tests.support.worlds.meeting_room import Clock, moment
from tests.support.worlds.outbox_world import PostBox
from tests.support.worlds.queue_world import QueueWorld

__all__ = ["moment", "room"]


def test_the_page_with_one_button_changes_nothing_until_it_is_pressed(
    app: Flask, room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    client = app.test_client()
    make.log_in(client, room["moderator"])
    address = f"/moderation/queue/{item.id}/here"
    page = client.get(address).text
    assert "I&#39;m here" in page
    assert "Sharp words" not in page
    assert room["author"].handle not in page
    assert crisis(room).there == ()
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        address, data={"csrf_token": token}, headers={"Accept": "application/json"}
    )
    assert [one["handle"] for one in answer.get_json()["here"]] == [room["moderator"].handle]
    assert "been here since" in client.get(address).text
    assert "been here since" in client.get(f"/moderation/queue/{item.id}").text


def test_the_lists_have_the_button_of_who_is_called(
    app: Flask, room: QueueWorld, moment: Clock
) -> None:
    item = alert(room)
    client = app.test_client()
    make.log_in(client, room["second"])
    address = f"/moderation/queue/{item.id}/here"
    for page in ("/notifications", "/moderation", f"/moderation/queue/{item.id}"):
        assert address in client.get(page).text
    calls.acknowledge(room["second"], item.id)
    assert address not in client.get("/moderation").text
    assert "You&#39;re here" in client.get("/moderation").text


def test_each_call_is_sent_outside_anew_and_leads_to_the_page_with_one_button(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox().use(monkeypatch)
    item = alert(room)
    for _ in range(3):
        Sender().send_due()
        read_all(room)
        pass_minutes(moment, 5)
    Sender().send_due()
    assert Counter(account_id for account_id, _key, _message in box.taken) == Counter(
        {room["second"].id: 4, room["moderator"].id: 2, room["administrator"].id: 1}
    )
    assert {message.address for *_whom, message in box.taken} == {
        f"/moderation/queue/{item.id}/here"
    }
    assert len({key for _account_id, key, _message in box.taken}) == 7


def test_who_is_there_is_not_sent_what_still_waited(
    room: QueueWorld, moment: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = PostBox(lambda _account_id: Retry("busy")).use(monkeypatch)
    item = alert(room)
    Sender().send_due()
    queue.resolve(room["second"], item.id, outcome="spoken")
    box.answer = lambda _account_id: Sent()
    moment.forward(minutes=2)
    Sender().send_due()
    assert box.taken == []
