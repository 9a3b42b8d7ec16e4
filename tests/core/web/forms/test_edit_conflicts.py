"""Two hands on one text: the second is refused, both texts are on the page, nothing is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core import clock, db
from forum.groups import queries as groups
from forum.meetings.schedule import service as scheduling
from forum.moderation.actions import service as moderation
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.canned_reasons import service as canned_reasons
from forum.threads import queries, service
from tests.support import factories as make
from tests.support.worlds import moderation_world
from tests.support.worlds.moderation_world import ModerationWorld

JSON = {"Accept": "application/json"}
PLAN = {
    "title": "Evening",
    "starts_on": f"{clock.now() + timedelta(days=9):%Y-%m-%d}",
    "starts_at": "19:00",
    "minutes": "60",
    "zone": "Europe/London",
    "repeats": "weekly",
}


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return moderation_world.moderation_world()


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def _hidden(page: str) -> dict[str, str]:
    return {name: _field(page, name) for name in ("csrf_token", "shown_version")}


def _series(room: ModerationWorld) -> int:
    return scheduling.schedule_series(room[1]["moderator"], room[0], PLAN)


def _slug(room: ModerationWorld) -> str:
    return groups.group_by_id(room[1]["moderator"], room[0]).slug


# What is changed: by whom, the page with its form, what the first and the second hand send, and
# what is there after the first.
FORMS: dict[
    str, Callable[[ModerationWorld], tuple[str, str, dict[str, str], dict[str, str], str]]
] = {
    "post": lambda room: (
        "author",
        f"/posts/{room[2].id}/edit",
        {"body": "First hand"},
        {"body": "Second hand"},
        "First hand",
    ),
    "content note": lambda room: (
        "author",
        f"/posts/{room[2].id}/edit",
        {"body": "Some words", "content_note": "First"},
        {"body": "Second hand"},
        "First",
    ),
    "words": lambda room: (
        "moderator",
        "/moderation/actions/new",
        {"target_kind": "post", "id": str(room[2].id), "action": "edit", "body": "First hand"},
        {"target_kind": "post", "id": str(room[2].id), "action": "edit", "body": "Second hand"},
        "First hand",
    ),
    "title": lambda room: (
        "moderator",
        "/moderation/actions/new",
        {
            "target_kind": "thread",
            "id": str(room[2].thread_id),
            "action": "title",
            "value": "First hand",
        },
        {
            "target_kind": "thread",
            "id": str(room[2].thread_id),
            "action": "title",
            "value": "Second hand",
        },
        "First hand",
    ),
    "group": lambda room: (
        "moderator",
        f"/groups/{_slug(room)}/settings",
        {"name": "A group", "welcome": "First"},
        {"name": "A group", "welcome": "Second hand"},
        "First",
    ),
    "profile": lambda room: (
        "member",
        "/account/profile",
        {"about": "First hand"},
        {"about": "Second hand"},
        "First hand",
    ),
    "plan": lambda room: (
        "moderator",
        f"/meeting-series/{_series(room)}/edit",
        PLAN | {"starts_at": "20:30"},
        PLAN | {"agenda": "Second hand"},
        "20:30",
    ),
    "reasons": lambda room: (
        "administrator",
        "/moderation/reasons",
        {"reasons": "First hand"},
        {"reasons": "Second hand"},
        "First hand",
    ),
    "watch words": lambda room: (
        "moderator",
        f"/groups/{_slug(room)}/watched-words",
        {"words": "first hand"},
        {"words": "second hand"},
        "first hand",
    ),
}


@pytest.mark.parametrize("what", FORMS)
def test_the_second_editor_sees_the_conflict_and_both_texts(
    client: FlaskClient, room: ModerationWorld, what: str
) -> None:
    who, path, first, second, now = FORMS[what](room)
    make.log_in(client, room[1][who])
    asked = {name: first[name] for name in ("target_kind", "id", "action") if name in first}
    hidden = _hidden(client.get(path, query_string=asked).text)
    assert client.post(path, data=first | hidden).status_code in {200, 303}
    refused = client.post(path, data=second | hidden)
    assert refused.status_code == 409, refused.text
    assert "Someone else has changed this" in refused.text
    assert now in refused.text
    typed = next(iter(set(second.values()) - set(first.values())))
    assert typed in refused.text
    answer = client.post(path, data=second | hidden, headers=JSON)
    assert answer.status_code == 409
    error = answer.get_json()["error"]
    assert error["code"] == "changed_meanwhile"
    assert now in error["now"].values()
    again = _hidden(refused.text)
    assert again["shown_version"] == error["shown_version"] != hidden["shown_version"]
    assert client.post(path, data=second | again).status_code in {200, 303}


def test_what_a_moderator_took_out_does_not_come_back(
    client: FlaskClient, room: ModerationWorld
) -> None:
    _, people, place = room
    make.log_in(client, people["author"])
    path = f"/posts/{place.id}/edit"
    hidden = _hidden(client.get(path).text)
    moderation.take_action(people["moderator"], "edit", place.id, value="Call me")
    moderation.take_action(people["facilitator"], "content_note", place.id, value="numbers")
    late, by_program = {"body": "0151 000"}, JSON | {"X-CSRFToken": hidden["csrf_token"]}
    forms: list[tuple[dict[str, str], dict[str, str]]] = [(late | hidden, {}), (late, by_program)]
    for form, headers in forms:
        assert client.post(path, data=form, headers=headers).status_code == 409
    db.release_session()
    post = queries.post_for(people["member"], place.id)
    assert (post.body, post.content_note) == ("Call me", "numbers")
    now = _hidden(client.get(path).text)
    assert client.post(path, data={"body": "Do call me", **now}).status_code == 303
    # From then on the author was the last to change it.
    assert service.edit_post(people["author"], place.id, body="Please call me") is False


def test_a_preview_and_a_mistake_keep_the_version_of_the_page(
    client: FlaskClient, room: ModerationWorld
) -> None:
    _, people, place = room
    make.log_in(client, people["author"])
    path = f"/posts/{place.id}/edit"
    hidden = _hidden(client.get(path).text)
    moderation.take_action(people["moderator"], "edit", place.id, value="Mended")
    for more in ({"body": "Mine", "preview": "1"}, {"body": ""}):
        page = client.post(path, data=hidden | more).text
        assert _field(page, "shown_version") == hidden["shown_version"]
    assert client.post(path, data=hidden | {"body": "Mine"}).status_code == 409


def test_the_same_sent_twice_is_saved_once(client: FlaskClient, room: ModerationWorld) -> None:
    for what in ("post", "group", "profile", "plan", "reasons", "watch words"):
        who, path, first, _, _ = FORMS[what](room)
        make.log_in(client, room[1][who])
        hidden = _hidden(client.get(path).text)
        for _ in range(2):
            assert client.post(path, data=first | hidden).status_code == 303, what


def test_nothing_is_asked_where_nothing_has_changed(
    client: FlaskClient, room: ModerationWorld
) -> None:
    _, people, place = room
    make.log_in(client, people["author"])
    path = f"/posts/{place.id}/edit"
    hidden = _hidden(client.get(path).text)
    service.react(people["member"], place.id, "hug", on=True)
    make.post(people["member"], place.thread_id)
    assert client.post(path, data=hidden | {"body": "Mine"}).status_code == 303


def test_a_revealing_title_is_changed_and_its_author_notified(
    client: FlaskClient, room: ModerationWorld
) -> None:
    _, people, place = room
    done = moderation.take_action(
        people["moderator"],
        "title",
        place.thread_id,
        value="About a friend",
        reason="A name",
        message="Names stay out of titles",
    )
    for who, path in (
        ("member", f"/threads/{place.thread_id}"),
        ("member", f"/groups/{_slug(room)}"),
        ("member", "/"),
        ("facilitator", "/moderation/log"),
    ):
        make.log_in(client, people[who])
        page = client.get(path).text
        assert "A title" not in page, path
    make.log_in(client, people["author"])
    assert "Names stay out of titles" in client.get("/moderation/mine").text
    make.log_in(client, people["moderator"])
    assert "A title" in client.get("/moderation/log").text
    appeals_undo.undo(people["second"], done.log_entry_id or 0)
    db.release_session()
    assert queries.thread_for(people["member"], place.thread_id).title == "A title"


@pytest.mark.parametrize("value", ["", "ab", "x" * 151, "\u200b\u200b\u200b"])
def test_an_empty_title_is_refused(room: ModerationWorld, value: str) -> None:
    from forum.core.errors import Invalid

    with pytest.raises(Invalid):
        moderation.take_action(room[1]["moderator"], "title", room[2].thread_id, value=value)


def test_a_pending_action_does_not_overwrite_what_came_after_it(room: ModerationWorld) -> None:
    from forum.core.web.forms import edit_conflicts
    from forum.moderation.second_approval import pending_actions

    _, people, place = room
    own = make.post(people["second"], place.thread_id, body="Mine")
    shown = edit_conflicts.version_of("Mine")
    asked = moderation.take_action(people["moderator"], "edit", own.id, value="Theirs", shown=shown)
    service.edit_post(people["second"], own.id, body="Mine, mended")
    with pytest.raises(edit_conflicts.EditConflict):
        pending_actions.answer(people["administrator"], asked.pending_action_id or 0, confirm=True)


def test_reasons_without_a_version_are_taken_at_their_word(room: ModerationWorld) -> None:
    administrator: Any = room[1]["administrator"]
    canned_reasons.set_reasons(administrator, "One")
    canned_reasons.set_reasons(administrator, "Two")
    db.release_session()
    assert canned_reasons.reasons() == ["Two"]
