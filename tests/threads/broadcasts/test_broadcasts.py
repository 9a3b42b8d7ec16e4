"""Who hears what of a thread after having lost the right to it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.realtime.socket_events import socketio
from forum.groups import service as groups
from forum.threads import service
from tests.support import factories


def test_removed_members_get_neither_typing_nor_presence(app: Flask) -> None:
    group = factories.group(visibility="hidden")
    wren, robin = (factories.join(factories.person(), group) for _ in range(2))
    place = service.start_thread(wren, group, title="Mornings", body="They are the worst.")
    sockets = []
    for viewer in (wren, robin):
        client = app.test_client()
        factories.log_in(client, viewer)
        sockets.append(socketio.test_client(app, flask_test_client=client))
        sockets[-1].emit("thread:join", {"thread_id": place.thread_id}, callback=True)
    here, removed = sockets
    groups.leave(robin, group)
    removed.get_received()
    here.get_received()
    assert here.emit("thread:typing", {"thread_id": place.thread_id}, callback=True)["ok"]
    here.emit("thread:leave", {"thread_id": place.thread_id}, callback=True)
    assert removed.get_received() == []


def test_a_reply_is_read_once_for_broadcast_and_answer(app: Flask) -> None:
    group = factories.group()
    wren = factories.join(factories.person(), group)
    place = service.start_thread(wren, group, title="Mornings", body="They are the worst.")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    factories.log_in(client, wren)

    sockets = socketio.test_client(app, flask_test_client=client)
    assert sockets.emit("thread:join", {"thread_id": place.thread_id}, callback=True)["ok"]
    sockets.get_received()
    contents: list[str] = []

    def note(*event_arguments: Any) -> None:
        if "posts.html" in event_arguments[2]:
            contents.append(event_arguments[2])

    event.listen(db.engine(), "before_cursor_execute", note)
    answer = client.post(
        f"/threads/{place.thread_id}/replies",
        data={"body": "Not all of them."},
        headers={"Accept": "application/json"},
    )
    event.remove(db.engine(), "before_cursor_execute", note)
    (shown,) = [one["args"][0] for one in sockets.get_received() if one["name"] == "post:created"]
    answered = {**answer.get_json(), "thread_id": place.thread_id}
    for own in ("said", "undo"):  # to its sender alone
        answered.pop(own)
    assert answered == shown
    assert len(contents) == 1


def test_forms_work_over_https_without_a_referer(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/login", base_url="https://forum.example.org").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    answer = client.post(
        "/login",
        base_url="https://forum.example.org",
        data={"csrf_token": token, "handle": "wren", "password": "x"},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("joins", ["before", "after"])
def test_no_live_name_is_a_link_that_leads_to_a_refusal(app: Flask, joins: str) -> None:
    group = factories.group(readable_by_all=True)
    wren, robin, heron = (factories.join(factories.person(), group) for _ in range(3))
    outsider, keeper = factories.person(), factories.person(role="administrator")
    place = service.start_thread(wren, group, title="Mornings", body="They are the worst.")
    db.release_session()
    accounts.mute(heron, robin.id or 0)
    answers = {}
    people = {"member": wren, "mutes": heron, "outsider": outsider, "keeper": keeper}
    sockets = {name: _socket(app, viewer) for name, viewer in [*people.items(), ("visitor", None)]}
    follow = {"thread_id": place.thread_id, "after": 1}
    if joins == "before":
        for one in sockets.values():
            assert one.emit("thread:join", follow, callback=True)["ok"]
            one.get_received()
    service.post_reply(robin, place.thread_id, body="Not all of them.")
    db.release_session()
    for name, one in sockets.items():
        if joins == "before":
            told = [event["args"][0] for event in one.get_received() if "post" in event["name"]]
        else:
            told = one.emit("thread:join", follow, callback=True)["posts"]
        answers[name] = ['href="/members/' in post["html"] for post in told if "html" in post]
    answers["mutes"] = answers["mutes"] or [False]  # a person who mutes is not sent the post
    assert answers == {
        "member": [True],
        "mutes": [False],
        "outsider": [False],
        "keeper": [True],
        "visitor": [False],
    }


def _socket(app: Flask, viewer: Viewer | None) -> Any:
    client = app.test_client()
    if viewer:
        factories.log_in(client, viewer)
    return socketio.test_client(app, flask_test_client=client)
