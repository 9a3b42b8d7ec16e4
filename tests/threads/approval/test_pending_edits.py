"""Where what members write waits for approval, so do their edits of what is shown."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.core import db
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, NotFound, Refusal
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.moderation.queue import queries as queue_queries
from forum.notifications import queries as notifications
from forum.threads import queries, service
from forum.threads.approval import pre_moderation
from forum.threads.posts import erasure as posts_erasure
from forum.threads.posts import pending_edits
from tests.support import factories as make
from tests.support.worlds import moderation_world
from tests.support.worlds.moderation_world import ModerationWorld


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    """A reviewed conversation, with a post that was written before."""
    group, people, opening = moderation_world.moderation_world()
    make.post(people["member"], opening.thread_id)
    place = make.post(people["author"], opening.thread_id, body="Some words")
    moderation.take_action(people["facilitator"], "review", place.thread_id)
    return group, people, place


def _said(viewer: Any, post_id: int) -> tuple[str, str]:
    db.release_session()
    post = queries.post_for(viewer, post_id)
    return post.body, post.content_note


def _kinds(room: ModerationWorld) -> list[str]:
    db.release_session()
    return [one.kind for one in queue_queries.open_items(room[1]["moderator"])]


@pytest.mark.parametrize(
    "words",
    [
        {"body": "Other words"},
        {"body": "Some words", "content_note": "hospital"},
        {"body": "I want to kill myself"},
    ],
)
def test_an_edit_is_shown_once_it_is_approved(room: ModerationWorld, words: dict[str, str]) -> None:
    _, people, place = room
    assert service.edit_post(people["author"], place.id, **words)
    assert _said(people["member"], place.id) == ("Some words", "")
    assert _said(people["author"], place.id) == ("Some words", "")
    assert "pending_post" in _kinds(room)
    assert ("crisis_alert" in _kinds(room)) == ("kill" in words["body"])
    pre_moderation.approve(people["facilitator"], place.id, seen=1)
    assert _said(people["member"], place.id) == (words["body"], words.get("content_note", ""))
    assert "pending_post" not in _kinds(room)
    db.release_session()
    assert "edit_approved" in {one.type for one in notifications.lines(people["author"])}
    with pytest.raises(Conflict):
        pre_moderation.approve(people["facilitator"], place.id)


def test_what_is_declined_stays_its_authors(room: ModerationWorld) -> None:
    _, people, place = room
    service.edit_post(people["author"], place.id, body="Other words")
    pre_moderation.decline(people["facilitator"], place.id, "A name is in it")
    assert _said(people["member"], place.id)[0] == "Some words"
    db.release_session()
    edit = pending_edits.edit_of(place.id)
    assert edit
    assert (edit.body, edit.declined_because) == ("Other words", "A name is in it")
    assert _kinds(room) == []
    service.edit_post(people["author"], place.id, body="Words without a name")
    assert _kinds(room) == ["pending_post"]
    pre_moderation.approve(people["facilitator"], place.id)
    assert _said(people["member"], place.id)[0] == "Words without a name"


def test_only_moderators_decide_and_about_what_they_have_read(room: ModerationWorld) -> None:
    _, people, place = room
    service.edit_post(people["author"], place.id, body="Harmless")
    for who in ("member", "author"):
        with pytest.raises(Refusal):
            pre_moderation.approve(people[who], place.id)
    service.edit_post(people["author"], place.id, body="Not harmless")
    with pytest.raises(Conflict, match="changed since"):
        pre_moderation.approve(people["facilitator"], place.id, seen=1)
    moderation.take_action(people["moderator"], "edit", place.id, value="Some words, mended")
    with pytest.raises(Conflict, match="changed since its author"):
        pre_moderation.approve(people["facilitator"], place.id, seen=2)
    assert _said(people["member"], place.id)[0] == "Some words, mended"


def test_moderators_edit_at_once(room: ModerationWorld) -> None:
    _, people, place = room
    own = make.post(people["facilitator"], place.thread_id, body="A word")
    assert not service.edit_post(people["facilitator"], own.id, body="Another word")
    assert _said(people["member"], own.id)[0] == "Another word"


@pytest.mark.parametrize("how", ["reverted", "deleted", "at_once"])
def test_an_edit_that_is_not_wanted_any_more_waits_no_longer(
    room: ModerationWorld, how: str
) -> None:
    _, people, place = room
    service.edit_post(people["author"], place.id, body="Other words")
    match how:
        case "reverted":
            service.edit_post(people["author"], place.id, body="Some words")
        case "deleted":
            service.delete_post(people["author"], place.id)
        case "at_once":
            moderation.take_action(people["facilitator"], "unreview", place.thread_id)
            assert _kinds(room) == ["pending_post"]  # what waits still waits
            service.edit_post(people["author"], place.id, body="Third words")
            assert _said(people["member"], place.id)[0] == "Third words"
    assert _kinds(room) == []
    with pytest.raises(Refusal):
        pre_moderation.approve(people["facilitator"], place.id)


def test_a_newcomer_does_not_change_the_only_post_that_was_approved(app: Flask) -> None:
    group, people, place = moderation_world.moderation_world()
    groups.edit_group(people["moderator"], group, premoderate_first_posts=True)
    new = make.join(make.person(), group)
    first = make.post(new, place.thread_id, body="Hello")
    assert not service.edit_post(new, first.id, body="Hello all")  # nobody sees it yet
    pre_moderation.approve(people["facilitator"], first.id)
    assert service.edit_post(new, first.id, body="Something else")
    assert _said(people["member"], first.id)[0] == "Hello all"
    make.post(new, place.thread_id, body="Thank you")
    assert not service.edit_post(new, first.id, body="Hello everybody")
    assert _said(people["member"], first.id)[0] == "Hello everybody"


def test_erasing_takes_pending_edits_along(room: ModerationWorld) -> None:
    _, people, place = room
    service.edit_post(people["author"], place.id, body="Other words")
    with transaction() as session:
        list(posts_erasure.erase_posts(session, people["author"].id, remove=False))
    assert _kinds(room) == []
    assert pending_edits.edit_of(place.id) is None
    with pytest.raises(NotFound):
        pre_moderation.approve(people["facilitator"], place.id)


def test_the_pages_show_an_edit_to_those_alone_who_may_see_it(
    client: FlaskClient, room: ModerationWorld
) -> None:
    _, people, place = room
    service.edit_post(people["author"], place.id, body="Brindled words")
    path = f"/threads/{place.thread_id}"
    for who, sees in (("author", True), ("facilitator", True), ("member", False)):
        make.log_in(client, people[who])
        assert ("Brindled words" in client.get(path).text) == sees, who
        assert (
            "Brindled words" in client.get(path, headers={"Accept": "application/json"}).text
        ) is False
    make.log_in(client, people["author"])
    assert "Brindled words" in client.get(f"/posts/{place.id}/edit").text
    make.log_in(client, people["facilitator"])
    (entry,) = queue_queries.open_items(people["facilitator"])
    page = client.get(f"/moderation/queue/{entry.id}").text
    assert "Brindled words" in page
    assert "Approve the edit" in page
    assert "Brindled words" in client.get(f"/posts/{place.id}/decline").text


def test_a_removed_or_silenced_author_does_not_edit(room: ModerationWorld) -> None:
    group, people, place = room
    moderation.take_action(people["moderator"], "remove", people["author"].id, group_id=group)
    with pytest.raises((Forbidden, NotFound)):
        service.edit_post(people["author"], place.id, body="Other words")
