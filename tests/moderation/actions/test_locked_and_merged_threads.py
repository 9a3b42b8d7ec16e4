"""Locked threads, joined threads that are reviewed, words deleted twice, and declined threads."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Conflict, Forbidden, Refusal
from forum.groups import service as groups
from forum.moderation.actions import available_actions, service
from forum.moderation.appeals import policy as undo_policy
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.second_approval import pending_actions
from forum.threads import queries as threads
from forum.threads import service as writing
from forum.threads.approval import pre_moderation
from forum.threads.lists import thread_lists
from forum.threads.models import PostRevision, Thread
from tests.support import factories as make
from tests.support.worlds.group_world import post as send
from tests.support.worlds.moderation_world import ModerationWorld
from tests.support.worlds.moderation_world import moderation_world as acting
from tests.support.worlds.restructuring_world import (
    RestructuringWorld,
    restructuring_world,
    thread_with_posts,
)


@pytest.fixture
def room(app: Flask) -> ModerationWorld:
    return acting()


@pytest.fixture
def moved(app: Flask) -> RestructuringWorld:
    return restructuring_world()


def test_in_a_locked_thread_no_way_of_editing_is_open(app: Flask, room: ModerationWorld) -> None:
    _, people, place = room
    theirs = make.post(people["moderator"], place.thread_id)
    service.take_action(people["facilitator"], "lock", place.thread_id)
    with pytest.raises(Forbidden, match="You can still delete your own"):
        writing.edit_post(people["author"], place.id, body="Other words")
    client = app.test_client()
    make.log_in(client, people["author"])
    path = f"/posts/{place.id}/edit"
    assert client.get(path).status_code == 403
    answer = send(client, path, as_json=True, body="Other words")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "locked")
    assert "Other words" not in client.get(f"/threads/{place.thread_id}").text
    writing.edit_post(people["moderator"], theirs.id, body="A last word")
    writing.delete_post(people["author"], place.id)
    service.take_action(people["facilitator"], "unlock", place.thread_id)
    mine = make.post(people["author"], place.thread_id)
    writing.edit_post(people["author"], mine.id, body="Other words")


def test_the_page_of_a_locked_thread_does_not_offer_to_edit(
    app: Flask, room: ModerationWorld
) -> None:
    _, people, place = room
    client = app.test_client()
    make.log_in(client, people["author"])
    page = f"/threads/{place.thread_id}"
    assert "data-closed" not in client.get(page).text
    service.take_action(people["facilitator"], "lock", place.thread_id)
    assert "data-closed" in client.get(page).text
    make.log_in(client, people["moderator"])
    assert "data-closed" not in client.get(page).text


@pytest.mark.parametrize("which", ["older", "newer", "both", "neither"])
def test_a_joined_thread_is_as_safe_as_the_safer_of_the_two(
    moved: RestructuringWorld, which: str
) -> None:
    older, *_ = thread_with_posts(moved, "a1", "a2")
    newer, *_ = thread_with_posts(moved, "b1", "b2")
    chosen = {"older": [older], "newer": [newer], "both": [older, newer], "neither": []}[which]
    for thread in chosen:
        moved.act("keeper", "review", thread)
    row = moved.act("keeper", "merge", newer, str(older))
    place = make.post(moved.people["member"], older)
    assert (place.number is None) == bool(chosen)
    assert threads.thread_for(moved.people["keeper"], older).pre_moderated == bool(chosen)
    moved.undo("keeper", row)
    now = [
        one
        for one in (older, newer)
        if threads.thread_for(moved.people["keeper"], one).pre_moderated
    ]
    assert now == chosen


def test_what_was_decided_about_review_since_a_join_outlasts_its_undoing(
    moved: RestructuringWorld,
) -> None:
    older, *_ = thread_with_posts(moved, "a1", "a2")
    newer, *_ = thread_with_posts(moved, "b1", "b2")
    moved.act("keeper", "review", newer)
    row = moved.act("keeper", "merge", newer, str(older))
    moved.act("keeper", "unreview", older)
    moved.undo("keeper", row)
    assert not threads.thread_for(moved.people["keeper"], older).pre_moderated
    assert threads.thread_for(moved.people["keeper"], newer).pre_moderated


def revisions(post_id: int) -> int:
    db.release_session()
    kept = select(func.count(PostRevision.id)).where(PostRevision.post_id == post_id)
    return db.current_session().scalar(kept) or 0


@pytest.mark.parametrize("held", [False, True])
def test_two_delete_for_good_what_its_author_has_deleted(room: ModerationWorld, held: bool) -> None:
    _, people, place = room
    if held:
        service.take_action(people["moderator"], "review", place.thread_id)
    post = make.post(people["author"], place.thread_id)
    writing.delete_post(people["author"], post.id)
    assert revisions(post.id)
    counts = select(Thread.post_count, Thread.pending_count).where(Thread.id == place.thread_id)
    before = db.current_session().execute(counts).one()
    offer = available_actions.offer(people["moderator"], "post", post.id)
    assert offer.fitting == ["delete"]
    with pytest.raises(Conflict):
        service.take_action(people["moderator"], "hide", post.id)
    asked = service.take_action(
        people["moderator"], "delete", post.id, reason="An address"
    ).pending_action_id
    pending_actions.answer(people["second"], asked or 0, confirm=True)
    assert revisions(post.id) == 0
    assert db.current_session().execute(counts).one() == before
    for action in (
        lambda: available_actions.offer(people["moderator"], "post", post.id),
        lambda: service.take_action(people["moderator"], "delete", post.id),
    ):
        with pytest.raises(Conflict):
            action()


def test_the_history_of_a_deleted_post_leads_to_deleting_it_for_good(
    app: Flask, room: ModerationWorld
) -> None:
    _, people, place = room
    writing.delete_post(people["author"], place.id)
    client = app.test_client()
    link = f"/moderation/actions/new?target_kind=post&amp;id={place.id}&amp;action=delete"
    make.log_in(client, people["moderator"])
    assert link in client.get(f"/posts/{place.id}/history").text
    assert "Delete for good" in client.get(link.replace("&amp;", "&")).text
    make.log_in(client, people["facilitator"])
    assert link not in client.get(f"/posts/{place.id}/history").text


def test_a_declined_first_thread_waits_for_nobody(app: Flask) -> None:
    group = make.group()
    moderator = make.join(make.person(), group, "moderator")
    newcomer, other = (make.join(make.person(), group) for _ in range(2))
    groups.edit_group(moderator, group, premoderate_first_posts=True)
    place = make.thread(newcomer, group)
    db.release_session()
    (row,) = thread_lists.threads_of(moderator, group, 1)
    assert (row.pending, row.declined) == (True, False)
    pre_moderation.decline(moderator, place.id, "Without the street")
    db.release_session()
    for viewer in (moderator, newcomer):
        client = app.test_client()
        make.log_in(client, viewer)
        (row,) = thread_lists.threads_of(viewer, group, 1)
        assert row.declined
        pages = (
            client.get(f"/threads/{place.thread_id}").text
            + client.get(f"/groups/{threads.thread_for(viewer, place.thread_id).group_slug}").text
        )
        assert "not approved" in pages
        assert "waiting for approval" not in pages
    with pytest.raises(Conflict, match="approved, so nobody can reply"):
        writing.post_reply(newcomer, place.thread_id, body="And this")
    assert thread_lists.threads_of(other, group, 1) == []


def test_undo_is_offered_exactly_where_it_can_be_done(moved: RestructuringWorld) -> None:
    people, both = moved.people, ("keeper", "second", "facilitator", "administrator", "moderator")
    thread, one, two, three = thread_with_posts(moved, "one", "two", "three")
    older, *_ = thread_with_posts(moved, "a1", "a2")
    rows = [
        moved.act("facilitator", "hide", one),
        moved.act("keeper", "restore", one),
        moved.act("keeper", "hide", two),
        moved.act("administrator", "lock", thread),
        moved.act("keeper", "edit", three, "Without the name"),
        moved.act("keeper", "merge", older, str(thread)),
        moved.act("facilitator", "content_note", three, "Hospital"),
    ]
    writing.delete_post(people["member"], two)
    mine = make.post(people["second"], thread).id
    own = moved.act("second", "hide", mine)
    rows.append(own)
    room = acting()
    db.release_session()
    for who in both:
        offered = undo_policy.offered(people[who], rows)
        for row in rows:
            assert (row in offered) == can_undo(people[who], row), (who, rows.index(row))
    assert own in undo_policy.offered(people["second"], rows)
    assert undo_policy.offered(room[1]["moderator"], rows) == set()


def can_undo(viewer: Viewer, row: int) -> bool:
    """Try it, and take it back."""

    class TakeBack(Exception):
        """Nothing that was tried stays."""

    try:
        with db.transaction():
            appeals_undo.undo(viewer, row)
            raise TakeBack
    except TakeBack:
        return True
    except Refusal:
        return False
    finally:
        db.release_session()
