"""Notes while writing, through every door: for the writer alone, and next to nothing held back."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.accounts.policy import Viewer
from forum.core import db
from forum.threads.models import Post
from tests.support import factories as make
from tests.support.text.form_warnings import ANONYMOUS, BOTH, DANGER, HELD, OFFER, PRIVATE, fields

JSON = {"Accept": "application/json"}


class Room:
    """A member in a thread, without script."""

    def __init__(self, app: Flask) -> None:
        group = make.group(slug="here")
        self.me: Viewer = make.join(make.person(), group)
        self.thread_id = make.thread(make.join(make.person(), group), group).thread_id
        self.mine = make.post(self.me, self.thread_id).id
        self.client = app.test_client()
        make.log_in(self.client, self.me)

    def paths(self) -> dict[str, tuple[str, str]]:
        """Return where words are sent: the page with the form, and its address."""
        thread = f"/threads/{self.thread_id}"
        return {
            "reply": (thread, f"{thread}/replies"),
            "start": ("/groups/here/threads/new", "/groups/here/threads/new"),
            "edit": (f"/posts/{self.mine}/edit", f"/posts/{self.mine}/edit"),
        }

    def send(self, door: str, words: str, *, answer: Any = None, **more: str) -> Any:
        """Send a form as its page, or as the page that came back, has it."""
        page, address = self.paths()[door]
        html = answer.text if answer is not None else self.client.get(page).text
        return self.client.post(
            address, data={**fields(html), "title": "A title", "body": words, **more}
        )

    def bodies(self) -> list[str]:
        """Return what has been said."""
        db.release_session()
        return list(db.current_session().scalars(select(Post.body).order_by(Post.id)))


@pytest.fixture
def room(app: Flask) -> Room:
    return Room(app)


DOORS = pytest.mark.parametrize("door", ["reply", "start", "edit"])


@DOORS
def test_private_words_come_back_once_with_a_note(room: Room, door: str) -> None:
    before = room.bodies()
    first = room.send(door, PRIVATE)
    assert first.status_code == 200
    assert room.bodies() == before
    for words in (PRIVATE, HELD, ANONYMOUS, "an email address", "Send as it is"):
        assert words in first.text
    assert OFFER not in first.text
    second = room.send(door, PRIVATE, answer=first)
    assert second.status_code == 303
    assert PRIVATE in room.bodies()


@DOORS
def test_words_of_wanting_to_die_are_never_held_back(room: Room, door: str) -> None:
    sent = room.send(door, DANGER)
    assert sent.status_code == 303
    assert DANGER in room.bodies()
    page = room.client.get(sent.location.partition("#")[0]).text
    assert page.count(OFFER) == 1
    assert "/help-now" in page
    again = room.client.get(sent.location.partition("#")[0]).text
    assert OFFER not in again


@DOORS
def test_a_preview_tells_both_and_asks_no_more(room: Room, door: str) -> None:
    shown = room.send(door, BOTH, preview="1")
    assert shown.status_code == 200
    assert OFFER in shown.text
    assert ANONYMOUS in shown.text
    assert HELD not in shown.text
    assert room.send(door, BOTH, answer=shown).status_code == 303


@DOORS
@pytest.mark.parametrize("words", [PRIVATE, DANGER, BOTH])
def test_programs_and_pages_with_script_are_answered_at_once(
    room: Room, door: str, words: str
) -> None:
    page, address = room.paths()[door]
    form = fields(room.client.get(page).text)
    data = {**form, "title": "A title", "body": words}
    answer = room.client.post(address, data=data, headers=JSON)
    assert answer.status_code in {200, 201}
    assert words in room.bodies()


@DOORS
def test_a_plain_post_without_our_form_is_not_asked(room: Room, door: str) -> None:
    page, address = room.paths()[door]
    token = fields(room.client.get(page).text)["csrf_token"]
    data = {"csrf_token": token, "title": "A title", "body": BOTH}
    answer = room.client.post(address, data=data)
    assert answer.status_code == 303
    assert OFFER not in room.client.get(answer.location.partition("#")[0]).text


@DOORS
def test_calm_words_cause_no_warning(room: Room, door: str) -> None:
    sent = room.send(door, "Good morning. I'm dying to hear how it went.")
    assert sent.status_code == 303
    page = room.client.get(sent.location.partition("#")[0]).text
    assert OFFER not in page
    assert ANONYMOUS not in page


def test_the_offer_is_for_the_writer_alone(room: Room, app: Flask) -> None:
    room.send("reply", DANGER)
    other = app.test_client()
    make.log_in(other, make.join(make.person(), 1))
    page = other.get(f"/threads/{room.thread_id}").text
    assert "want to live any more" in page
    assert OFFER not in page


def test_the_profile_asks_once(room: Room) -> None:
    page = room.client.get("/account/profile").text
    form = dict(
        re.findall(
            r'type="hidden" name="(\w+)" value="([^"]*)"', page[page.index("data-profile") :]
        )
    )
    held = room.client.post("/account/profile", data={**form, "about": PRIVATE})
    assert (held.status_code, HELD in held.text, PRIVATE in held.text) == (200, True, True)
    assert accounts.own_account(room.me).about == ""
    form["ask_first"] = "0"
    assert room.client.post("/account/profile", data={**form, "about": PRIVATE}).status_code == 303
    db.release_session()
    assert accounts.own_account(room.me).about == PRIVATE


def test_the_check_answers_and_keeps_nothing(
    room: Room, client: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    token = fields(room.client.get(f"/threads/{room.thread_id}").text)["csrf_token"]
    headers = {**JSON, "X-CSRFToken": token, "Accept-Language": "en-GB"}
    before = room.bodies()
    told = room.client.post("/writing-check", data={"words": BOTH}, headers=headers).get_json()
    assert told["asks"]
    assert OFFER in told["html"]
    assert "Samaritans" in told["html"]
    assert ANONYMOUS in told["html"]
    assert "fern@example.org" not in told["html"]
    calm = room.client.post("/writing-check", data={"words": "Hello"}, headers=headers).get_json()
    assert calm == {"html": "", "asks": False}
    assert room.bodies() == before
    logged = "".join(capfd.readouterr())
    assert "example.org" not in logged
    assert "want to live" not in logged


@pytest.mark.parametrize("words", ["", "\0\x1b", "é" * 30_000])
def test_the_check_takes_anything(room: Room, words: str) -> None:
    token = fields(room.client.get(f"/threads/{room.thread_id}").text)["csrf_token"]
    answer = room.client.post(
        "/writing-check", data={"words": words}, headers={**JSON, "X-CSRFToken": token}
    )
    assert answer.get_json() == {"html": "", "asks": False}


def test_a_draft_is_shown_with_its_notes(room: Room) -> None:
    from forum.threads.reader import drafts

    drafts.save_draft(room.me, 1, room.thread_id, body=BOTH)
    page = room.client.get(f"/threads/{room.thread_id}").text
    assert OFFER in page
    assert ANONYMOUS in page
    assert HELD not in page
    assert fields(page)["ask_first"] == "0"
