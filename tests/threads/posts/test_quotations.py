"""A quotation does not bring back the words of people who do not meet: on no channel, both ways."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts import service as accounts
from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.realtime.socket_events import socketio
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import service as messages
from forum.threads import service as threads
from forum.threads.reader import reader_state
from tests.support import factories

SECRET, OWN = "unmistakablewords", "I hear you"
JSON = {"Accept": "application/json"}
NAMES = ("blocker", "blocked", "muter", "quoter", "bystander", "moderator")


@pytest.fixture
def people(app: Flask) -> dict[str, Viewer]:
    """Return members of one group; `blocker` keeps apart from `blocked`, `muter` from both."""
    group = factories.group()
    found = {name: factories.person(f"the{name}") for name in NAMES}
    for name, person in found.items():
        factories.join(person, group, "moderator" if name == "moderator" else "member")
    accounts.block(found["blocker"], found["blocked"].id or 0)
    for name in ("blocker", "blocked"):
        accounts.mute(found["muter"], found[name].id or 0)
    return found


@pytest.mark.parametrize(
    ("quoted", "apart"),
    [
        ("blocked", {"blocker", "muter"}),
        ("blocker", {"blocked", "muter"}),
    ],
)
def test_a_quotation_is_left_out_for_people_apart_from_its_author(
    app: Flask, people: dict[str, Viewer], quoted: str, apart: set[str]
) -> None:
    group = factories.group()
    for name, person in people.items():
        factories.join(person, group, "moderator" if name == "moderator" else "member")
    place = factories.thread(people["bystander"], group)
    said = factories.post(people[quoted], place.thread_id, body=SECRET)
    browsers, sockets = {}, {}
    for name, person in people.items():
        browsers[name] = app.test_client()
        factories.log_in(browsers[name], person)
        sockets[name] = socketio.test_client(app, flask_test_client=browsers[name])
        where = {"thread_id": place.thread_id, "after": 0}
        sockets[name].emit("thread:join", where, callback=True)
        sockets[name].get_received()
    page = browsers["quoter"].get(f"/threads/{place.thread_id}?quote={said.id}").text
    form = BeautifulSoup(page, "html.parser").find("textarea", {"name": "body"})
    assert form is not None
    body = f"{unescape(form.text)}{OWN}"
    quoting = factories.post(people["quoter"], place.thread_id, body=body)
    for person in people.values():
        reader_state.set_bookmark(person, quoting.id, on=True)
    address = f"/threads/{place.thread_id}"
    channels: dict[str, Callable[[str], str]] = {
        "live": lambda name: str(sockets[name].get_received()),
        "page": lambda name: browsers[name].get(address).text,
        "program": lambda name: browsers[name].get(address, headers=JSON).text,
        "bookmarks": lambda name: browsers[name].get("/bookmarks").text,
        "answer": lambda name: (
            browsers[name]
            .post(f"/posts/{quoting.id}/reactions", data={"kind": "hug"}, headers=JSON)
            .text
        ),
        "catch-up": lambda name: str(
            sockets[name].emit(
                "thread:join", {"thread_id": place.thread_id, "after": said.version}, callback=True
            )
        ),
    }
    app.config["WTF_CSRF_ENABLED"] = False
    for channel, shown in channels.items():
        for name in people:
            if (channel, name) == ("answer", "quoter"):
                continue  # one's own post
            words = shown(name)
            assert OWN in words, (channel, name)
            assert (SECRET in words) != (name in apart), (channel, name)
            assert (f"@the{quoted}" in words) != (name in apart), (channel, name)


@pytest.mark.parametrize(
    "named", ["@wren", "**@wren**", "*@wren* ", "_@wren said:_", "***@wren***_"]
)
def test_whose_words_they_are_is_known_however_the_name_is_dressed(named: str) -> None:
    assert text.quoted_names(text.render(f"> {named} wrote:\n> words")) == {"wren"}


def test_a_room_and_the_history_of_a_post_leave_it_out(
    app: Flask, people: dict[str, Viewer]
) -> None:
    group = factories.group()
    for name, person in people.items():
        role = {"moderator": "moderator", "muter": "facilitator"}.get(name, "member")
        factories.join(person, group, role)
    meeting = rooms.open_drop_in(people["muter"], group)
    browsers, sockets = {}, {}
    for name, person in people.items():
        browsers[name] = app.test_client()
        factories.log_in(browsers[name], person)
        sockets[name] = socketio.test_client(app, flask_test_client=browsers[name])
        sockets[name].emit("meeting:join", {"meeting_id": meeting, "after": 0}, callback=True)
        sockets[name].get_received()
    app.config["WTF_CSRF_ENABLED"] = False
    quoting = f"> @theblocked wrote:\n>\n> {SECRET}\n\n{OWN}"
    room = f"/meetings/{meeting}"
    answered = (
        browsers["muter"]
        .post(f"{room}/messages", data={"body": quoting, "idempotency_key": "own"}, headers=JSON)
        .text
    )  # one's own words, too, as in a thread
    assert SECRET not in answered
    messages.send_message(people["quoter"], meeting, body=quoting, idempotency_key="quoting")
    channels: dict[str, Callable[[str], str]] = {
        "live": lambda name: str(sockets[name].get_received()),
        "page": lambda name: browsers[name].get(f"{room}/room").text,
        "program": lambda name: browsers[name].get(f"{room}/room", headers=JSON).text,
        "from the start": lambda name: str(
            sockets[name].emit("meeting:join", {"meeting_id": meeting, "after": 0}, callback=True)
        ),
        "catch-up": lambda name: str(
            sockets[name].emit("meeting:join", {"meeting_id": meeting, "after": 1}, callback=True)
        ),
    }
    for channel, shown in channels.items():
        for name in people:
            words = shown(name)
            assert OWN in words, (channel, name)
            assert (SECRET in words) != (name in {"blocker", "muter"}), (channel, name)
    post = factories.thread(people["quoter"], group, body=quoting)
    threads.edit_post(people["quoter"], post.id, body="Other words")
    for name in ("muter", "moderator"):
        history = browsers[name].get(f"/posts/{post.id}/history").text
        assert OWN in history
        assert (SECRET in history) == (name == "moderator")


_TALK = st.recursive(
    st.sampled_from(["one", "two", "@ann wrote:\n\nthree"]),
    lambda inner: st.tuples(st.sampled_from(["ann", "bob", ""]), inner, st.just("after")),
    max_leaves=6,
)


def _markdown(talk: Any) -> str:
    if isinstance(talk, str):
        return talk
    name, inner, after = talk
    lines = f"@{name} wrote:\n\n{_markdown(inner)}" if name else _markdown(inner)
    return "\n".join(f"> {line}" for line in lines.split("\n")) + f"\n\n{after}"


@given(_TALK)
def test_whatever_is_quoted_in_whatever_nothing_of_hers_is_left(talk: Any) -> None:
    html = text.render(_markdown(talk), mentions=True)
    left = text.without_quotations_of(html, {"ann"})
    assert 'data-quoted="ann"' not in left
    assert left.count("<blockquote") == left.count("</blockquote>")
    assert text.without_quotations_of(html, {"somebody"}) == html
    before = BeautifulSoup(html, "html.parser")
    for quotation in before.find_all("blockquote", {"data-quoted": "ann"}):
        quotation.decompose()
    after = BeautifulSoup(left, "html.parser")
    for quotation in after.find_all("blockquote", {"class": "quotation-left-out"}):
        quotation.decompose()
    assert after.text.split() == before.text.split()
