"""Care messages: who may write, read, answer and close them, through each door, and who is
notified.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from forum import wiring
from forum.accounts.identity import public_ids
from forum.accounts.policy import Viewer
from forum.core import db, events
from forum.core.errors import Conflict, Forbidden, Invalid, LoginNeeded, NotFound
from forum.core.web import private_ids
from forum.notifications import queries as notifications
from forum.safety import policy, queries, service
from forum.safety.events import CareMessageAnswered, CareMessageClosed, CareMessageSent
from tests.support import factories as make
from tests.support.permissions.matrix_world import ROLES, World, silent

WORDS, ANSWER = "How are you this morning?", "A little better, thank you."
HERE = "open-group"
REFUSED = (LoginNeeded, Forbidden, NotFound)


@pytest.fixture
def world(app: Flask) -> World:
    """Return everybody around a post; notes go to its author."""
    app.config["WTF_CSRF_ENABLED"] = False
    return silent(app, "open", "visible")


def author_id(world: World) -> int:
    return world.people["author"].id or 0


def write(world: World, role: str = "facilitator") -> int:
    return service.send_care_message(world.people[role], HERE, author_id(world), body=WORDS)


def let_through(world: World, act: Callable[[Viewer], Any]) -> set[str]:
    """Return the roles for whom something is done."""
    done = set()
    for role in ROLES:
        try:
            act(world.people[role])
            done.add(role)
        except REFUSED:
            pass
        db.release_session()
    return done


def test_only_moderators_write_care_messages(world: World) -> None:
    to = author_id(world)
    assert let_through(
        world, lambda viewer: service.send_care_message(viewer, HERE, to, body=WORDS)
    ) == {
        "facilitator",
        "administrator",
    }


def test_only_the_person_and_their_carers_read(world: World) -> None:
    note = write(world)
    readers = let_through(world, lambda viewer: queries.care_message_for(viewer, note))
    assert readers == {"author", "facilitator", "administrator"}
    for role in ROLES:
        client = world.client(role)
        care = f"/groups/{HERE}/care/{public_ids.of(author_id(world))}"
        for path in (f"/safety/notes/{private_ids.of(note)}", "/safety/notes", care):
            for accept in ("text/html", "application/json"):
                answer = client.get(path, headers={"Accept": accept})
                if WORDS in answer.text:
                    assert role in readers, (role, path)


def test_only_the_person_answers(world: World) -> None:
    note = write(world)
    assert let_through(world, lambda viewer: service.answer_care_message(viewer, note, ANSWER)) == {
        "author"
    }
    seen = queries.care_message_for(world.people["facilitator"], note)
    assert (seen.answer, bool(seen.answered_at), bool(seen.read_at)) == (ANSWER, True, True)


def test_who_writes_back_again_is_heard_and_its_moderator_notified(world: World) -> None:
    note, carer = write(world), world.people["facilitator"]
    service.answer_care_message(world.people["author"], note, ANSWER)
    db.release_session()
    before = notifications.lines(carer)
    [first] = [line for line in before if line.type == "care_message_answered"]
    world.client("facilitator").get(f"/notifications/{private_ids.of(first.id)}")
    service.answer_care_message(world.people["author"], note, "It's worse tonight.")
    db.release_session()
    seen = queries.care_message_for(carer, note)
    assert seen.answer == f"{ANSWER}\n\nIt's worse tonight."
    told = [line for line in notifications.lines(carer) if line.type == "care_message_answered"]
    assert any(not line.read for line in told), told


def test_only_carers_close_and_a_reply_opens_it_again(world: World) -> None:
    note = write(world)
    assert let_through(world, lambda viewer: service.close_care_message(viewer, note)) == {
        "facilitator",
        "administrator",
    }
    service.answer_care_message(world.people["author"], note, ANSWER)
    seen = queries.care_message_for(world.people["facilitator"], note)
    assert (seen.answer, seen.closed_at) == (ANSWER, None)


@pytest.mark.parametrize("as_json", [True, False])
def test_where_replies_fill_a_message_there_is_a_way_on(world: World, as_json: bool) -> None:
    note, person = write(world), world.people["author"]
    for _each in range(policy.CARE_REPLIES_MAX // policy.CARE_MESSAGE_MAX):
        with suppress(Conflict):
            service.answer_care_message(person, note, "x" * policy.CARE_MESSAGE_MAX)
    db.release_session()
    answer = world.client("author").post(
        f"/safety/notes/{private_ids.of(note)}/answer",
        data={"answer": "y" * policy.CARE_MESSAGE_MAX},
        headers={"Accept": "application/json"} if as_json else {},
    )
    assert answer.status_code == 409
    assert "write a post in your group" in answer.text
    if not as_json:
        assert "y" * policy.CARE_MESSAGE_MAX in answer.text
        assert '<a href="/help-now">' in answer.text


def test_nobody_writes_to_strangers_or_to_themselves(world: World) -> None:
    carer = world.people["facilitator"]
    for stranger in (world.people["outsider"], world.people["moderator_elsewhere"], carer):
        with pytest.raises(NotFound):
            service.send_care_message(carer, HERE, stranger.id or 0, body=WORDS)
    with pytest.raises(NotFound):
        service.send_care_message(carer, HERE, 10**6, body=WORDS)
    gone = world.people["left"]
    make.join(gone, world.group_id)
    make.post(gone, world.thread_id)
    from forum.groups import service as groups

    groups.leave(gone, world.group_id)
    with pytest.raises(NotFound):  # who has left is out of the group's reach
        service.send_care_message(carer, HERE, gone.id or 0, body=WORDS)


def test_a_note_names_a_post_of_its_person_in_its_group_only(world: World) -> None:
    carer, to = world.people["facilitator"], author_id(world)
    note = service.send_care_message(carer, HERE, to, body=WORDS, post_id=world.post_id)
    assert queries.care_message_for(world.people["author"], note).post_id == world.post_id
    opening = make.post(world.host, world.thread_id).id
    elsewhere = make.group()
    theirs = make.thread(make.join(world.people["author"], elsewhere), elsewhere).id
    for post_id in (opening, theirs, 10**6):
        with pytest.raises(NotFound):
            service.send_care_message(carer, HERE, to, body=WORDS, post_id=post_id)


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 4_001, "a\0b"])
def test_invalid_care_messages_are_refused_by_field(world: World, body: str) -> None:
    note = write(world)
    with pytest.raises(Invalid) as refused:
        service.send_care_message(world.people["facilitator"], HERE, author_id(world), body=body)
    assert set(refused.value.fields) == {"body"}
    with pytest.raises(Invalid) as refused:
        service.answer_care_message(world.people["author"], note, body)
    assert set(refused.value.fields) == {"answer"}


def test_both_sides_are_notified_without_the_text(world: World) -> None:
    note = write(world)
    [told] = notifications.lines(world.people["author"])
    assert (told.type, told.about_id) == ("care_message", note)
    assert WORDS not in str(told)
    before = len(notifications.lines(world.people["member"]))
    service.answer_care_message(world.people["author"], note, ANSWER)
    db.release_session()
    lines = notifications.lines(world.people["facilitator"])
    assert lines[0].type == "care_message_answered"
    assert len(notifications.lines(world.people["member"])) == before
    client = world.client("author")
    followed = client.get(f"/notifications/{private_ids.of(told.id)}")
    assert followed.location == f"/safety/notes/{private_ids.of(note)}"
    assert WORDS in client.get(followed.location).text


def test_a_former_moderator_sees_no_care_messages(world: World) -> None:
    note = write(world)
    service.answer_care_message(world.people["author"], note, ANSWER)
    make.join(world.people["facilitator"], world.group_id, "member")
    with pytest.raises(NotFound):
        queries.care_message_for(world.people["facilitator"], note)
    kinds = {line.type for line in notifications.lines(world.people["facilitator"])}
    assert "care_message_answered" not in kinds


def test_each_change_is_announced_with_ids_alone(world: World) -> None:
    heard: list[Any] = []
    kinds = (CareMessageSent, CareMessageAnswered, CareMessageClosed)
    events.subscribe({**wiring.WITHIN_TRANSACTION, **{kind: [heard.append] for kind in kinds}}, {})
    note = write(world)
    service.answer_care_message(world.people["author"], note, ANSWER)
    service.close_care_message(world.people["administrator"], note)
    service.close_care_message(world.people["facilitator"], note)
    assert [type(event) for event in heard] == list(kinds)
    assert {event.care_message_id for event in heard} == {note}
    assert heard[0].author_id == heard[1].author_id == world.people["facilitator"].id
    assert heard[2].by_id == world.people["administrator"].id


@pytest.mark.parametrize("as_json", [True, False])
def test_a_care_message_is_sent_read_and_answered_on_pages(world: World, as_json: bool) -> None:
    headers = {"Accept": "application/json"} if as_json else {}
    carer, person = world.client("facilitator"), world.client("author")
    address = f"/groups/{HERE}/care/{public_ids.of(author_id(world))}"
    assert "A private message to" in carer.get(f"{address}?post={world.post_id}").text
    refused = carer.post(address, data={"body": ""}, headers=headers)
    assert refused.status_code == 422
    made = carer.post(address, data={"body": WORDS, "post": world.post_id}, headers=headers)
    assert made.status_code == (201 if as_json else 303)
    note = queries.own_care_messages(world.people["author"])[0]
    assert note.post_id == world.post_id
    assert note.read_at is None
    assert "Not read yet" in carer.get(address).text
    assert WORDS in person.get("/safety/notes", headers=headers).text
    assert "No reply yet" in carer.get(address).text
    path = f"/safety/notes/{private_ids.of(note.id)}"
    assert person.post(f"{path}/answer", data={"answer": " "}, headers=headers).status_code == 422
    answered = person.post(f"{path}/answer", data={"answer": ANSWER}, headers=headers)
    assert answered.status_code == (200 if as_json else 303)
    assert ANSWER in carer.get(path, headers=headers).text
    assert carer.post(f"{path}/close", headers=headers).status_code == (200 if as_json else 303)
    assert "closed_at" in person.get(path, headers={"Accept": "application/json"}).get_json()
    assert "A moderator has closed this" in person.get(path).text
    assert "Closed" in carer.get(path).text
    again = person.post(f"{path}/answer", data={"answer": "Again"}, headers=headers)
    assert again.status_code == (200 if as_json else 303)
    assert "Again" in carer.get(path, headers=headers).text


def test_a_suspended_member_reads_and_answers_care_messages(world: World) -> None:
    suspended = world.people["suspended"]
    note = service.send_care_message(
        world.people["facilitator"], HERE, suspended.id or 0, body=WORDS
    )
    assert WORDS in world.client("suspended").get("/safety/notes").text
    service.answer_care_message(suspended, note, ANSWER)
