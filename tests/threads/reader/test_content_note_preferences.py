"""What a reader wants of content notes by topic: the rule, the page for it, and the thread."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.policy import VISITOR, Viewer
from forum.accounts.preferences import content_note_preferences, content_note_words
from forum.accounts.preferences.content_note_preferences import (
    ALL,
    COLLAPSED,
    HIDDEN,
    OPEN,
    display_for,
)
from forum.core import db
from forum.core.errors import Invalid, LoginNeeded
from forum.threads.reader import reader_state
from tests.support import factories as make
from tests.support.worlds.content_note_cases import CASES

# Also read by tests/browser/safety/test_safety.py, so the page's script follows the same rule.


@pytest.mark.parametrize(("note", "choices", "wanted"), CASES)
def test_the_most_careful_preference_counts_for_a_note_with_several_words(
    note: str, choices: dict[str, str], wanted: str
) -> None:
    assert display_for(note, choices) == wanted
    must_see = display_for(note, choices, must_see=True)
    assert must_see == (COLLAPSED if wanted == HIDDEN else wanted)


NAMES = st.text(max_size=12).map(content_note_preferences.folded)
CHOSEN = st.dictionaries(NAMES, st.sampled_from(content_note_preferences.DISPLAYS), max_size=5)


@given(st.text(max_size=40), CHOSEN)
def test_nothing_is_hidden_from_moderators(note: str, choices: dict[str, str]) -> None:
    assert display_for(note, choices, must_see=True) != HIDDEN
    assert display_for("", choices) == ""
    assert display_for(note, {}) == ""


@given(st.text(min_size=1, max_size=40), CHOSEN, NAMES)
def test_a_further_wish_for_less_never_shows_more(
    note: str, choices: dict[str, str], topic: str
) -> None:
    before = display_for(note, {ALL: COLLAPSED, **choices})
    after = display_for(note, {ALL: COLLAPSED, **choices, (topic or "x"): HIDDEN})
    order = content_note_preferences.DISPLAYS.index
    assert order(after) >= order(before) or content_note_preferences.folded(topic) in choices


def test_the_most_careful_preference_counts_where_a_word_has_two() -> None:
    for choices in (
        {"eating": HIDDEN, "food and weight": OPEN},
        {"abuse": OPEN, "violence": HIDDEN},
    ):
        for word in ("anorexia", "rape"):
            lines = "\n".join(f"{choice}:{topic}" for topic, choice in choices.items())
            pairs = [
                line.split(":", 1)
                for line in content_note_preferences.expand_words(lines).split("\n")
            ]
            spelled = {one: choice for choice, one in pairs}
            assert spelled.get(word, COLLAPSED) == display_for(word, choices)


@given(CHOSEN)
def test_a_threads_page_has_the_chosen_preferences(choices: dict[str, str]) -> None:
    lines = "\n".join(f"{choice}:{topic}" for topic, choice in choices.items())
    if lines:
        wanted = content_note_preferences.display_rule(lines, must_see=False)
        for topic in choices:
            assert wanted(topic) == display_for(topic, choices)


@pytest.fixture
def me(app: Flask, client: FlaskClient) -> Viewer:
    app.config["WTF_CSRF_ENABLED"] = False
    return make.log_in(client, make.person())


def test_choices_are_kept_folded_and_replaced_as_a_whole(me: Viewer) -> None:
    content_note_preferences.save(me, {"Suicide": HIDDEN, " Hospital  stay": OPEN, ALL: COLLAPSED})
    assert content_note_preferences.saved_by(me) == {
        "": COLLAPSED,
        "hospital stay": OPEN,
        "suicide": HIDDEN,
    }
    content_note_preferences.save(me, {"loss": OPEN})
    db.release_session()
    assert content_note_preferences.saved_by(me) == {"loss": OPEN}
    assert content_note_preferences.saved_by(make.person()) == {}
    with pytest.raises(LoginNeeded):
        content_note_preferences.save(VISITOR, {})


@pytest.mark.parametrize(
    "choices",
    [
        {"loss": "loud"},
        {"!!": HIDDEN},
        {"x" * 81: HIDDEN},
        {"a\0": HIDDEN},
        {f"topic {n}": HIDDEN for n in range(51)},
    ],
)
def test_nonsense_changes_nothing(me: Viewer, choices: dict[str, str]) -> None:
    content_note_preferences.save(me, {"loss": HIDDEN})
    with pytest.raises(Invalid):
        content_note_preferences.save(me, choices)
    db.release_session()
    assert content_note_preferences.saved_by(me) == {"loss": HIDDEN}


@pytest.mark.parametrize("as_json", [True, False])
def test_the_page_shows_and_keeps_them(me: Viewer, client: FlaskClient, as_json: bool) -> None:
    headers = {"Accept": "application/json"} if as_json else {}
    wishes = {
        "topic": ["", "suicide", "loss", "My Topic", ""],
        "choice": ["open", "hidden", "", "collapsed", ""],
    }
    answer = client.post("/account/content-notes", data=wishes, headers=headers)
    assert answer.status_code == (200 if as_json else 303)
    kept = {"": OPEN, "suicide": HIDDEN, "my topic": COLLAPSED}
    assert client.get(
        "/account/content-notes", headers={"Accept": "application/json"}
    ).get_json() == {"choices": kept}
    page = client.get("/account/content-notes").text
    assert page.count(" selected>") == 3
    assert "my topic" in page
    nonsense = {"topic": ["", "?!"], "choice": ["", "open"]}
    refused = client.post("/account/content-notes", data=nonsense, headers=headers)
    assert refused.status_code == 422
    assert "Enter a word or two for the topic." in refused.text


class Room:
    """A thread with content notes, and its reader."""

    def __init__(self, app: Flask) -> None:
        self.group = make.group()
        self.writer = make.join(make.person(), self.group)
        self.thread_id = make.thread(self.writer, self.group).thread_id
        for note in ("suicide", "loss", ""):
            body = f"words about {note or 'tea'}"
            make.post(self.writer, self.thread_id, body=body, content_note=note)
        self.app = app

    def items(self, viewer: Viewer | None) -> list[str]:
        """Return the list items of the page as somebody reads it without script."""
        client = self.app.test_client()
        if viewer:
            make.log_in(client, viewer)
        page = client.get(f"/threads/{self.thread_id}").text
        items = re.split(r"<li data-mine", page[page.index("<ol class=") : page.index("</ol>")])
        return items[2:]


def test_without_script_the_page_does_as_its_reader_wants(app: Flask) -> None:
    room = Room(app)
    reader, other = (make.join(make.person(), room.group) for _ in range(2))
    content_note_preferences.save(reader, {"suicide": HIDDEN, "loss": OPEN})
    hidden, opened, plain = room.items(reader)
    assert 'data-note-choice="hidden"' in hidden
    assert "Hidden because of its content note" in hidden
    assert 'class="post-note" open data-content-note="loss"' in opened
    assert "data-note-choice" not in plain
    for item in room.items(other):
        assert "data-note-choice" not in item
        assert 'class="post-note" open' not in item


def test_moderators_see_a_closed_note_at_most(app: Flask) -> None:
    room = Room(app)
    keeper = make.join(make.person(), room.group, "facilitator")
    content_note_preferences.save(keeper, {"suicide": HIDDEN, ALL: HIDDEN})
    assert 'data-note-choice="hidden"' not in "".join(room.items(keeper))
    assert "words about suicide" in room.items(keeper)[0]


def lists(app: Flask, viewer: Viewer) -> tuple[str, str, str, dict[str, Any]]:
    """Return what somebody reads on the pages of bookmarks, of notifications and home, and JSON."""
    client = app.test_client()
    make.log_in(client, viewer)
    line = client.get("/notifications", headers={"Accept": "application/json"}).get_json()
    bookmarks, notifications, home = (
        client.get(path).text for path in ("/bookmarks", "/notifications", "/")
    )
    return bookmarks, notifications, home, line["notifications"][0]


@pytest.mark.parametrize(
    ("role", "wish", "kept_back"),
    [
        ("member", {"suicide": HIDDEN}, True),
        ("member", {ALL: HIDDEN}, True),
        ("member", {"loss": HIDDEN}, False),
        ("member", {"suicide": OPEN}, False),
        ("member", {}, False),
        ("facilitator", {"suicide": HIDDEN}, False),
    ],
)
def test_lists_keep_back_what_their_reader_wants_out_of_sight(
    app: Flask, role: str, wish: dict[str, str], kept_back: bool
) -> None:
    group = make.group()
    writer, reader = make.join(make.person(), group), make.join(make.person(), group, role)
    thread_id = make.thread(reader, group).thread_id
    post = make.post(writer, thread_id, body="words of it", content_note="suicide and rain")
    reader_state.set_bookmark(reader, post.id, on=True)
    content_note_preferences.save(reader, wish)
    bookmarks, notifications, home, line = lists(app, reader)
    for page in (bookmarks, notifications, home):
        assert "words of it" not in page
        assert ("suicide and rain" not in page) == kept_back
        assert ("because of its content note" in page) == kept_back
        assert f"/posts/{post.id}" in bookmarks
    assert line["out_of_sight"] == kept_back
    assert line["content_note"] == (None if kept_back else "suicide and rain")


def test_spellings_with_a_gap_for_a_letter_count_and_are_not_listed() -> None:
    assert "su cide" in content_note_words.covered("suicide")
    listed = content_note_words.explained("suicide")
    assert "su cide" not in listed
    assert {"suicidal", "end my life"} <= set(listed)
