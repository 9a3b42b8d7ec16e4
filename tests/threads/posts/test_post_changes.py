"""What becomes of what was said: edited, deleted, hidden, restored, and names taken out."""

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Conflict, Forbidden, NotFound, Refusal
from forum.core.translation import using
from forum.groups import service as groups
from forum.privacy import service as privacy
from forum.threads import queries, service
from forum.threads.lists import thread_lists
from forum.threads.models import PostRevision
from forum.threads.posts.post_creation import PostRef
from tests.support import factories
from tests.support.worlds.thread_people import group, opening, owl, post, robin, thread, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]


def test_an_edit_is_marked_and_its_past_is_kept(opening: PostRef, wren: Viewer) -> None:
    service.edit_post(wren, opening.id, body="They **were** the worst.", content_note="mornings")
    edited = post(opening.id)
    assert edited.edited_at is not None
    assert (edited.version, edited.content_note) == (2, "mornings")
    assert "<strong>were</strong>" in edited.html
    (before,) = thread_lists.revisions(opening.id)
    assert (before.action, before.body) == ("edited", "They are the worst.")


def test_an_edit_that_changes_nothing_leaves_no_mark(opening: PostRef, wren: Viewer) -> None:
    service.edit_post(wren, opening.id, body="They are the worst. ")
    assert post(opening.id).edited_at is None
    assert thread(opening.thread_id).version == 1


def test_nobody_changes_what_another_wrote(opening: PostRef, robin: Viewer, owl: Viewer) -> None:
    for somebody in (robin, owl, factories.administrator()):
        with pytest.raises(Forbidden):
            service.edit_post(somebody, opening.id, body="mine now")
        with pytest.raises(Forbidden):
            service.delete_post(somebody, opening.id)


def test_a_deleted_post_leaves_a_gap(opening: PostRef, wren: Viewer, owl: Viewer) -> None:
    service.delete_post(wren, opening.id)
    gone = post(opening.id)
    assert (gone.body, gone.html, gone.version) == ("", "", 2)
    assert thread(opening.thread_id).post_count == 0
    assert thread_lists.revisions(opening.id)[0].body == "They are the worst."
    with pytest.raises(Conflict):
        service.delete_post(wren, opening.id)
    with pytest.raises(Conflict):
        service.edit_post(wren, opening.id, body="back")
    with pytest.raises(Conflict):
        service.hide_post(owl, opening.id)
    with pytest.raises(Conflict):
        service.react(owl, opening.id, "hug", on=True)


def test_hiding_and_restoring(opening: PostRef, wren: Viewer, robin: Viewer, owl: Viewer) -> None:
    for somebody in (wren, robin):
        with pytest.raises(Forbidden):
            service.hide_post(somebody, opening.id)
    service.hide_post(owl, opening.id, "An address")
    service.hide_post(owl, opening.id, "Again")
    assert post(opening.id).state == "hidden"
    assert thread(opening.thread_id).post_count == 0
    with pytest.raises(NotFound):
        service.react(robin, opening.id, "hug", on=True)
    service.restore_post(owl, opening.id)
    assert post(opening.id).state == "published"
    assert thread(opening.thread_id).post_count == 1
    assert [row.action for row in thread_lists.revisions(opening.id)] == ["restored", "hidden"]


def test_a_refusal_costs_the_history_nothing(opening: PostRef, wren: Viewer) -> None:
    with pytest.raises(Refusal):
        service.edit_post(wren, opening.id, body="")
    db.release_session()
    assert db.current_session().scalars(select(PostRevision)).all() == []


def test_a_name_is_taken_out_however_and_wherever_it_was_written(
    wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    leaver = factories.join(factories.person("Straße76075"), group)
    words = "@Straße76075 and @STRASSE76075"
    place = service.start_thread(
        wren, group, title="For @Straße76075", body=words, content_note="about @strasse76075"
    )
    groups.leave(leaver, group)
    quoted = service.post_reply(robin, place.thread_id, body=f"> {words} wrote:")
    privacy.erase(leaver.id or 0, remove=False)
    db.release_session()
    kept = [
        post(place.id).body,
        post(place.id).html,
        post(place.id).content_note,
        post(quoted.id).body,
        post(quoted.id).html,
        thread(place.thread_id).title,
    ]
    assert not [part for part in kept if "76075" in part]


def test_a_title_is_hidden_and_deleted_with_the_first_post(
    opening: PostRef, wren: Viewer, robin: Viewer, owl: Viewer, group: int
) -> None:
    def title(viewer: Viewer, language: str = "en") -> str:
        db.release_session()
        with using(language):
            return read_title(viewer)

    def read_title(viewer: Viewer) -> str:
        listed = str(thread_lists.threads_of(viewer, group, 1)[0].title)
        assert listed == queries.thread_for(viewer, opening.thread_id).title
        return listed

    service.hide_post(owl, opening.id)
    assert [title(who) for who in (robin, wren, owl)] == [
        "A removed thread",
        "Mornings",
        "Mornings",
    ]
    assert title(robin, "de") == "Ein entferntes Thema"
    service.restore_post(owl, opening.id)
    assert title(robin) == "Mornings"
    service.delete_post(wren, opening.id)
    assert {title(who) for who in (robin, wren, owl)} == {"A removed thread"}
    assert title(robin, "es") == "Un hilo retirado"


def test_a_long_history_is_read_page_by_page(
    app: Flask, opening: PostRef, owl: Viewer, wren: Viewer
) -> None:
    for number in range(45):
        service.edit_post(wren, opening.id, body=f"Again, number {number}.")
    client = app.test_client()
    factories.log_in(client, owl)
    pages = [
        client.get(f"/posts/{opening.id}/history?page={page}").text.count("Before that, it said")
        for page in (1, 2, 3)
    ]
    assert pages == [20, 20, 5]
    assert "history?page=2" in client.get(f"/posts/{opening.id}/history").text
    assert "history?page=4" not in client.get(f"/posts/{opening.id}/history?page=3").text
