"""Another handle makes nobody another person to mutes, blocks and suspensions."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import queries, service
from forum.accounts.policy import PERMANENT, Viewer
from forum.core import db
from forum.core.background.jobs import runner
from forum.core.realtime.socket_events import socketio
from forum.groups import service as groups
from forum.groups.models import Membership
from forum.meetings.room import fragments as room_fragments
from forum.meetings.room import service as rooms
from forum.meetings.room.messages import queries as message_queries
from forum.meetings.room.messages import service as messages
from forum.privacy import service as privacy
from forum.threads import queries as post_queries
from forum.threads.posts import post_contents
from tests.support import factories
from tests.support.worlds.account_forms import (
    JSON,
    PASSWORD,
    code_of,
    log_in_browser,
    post_form,
    register_member,
)

SECRET, OWN = "unmistakablewords", "I hear you"
NEW_ACCOUNT = {"password": PASSWORD, "accept_guidelines": "1"}


def _quoting(name: str) -> str:
    return f"> @{name} wrote:\n>\n> {SECRET}\n\n{OWN}"


@pytest.fixture
def people(app: Flask) -> dict[str, Viewer]:
    """Return members of one group, of whom `muter` has muted and `blocker` blocked `annabel`."""
    group = factories.group()
    found = {name: factories.person(name) for name in ("annabel", "muter", "blocker", "other")}
    for one in found.values():
        factories.join(one, group)
    service.mute(found["muter"], found["annabel"].id or 0)
    service.block(found["blocker"], found["annabel"].id or 0)
    return found


@pytest.mark.parametrize("name", ["annabel", "ANNABEL", "Annàbel", "marigold", "primrose"])
@pytest.mark.parametrize("door", ["thread", "room"])
def test_a_quotation_under_any_of_her_names_is_left_out(
    app: Flask, people: dict[str, Viewer], name: str, door: str
) -> None:
    group = factories.group()
    host = factories.person("host")
    factories.join(host, group, "facilitator")
    for one in people.values():
        factories.join(one, group)
    for new in ("Annàbel", "marigold", "primrose"):
        service.change_handle(people["annabel"], new)
    if door == "thread":
        thread = factories.thread(people["other"], group, body=_quoting(name)).thread_id
        place, event = f"/threads/{thread}", ("thread:join", {"thread_id": thread, "after": 0})
    else:
        room = rooms.open_drop_in(host, group)
        for one in people.values():
            rooms.enter_room(one, room)
        messages.send_message(people["other"], room, body=_quoting(name), idempotency_key="a")
        place, event = f"/meetings/{room}/room", ("meeting:join", {"meeting_id": room, "after": 0})
    db.release_session()
    for who, person in people.items():
        client = app.test_client()
        factories.log_in(client, person)
        socket = socketio.test_client(app, flask_test_client=client)
        answers = [
            client.get(place).text,
            client.get(place, headers=JSON).text,
            str(socket.emit(*event, callback=True)),
        ]
        for answer in answers:
            assert OWN in answer
            assert (SECRET in answer) == (who not in {"muter", "blocker"}), (who, answer)


def test_whose_a_name_was_is_known_until_the_account_is_gone(people: dict[str, Viewer]) -> None:
    annabel = people["annabel"].id or 0
    service.change_handle(people["annabel"], "marigold")
    service.close(annabel)
    db.release_session()
    assert dict(queries.accounts_ever_named(["annabel", "marigold", "reed"])) == {
        "annabel": annabel,
        "marigold": annabel,
    }
    service.erase(annabel)
    db.release_session()
    assert queries.accounts_ever_named(["annabel", "marigold"]) == []


def _erase(person: Viewer) -> None:
    privacy.erase(person.id or 0, remove=True)
    runner.run()
    db.release_session()


def _register(client: FlaskClient, handle: str, **more: str) -> Any:
    return post_form(client, "/register", as_json=True, handle=handle, **NEW_ACCOUNT, **more)


@pytest.mark.parametrize("erased", [True, False])
@pytest.mark.parametrize("renamed", ["before", "after"])
def test_a_suspension_is_known_in_every_browser_whatever_the_handle(
    app: Flask, renamed: str, erased: bool
) -> None:
    fern = register_member("fern", email="fern@example.org")
    first, second, third = (log_in_browser(app, "fern") for _ in range(3))
    if renamed == "before":
        assert post_form(first, "/account/handle", handle="moss").status_code == 303
    service.suspend(fern.id or 0, until=PERMANENT, because="Insults")
    db.release_session()
    if renamed == "after":
        service.change_handle(queries.viewer(fern.id or 0) or fern, "moss")
    fourth = log_in_browser(app, "moss")
    if erased:
        _erase(fern)
    post_form(fourth, "/logout")
    for client in (first, second, third, fourth):
        for handle in ("fern", "moss", "reed"):
            answer = _register(client, handle)
            assert answer.status_code in {403, 422}
        assert code_of(answer) == "suspended"
    assert _register(app.test_client(), "reed").status_code == 201


@pytest.mark.parametrize("erased", [True, False])
@pytest.mark.parametrize(
    "given",
    [
        "fern@example.org",
        " FERN@Example.org ",
        "fern+x@example.org",
        "new@example.org",
        "new+2@example.org",
    ],
)
def test_a_suspended_address_is_refused_alike_at_every_form(
    app: Flask, given: str, erased: bool
) -> None:
    fern = register_member("fern", email="fern@example.org")
    service.suspend(fern.id or 0, until=PERMANENT, because="Insults")
    service.change_email(fern, "New@example.org", PASSWORD)
    service.change_email(fern, "new@example.org", PASSWORD)  # her own stays hers
    if erased:
        _erase(fern)
    reed = register_member("reed", email="reed@example.org")
    refusals = [
        _register(app.test_client(), "moss", email=given),
        post_form(
            log_in_browser(app, "reed"),
            "/account/email",
            as_json=True,
            email=given,
            password=PASSWORD,
        ),
    ]
    assert [answer.status_code for answer in refusals] == [403, 403]
    assert refusals[0].get_json() == refusals[1].get_json()
    said = refusals[0].get_json()["error"]
    assert set(said["fields"]) == {"email"}
    for word in ("suspen", "paus", "ban", "until"):  # who is suspended is nobody else's to know
        assert word not in str(said)
    page = post_form(log_in_browser(app, "reed"), "/account/email", email=given, password=PASSWORD)
    assert page.status_code == 403
    assert given.strip() in page.text
    assert said["fields"]["email"].replace("'", "&#39;") in page.text
    assert queries.own_account(reed).email == "reed@example.org"


def test_the_operator_lifts_it_by_any_name_that_it_was_known_by(app: Flask) -> None:
    for lifted_by in ("fern", "moss"):
        fern = register_member(lifted_by + "first", email="fern@example.org")
        service.suspend(fern.id or 0, until=PERMANENT, because="Insults")
        service.change_handle(fern, lifted_by)
        _erase(fern)
        assert _register(app.test_client(), "reed", email="fern@example.org").status_code == 403
        assert service.lift_suspension_of_erased(lifted_by if lifted_by == "moss" else "fernfirst")
    assert _register(app.test_client(), "reed", email="fern@example.org").status_code == 201


def _renamed(person: Viewer, new: str) -> None:
    service.change_handle(person, new)
    runner.run()
    db.release_session()


def _bodies(*post_ids: int) -> list[str]:
    return [post_contents.body_of(post_id) for post_id in post_ids]


def test_whom_one_may_not_meet_is_not_found_again_by_naming_them(people: dict[str, Viewer]) -> None:
    annabel, hater = people["annabel"], factories.join(factories.person("hater"), _shared(people))
    other_group = factories.group()
    stranger = factories.join(factories.person("stranger"), other_group)
    here = factories.thread(people["other"], _shared(people), body="I thank @Annabel").id
    thread_id = post_queries.post_for(people["other"], here).thread_id
    theirs = factories.post(hater, thread_id, body="I see @annabel, and @other").id
    elsewhere = factories.thread(stranger, other_group, body="Do you know @annabel?").id
    service.block(annabel, hater.id or 0)
    _renamed(annabel, "marigold")
    assert _bodies(here, theirs, elsewhere) == [
        "I thank @marigold",
        "I see a former member, and @other",
        "Do you know a former member?",
    ]


def test_where_she_has_written_she_is_named_after_she_left(people: dict[str, Viewer]) -> None:
    annabel, group = people["annabel"], _shared(people)
    thread_id = factories.thread(annabel, group).thread_id
    reply = factories.post(people["other"], thread_id, body="Welcome @annabel").id
    groups.leave(annabel, group)
    _renamed(annabel, "marigold")
    assert _bodies(reply) == ["Welcome @marigold"]


def test_rooms_name_her_by_her_new_handle(people: dict[str, Viewer]) -> None:
    annabel, group = people["annabel"], _shared(people)
    host = factories.join(factories.person("host"), group, "facilitator")
    hater = factories.join(factories.person("hater"), group)
    service.block(annabel, hater.id or 0)
    room = rooms.open_drop_in(host, group)
    for one in (host, hater, *people.values()):
        rooms.enter_room(one, room)
    bodies = {"a": "Hello @Annabel and @other", "b": "a@annabel.example and @annabelle"}
    said = {
        key: messages.send_message(host, room, body=body, idempotency_key=key)
        for key, body in bodies.items()
    }
    said["c"] = messages.send_message(hater, room, body="Hello @annabel", idempotency_key="c")
    service.change_handle(people["other"], "さくら")
    said["d"] = messages.send_message(host, room, body="@さくらさん、おはよう", idempotency_key="d")
    _renamed(annabel, "marigold")
    _renamed(annabel, "primrose")
    _renamed(people["other"], "もみじ")
    assert {key: message_queries.body_of(its_id) for key, its_id in said.items()} == {
        "a": "Hello @primrose and @もみじ",
        "b": bodies["b"],
        "c": "Hello a former member",
        "d": "@もみじさん、おはよう",
    }
    rows = message_queries.last_messages(people["other"], room)
    shown = {
        row.id: html
        for row, html in zip(rows, room_fragments.message_fragments(rows).values(), strict=True)
    }
    assert "@primrose" in shown[said["a"]]
    assert "annabel " not in shown[said["a"]]


def _shared(people: dict[str, Viewer]) -> int:
    found = select(Membership.group_id).where(Membership.account_id == people["annabel"].id)
    return db.current_session().scalars(found).one()
