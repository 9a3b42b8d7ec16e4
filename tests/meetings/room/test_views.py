"""The HTTP door of a room: the same verbs as the sockets', for forms and for JSON."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forum.accounts.identity import public_ids
from forum.core import clock
from forum.meetings.room import service as rooms
from forum.meetings.room.attendance import queries as people_queries
from forum.meetings.room.messages import queries as message_queries
from tests.support import factories
from tests.support.worlds.meeting_room import Meeting

JSON = {"Accept": "application/json"}


@pytest.fixture
def room(app: Flask) -> Meeting:
    """Return an open meeting; forms need no token in these tests."""
    app.config["WTF_CSRF_ENABLED"] = False
    return Meeting.made().opened()


def browser(app: Flask, viewer: object) -> FlaskClient:
    """Return somebody's browser."""
    client = app.test_client()
    factories.log_in(client, viewer)  # type: ignore[arg-type]
    return client


def answered(answer: TestResponse) -> Any:
    """Return an answer's JSON."""
    assert answer.json is not None
    return answer.json


def test_what_is_said_answers_json_to_programs_and_a_place_to_people(
    app: Flask, room: Meeting
) -> None:
    wren = browser(app, room.members[0])
    form = {"body": "Hello", "idempotency_key": "one"}
    made = wren.post(f"/meetings/{room.id}/messages", data=form, headers=JSON)
    again = wren.post(f"/meetings/{room.id}/messages", data=form, headers=JSON)
    assert made.status_code == 201
    assert answered(made)["id"] == answered(again)["id"]
    assert "Hello" in answered(made)["html"]
    plain = wren.post(f"/meetings/{room.id}/messages", data={**form, "idempotency_key": "two"})
    assert plain.status_code == 303
    assert plain.headers["Location"].startswith(f"/meetings/{room.id}/room#message-")
    page = answered(wren.get(f"/meetings/{room.id}/room", headers=JSON))
    assert (page["state"], len(page["messages"])) == ("running", 2)


def test_what_needs_another_look_comes_back_as_it_was_typed(app: Flask, room: Meeting) -> None:
    wren = browser(app, room.members[0])
    long = "word " * 401
    form = {"body": long, "content_note": "loss", "idempotency_key": "one"}
    refused = wren.post(f"/meetings/{room.id}/messages", data=form, headers=JSON)
    assert refused.status_code == 422
    assert "2,000" in answered(refused)["error"]["fields"]["body"]
    page = wren.post(f"/meetings/{room.id}/messages", data=form)
    assert page.status_code == 422
    assert long.strip() in page.text
    assert 'id="body-error"' in page.text
    assert 'value="loss"' in page.text
    preview = wren.post(f"/meetings/{room.id}/messages", data={"body": "*So*", "preview": "1"})
    assert "<em>So</em>" in preview.text
    assert message_queries.last_messages(room.members[0], room.id) == []


def test_every_action_on_a_person_has_a_route(app: Flask, room: Meeting) -> None:
    fern, wren = browser(app, room.fern), browser(app, room.members[0])
    place = f"/meetings/{room.id}/people/{public_ids.of(room.members[0].id)}"
    assert wren.post(f"/meetings/{room.id}/hand", data={"up": "1"}).status_code == 303
    for act, then in (
        ("earlier", 200),
        ("later", 200),
        ("give_turn", 200),
        ("end_turn", 200),
        ("mute", 200),
        ("unmute", 200),
        ("remove", 200),
        ("let_back", 200),
        ("give_turn", 404),
        ("later", 409),
    ):
        answer = fern.post(f"{place}/{act}", headers=JSON)
        assert (act, answer.status_code) == (act, then)
        assert wren.post(f"{place}/{act}", headers=JSON).status_code == 403
    assert fern.post(f"{place}/forget", headers=JSON).status_code == 404
    part = next(
        p for p in people_queries.attendance_of(room.id) if p.account_id == room.members[0].id
    )
    assert part.speaking_turns == 1


def test_facilitators_hide_and_authors_take_back(app: Flask, room: Meeting) -> None:
    fern, wren = browser(app, room.fern), browser(app, room.members[0])
    said = room.say(room.members[0], "Unkind")
    place = f"/meetings/{room.id}/messages/{said}"
    assert wren.post(f"{place}/hide", headers=JSON).status_code == 403
    assert fern.post(f"{place}/hide", headers=JSON).status_code == 201
    assert fern.post(f"{place}/hide", headers=JSON).status_code == 409
    assert "Unkind" not in browser(app, room.members[1]).get(f"/meetings/{room.id}/room").text
    assert fern.post(f"{place}/restore", headers=JSON).status_code == 201
    assert "Unkind" in browser(app, room.members[1]).get(f"/meetings/{room.id}/room").text
    assert fern.post(f"{place}/delete", headers=JSON).status_code == 403
    assert wren.post(f"{place}/delete", headers=JSON).status_code == 200


def test_a_message_is_acted_on_in_its_own_meeting_only(app: Flask, room: Meeting) -> None:
    said = room.say(room.members[0], "Here")
    other = factories.meeting(room.group_id, title="Another")
    fern = browser(app, room.fern)
    answer = fern.post(f"/meetings/{other}/messages/{said}/hide", headers=JSON)
    assert answer.status_code == 404
    assert message_queries.last_messages(room.members[1], room.id)


def test_the_rules_of_the_room_are_set_and_nonsense_is_refused(app: Flask, room: Meeting) -> None:
    fern = browser(app, room.fern)
    mode = f"/meetings/{room.id}/mode"
    assert fern.post(mode, data={"turns_only": "1", "slow_mode_s": "30"}).status_code == 303
    assert (room.view().turns_only, room.view().slow_mode_s) == (True, 30)
    for nonsense in ("-1", "601", "ten", "", "9" * 30):
        answer = fern.post(mode, data={"slow_mode_s": nonsense}, headers=JSON)
        assert answer.status_code == 422
    assert fern.post(f"/meetings/{room.id}/extend", data={"minutes": "500"}).status_code == 422
    assert room.view().slow_mode_s == 30


def test_a_drop_in_room_opens_and_its_summary_comes_when_it_is_over(
    app: Flask, room: Meeting
) -> None:
    slug = room.view().group_slug
    fern = browser(app, room.fern)
    for _ in range(2):
        rooms.close_meeting(room.fern, room.id)
    made = fern.post(f"/groups/{slug}/meetings/drop-in", data={"title": "Tea"}, headers=JSON)
    assert made.status_code == 201
    place = f"/meetings/{answered(made)['id']}"
    assert fern.get(f"{place}/summary", headers=JSON).status_code == 409
    wren = browser(app, room.members[0])
    assert wren.post(f"{place}/enter").headers["Location"] == f"{place}/room"
    assert fern.post(f"{place}/close", headers=JSON).get_json()["state"] == "closing"
    assert f'href="{place}/summary"' not in fern.get(f"{place}/room").text
    assert fern.post(f"{place}/close", headers=JSON).get_json()["state"] == "over"
    assert f'href="{place}/summary"' in fern.get(f"{place}/room").text
    summary = answered(fern.get(f"{place}/summary", headers=JSON))
    assert (summary["came"], summary["silent"][0]["id"]) == (1, public_ids.of(room.members[0].id))
    page = fern.get(f"{place}/summary").text
    assert "1 person came. Nobody spoke." in page
    assert "Who left without speaking" in page
    assert wren.get(f"{place}/summary", headers=JSON).status_code == 403


def test_a_page_shows_what_is_kept_of_a_long_meeting(app: Flask, room: Meeting) -> None:
    for number in range(205):
        room.say(room.members[0], f"word{number}x")
    wren = browser(app, room.members[0])
    page = wren.get(f"/meetings/{room.id}/room")
    assert "word204x" in page.text
    assert "word4x" not in page.text
    first = page.text.split("?before=")[1].split('"')[0]
    earlier = wren.get(f"/meetings/{room.id}/room?before={first}").text
    assert "word4x" in earlier
    assert "word5x" not in earlier


def test_who_waits_reads_nothing_of_the_room(app: Flask) -> None:
    room = Meeting.made(starts_at=clock.now() + timedelta(minutes=5))
    rooms.enter_room(room.fern, room.id)
    room.say(room.fern, "Unmistakable")
    for viewer in (room.members[0], factories.join(factories.person(), room.group_id)):
        page = browser(app, viewer).get(f"/meetings/{room.id}/room")
        assert page.status_code == 200
        assert "Unmistakable" not in page.text
        assert room.fern.handle not in page.text
