"""Who may give a thread another title, for how long, and what is kept of the old one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid, LoginNeeded, NotFound, Refusal
from forum.core.web.forms import edit_conflicts
from forum.moderation.actions import service as moderation
from forum.moderation.queue_items.models import CRISIS_ALERT, QueueItem
from forum.threads import queries, service, title_changes
from forum.threads.models import PostRevision, Thread
from forum.threads.posts.post_creation import PostRef
from tests.support import factories

JSON = {"Accept": "application/json"}


@pytest.fixture
def group(app: Flask) -> int:
    app.config["WTF_CSRF_ENABLED"] = False
    return factories.group(slug="mornings")


@pytest.fixture
def wren(group: int) -> Viewer:
    return factories.join(factories.person("wren"), group)


@pytest.fixture
def heron(group: int) -> Viewer:
    return factories.join(factories.person("heron"), group, role="moderator")


@pytest.fixture
def opening(wren: Viewer, group: int) -> PostRef:
    return service.start_thread(wren, group, title="Mornings", body="They are the worst.")


def title_of(thread_id: int) -> str | None:
    with transaction() as session:
        return session.scalar(select(Thread.title).where(Thread.id == thread_id))


def test_the_author_changes_it_and_moderators_see_what_it_was(
    app: Flask, wren: Viewer, heron: Viewer, opening: PostRef
) -> None:
    client = app.test_client()
    factories.log_in(client, wren)
    place = f"/threads/{opening.thread_id}"
    assert f'href="{place}/title"' in client.get(place).text
    assert 'value="Mornings"' in client.get(f"{place}/title").text
    answer = client.post(f"{place}/title", data={"title": " Early  mornings "})
    assert (answer.status_code, answer.location) == (303, place)
    page = client.get(place).text
    assert '<h1 dir="auto">Early mornings</h1>' in page
    assert "Title changed." in page
    told = client.post(f"{place}/title", data={"title": "Mornings again"}, headers=JSON).get_json()
    assert (told["id"], told["title"]) == (opening.thread_id, "Mornings again")
    assert told["undo"]["fields"] == {"title": "Early mornings"}
    moderator = app.test_client()
    factories.log_in(moderator, heron)
    history = moderator.get(f"/posts/{opening.id}/history").text
    assert "Early mornings" in history
    assert "Title changed" in history


@pytest.mark.parametrize("title", ["", "ab", " \u2800 ", "x" * 151])
def test_a_title_that_cannot_be_is_refused_with_what_was_typed(
    app: Flask, wren: Viewer, opening: PostRef, title: str
) -> None:
    client = app.test_client()
    factories.log_in(client, wren)
    answer = client.post(f"/threads/{opening.thread_id}/title", data={"title": title})
    assert answer.status_code == 422
    assert 'id="title-error"' in answer.text
    assert title_of(opening.thread_id) == "Mornings"


def test_a_program_is_told_what_is_wrong_with_a_title(
    app: Flask, wren: Viewer, opening: PostRef
) -> None:
    client = app.test_client()
    factories.log_in(client, wren)
    place = f"/threads/{opening.thread_id}/title"
    answer = client.post(place, data={"title": "ab"}, headers=JSON)
    assert answer.status_code == 422
    assert set(answer.get_json()["error"]["fields"]) == {"title"}
    assert title_of(opening.thread_id) == "Mornings"


def refusal_of(change: Callable[[], None]) -> tuple[type[Refusal], str]:
    with pytest.raises(Refusal) as refused:
        change()
    return type(refused.value), refused.value.code


def test_nobody_else_may(wren: Viewer, heron: Viewer, group: int, opening: PostRef) -> None:
    robin = factories.join(factories.person("robin"), group)
    for person, kind in ((robin, Forbidden), (heron, Forbidden), (VISITOR, LoginNeeded)):
        with pytest.raises(kind):
            title_changes.change_title(person, opening.thread_id, "Another title")
    outsider = factories.person("outsider")
    hidden = factories.group(slug="hidden", visibility="hidden")
    author = factories.join(factories.person("author"), hidden)
    inside = service.start_thread(author, hidden, title="Inside", body="Words.")
    with pytest.raises(NotFound):
        title_changes.change_title(outsider, inside.thread_id, "Another title")
    assert title_of(opening.thread_id) == "Mornings"


def test_only_within_a_day_as_a_member_in_an_open_thread(
    wren: Viewer, heron: Viewer, group: int, opening: PostRef
) -> None:
    def change() -> None:
        title_changes.change_title(wren, opening.thread_id, "Another title")

    with transaction() as session:
        thread = session.get_one(Thread, opening.thread_id)
        thread.created_at = clock.now() - timedelta(days=1)
    assert refusal_of(change) == (Forbidden, "too_late")
    with transaction() as session:
        session.get_one(Thread, opening.thread_id).created_at = clock.now()
        session.get_one(Thread, opening.thread_id).locked = True
    assert refusal_of(change) == (Forbidden, "locked")
    with transaction() as session:
        session.get_one(Thread, opening.thread_id).locked = False
        session.get_one(Thread, opening.thread_id).pre_moderated = True
    assert refusal_of(change) == (Forbidden, "needs_approval")
    with transaction() as session:
        session.get_one(Thread, opening.thread_id).pre_moderated = False
    service.delete_post(wren, opening.id)
    assert refusal_of(change) == (Conflict, "deleted")


def test_what_a_moderator_took_out_does_not_come_back(
    wren: Viewer, heron: Viewer, opening: PostRef
) -> None:
    before = queries.thread_for(wren, opening.thread_id).version
    moderation.take_action(heron, "title", opening.thread_id, value="A title")
    assert title_of(opening.thread_id) == "A title"
    assert queries.thread_for(wren, opening.thread_id).version > before
    code = refusal_of(lambda: title_changes.change_title(wren, opening.thread_id, "Mornings"))
    assert code == (Forbidden, "changed_by_moderator")
    with transaction() as session:
        kept = session.scalars(select(PostRevision.reason)).all()
    assert kept == [""], "only the audit log keeps a title that said too much"


def test_two_tabs_do_not_overwrite_each_other(wren: Viewer, opening: PostRef) -> None:
    shown = edit_conflicts.version_of("Mornings")
    title_changes.change_title(wren, opening.thread_id, "First", shown=shown)
    with pytest.raises(edit_conflicts.EditConflict) as refused:
        title_changes.change_title(wren, opening.thread_id, "Second", shown=shown)
    assert refused.value.now == {"Title": "First"}
    title_changes.change_title(wren, opening.thread_id, "First", shown=shown)  # sent once more


def test_a_title_is_read_for_danger_as_a_post_is(wren: Viewer, opening: PostRef) -> None:
    title_changes.change_title(wren, opening.thread_id, "I want to kill myself tonight")
    with transaction() as session:
        assert CRISIS_ALERT in session.scalars(select(QueueItem.kind)).all()


def test_a_new_thread_is_read_with_its_title(wren: Viewer, group: int) -> None:
    service.start_thread(wren, group, title="I want to kill myself", body="Is anyone there?")
    with transaction() as session:
        assert CRISIS_ALERT in session.scalars(select(QueueItem.kind)).all()


def test_the_writer_of_such_a_title_is_offered_help(app: Flask, wren: Viewer, group: int) -> None:
    client = app.test_client()
    factories.log_in(client, wren)
    form = {"title": "I want to kill myself", "body": "Is anyone there?", "ask_first": "1"}
    answer = client.post("/groups/mornings/threads/new", data=form, follow_redirects=True)
    assert "note-help" in answer.text
    assert "Is anyone there?" in answer.text


def test_a_new_title_with_a_telephone_number_is_asked_about_once(
    app: Flask, wren: Viewer, opening: PostRef
) -> None:
    client = app.test_client()
    factories.log_in(client, wren)
    place, reachable = f"/threads/{opening.thread_id}/title", "Call me on 07700 900123"
    asked = client.post(place, data={"title": reachable, "ask_first": "1"})
    assert asked.status_code == 200
    assert f'value="{reachable}"' in asked.text
    assert title_of(opening.thread_id) == "Mornings"
    client.post(place, data={"title": reachable, "ask_first": "0"})
    assert title_of(opening.thread_id) == reachable


def test_an_unsuitable_form_is_invalid_before_anything_is_read(wren: Viewer) -> None:
    with pytest.raises(Invalid):
        title_changes.change_title(wren, 10**9, "ab")
