"""Who hears what of a thread after having lost the right to it."""

from flask import Flask

from forum.core.realtime.socket_events import socketio
from forum.groups import service as groups
from forum.threads import service
from tests.support import factories


def test_whoever_was_removed_hears_neither_typing_nor_presence(app: Flask) -> None:
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
