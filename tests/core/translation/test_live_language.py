"""What open pages are sent live is in the language of each page, and rendered once for each."""

from typing import Any

from flask import Flask
from flask_socketio import SocketIOTestClient

from forum.accounts.policy import Viewer
from forum.core.realtime import presence
from forum.core.realtime.socket_events import socketio
from forum.threads.broadcasts.thread_broadcasts import presence_key
from tests.support.factories import group, join, log_in, person, post, thread
from tests.support.languages import made_up

ENGLISH, ACCENTED = "en", made_up.CODE


def _page(app: Flask, reader: Viewer, language: str) -> SocketIOTestClient:
    """Return the socket of a page that somebody has open in a language."""
    log_in(client := app.test_client(), reader)
    address = f"language={language}"
    return socketio.test_client(app, flask_test_client=client, query_string=address)


def _received(socket: SocketIOTestClient, name: str) -> list[dict[str, Any]]:
    return [one["args"][0] for one in socket.get_received() if one["name"] == name]


def test_a_post_reaches_each_page_in_its_language(app: Flask) -> None:
    with made_up.is_known():
        its_group = group()
        writer, reader = (join(person(), its_group) for _ in range(2))
        place = thread(writer, its_group)
        pages = {one: _page(app, reader, one) for one in (ENGLISH, ACCENTED)}
        for socket in pages.values():
            socket.emit("thread:join", {"thread_id": place.thread_id}, callback=True)
        assert presence.here().languages(presence_key(place.thread_id)) == {ENGLISH, ACCENTED}
        for _ in range(2):
            post(writer, place.thread_id)
            found = {one: _received(socket, "post:created") for one, socket in pages.items()}
            (english,), (accented,) = found[ENGLISH], found[ACCENTED]
            assert english["id"] == accented["id"]
            assert made_up.FILL[0] in accented["html"]
            assert made_up.FILL[0] not in english["html"]


def test_a_refusal_is_in_the_language_of_the_page(app: Flask) -> None:
    with made_up.is_known():
        said = {
            one: _page(app, person(), one).emit("thread:join", {"thread_id": 999}, callback=True)
            for one in (ENGLISH, ACCENTED)
        }
    assert said[ACCENTED]["error"]["message"] == made_up.in_accents(
        said[ENGLISH]["error"]["message"]
    )
