"""What was sent a moment ago can be taken back, and its words are not lost."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, NotFound
from forum.threads.models import Post
from forum.threads.posts import undo_sending
from forum.threads.posts.post_creation import PostRef
from forum.threads.posts.post_states import PostState
from tests.support import factories

JSON = {"Accept": "application/json"}
WORDS = "I said **too much**."


@pytest.fixture
def group(app: Flask) -> int:
    app.config["WTF_CSRF_ENABLED"] = False
    return factories.group(slug="mornings")


@pytest.fixture
def wren(group: int) -> Viewer:
    return factories.join(factories.person("wren"), group)


@pytest.fixture
def robin(group: int) -> Viewer:
    return factories.join(factories.person("robin"), group)


@pytest.fixture
def opening(robin: Viewer, group: int) -> PostRef:
    return factories.thread(robin, group)


@pytest.fixture
def browser(app: Flask, wren: Viewer) -> FlaskClient:
    client = app.test_client()
    factories.log_in(client, wren)
    return client


def state_of(post_id: int) -> PostState:
    with transaction() as session:
        return session.get_one(Post, post_id).state


def test_a_reply_is_taken_back_without_a_script(
    app: Flask, browser: FlaskClient, robin: Viewer, opening: PostRef
) -> None:
    thread = f"/threads/{opening.thread_id}"
    form = {"body": WORDS, "content_note": "family"}
    page = browser.post(f"{thread}/replies", data=form, follow_redirects=True).text
    assert "Reply sent." in page
    with transaction() as session:
        post_id = session.scalars(select(Post.id).where(Post.number == 2)).one()
    assert f'action="/posts/{post_id}/undo"' in page
    answer = browser.post(f"/posts/{post_id}/undo")
    assert (answer.status_code, answer.location) == (303, f"{thread}#reply")
    page = browser.get(thread).text
    assert WORDS in page
    assert 'value="family"' in page
    assert state_of(post_id) == PostState.DELETED
    other = app.test_client()
    factories.log_in(other, robin)
    assert "too much" not in other.get(thread).text


def test_programs_get_the_words_back(browser: FlaskClient, opening: PostRef) -> None:
    place = f"/threads/{opening.thread_id}/replies"
    told = browser.post(place, data={"body": WORDS}, headers=JSON).get_json()
    assert told["undo"] == {"address": f"/posts/{told['id']}/undo", "fields": {}}
    back = browser.post(told["undo"]["address"], headers=JSON).get_json()
    assert (back["body"], back["content_note"]) == (WORDS, "")
    again = browser.post(told["undo"]["address"], headers=JSON)
    assert (again.status_code, again.get_json()["error"]["code"]) == (409, "deleted")


def test_a_new_thread_is_in_the_editor_again(browser: FlaskClient, group: int) -> None:
    form = {"title": "Too much", "body": WORDS}
    told = browser.post("/groups/mornings/threads/new", data=form, headers=JSON).get_json()
    answer = browser.post(told["undo"]["address"])
    assert answer.location == "/groups/mornings/threads/new"
    page = browser.get(answer.location).text
    assert WORDS in page
    assert 'value="Too much"' in page
    assert "Too much" not in browser.get("/groups/mornings").text


def test_only_its_author_and_only_for_a_minute(
    wren: Viewer, robin: Viewer, opening: PostRef
) -> None:
    post = factories.post(wren, opening.thread_id)
    for person, refusal in ((robin, Forbidden), (VISITOR, NotFound)):
        with pytest.raises(refusal):
            undo_sending.undo_sending(person, post.id)
    with transaction() as session:
        session.get_one(Post, post.id).created_at = clock.now() - undo_sending.MAY_UNDO_FOR
    with pytest.raises(Conflict) as refused:
        undo_sending.undo_sending(wren, post.id)
    assert refused.value.code == "too_late"
    assert state_of(post.id) == PostState.PUBLISHED
    with transaction() as session:
        young = clock.now() - undo_sending.MAY_UNDO_FOR + timedelta(seconds=20)
        session.get_one(Post, post.id).created_at = young
    undo_sending.undo_sending(wren, post.id)
    assert state_of(post.id) == PostState.DELETED


def test_a_pending_post_can_be_taken_back(app: Flask) -> None:
    group = factories.group(premoderate_first_posts=True)
    newcomer = factories.join(factories.person(), group)
    thread = factories.thread(factories.join(factories.person(), group, "facilitator"), group)
    post = factories.post(newcomer, thread.thread_id, body=WORDS)
    assert state_of(post.id).is_pending
    assert undo_sending.undo_sending(newcomer, post.id).body == WORDS
    assert state_of(post.id).is_deleted
