"""Search engines list pages about the forum, and nothing that people wrote, wherever it is."""

from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.policy import VISITOR
from forum.core import clock, db
from forum.threads.lists import thread_lists
from forum.threads.reader import reader_state
from tests.support import factories


def test_nothing_that_people_wrote_is_listed(client: FlaskClient, app: Flask) -> None:
    group = factories.group(readable_by_all=True, slug="open-air")
    author = factories.join(factories.person(), group)
    place = factories.thread(author, group)
    for path in (
        f"/threads/{place.thread_id}",
        f"/posts/{place.id}",
        "/groups/open-air",
        "/groups/open-air/about",
        f"/threads/{place.thread_id}?page=1",
        "/login",
        "/groups?q=x",
        "/healthz",
        "/nowhere",
    ):
        answer = client.get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex", path
        if 'name="viewport"' in answer.text:
            assert '<meta name="robots" content="noindex">' in answer.text, path
    for path in ("/", "/groups", "/help-now", "/guidelines", "/register"):
        answer = client.get(path)
        assert "X-Robots-Tag" not in answer.headers, path
        assert 'name="robots"' not in answer.text
    assert "User-agent: *" in client.get("/robots.txt").text
    assert thread_lists.threads_of(VISITOR, group, 1)


def test_a_bookmark_shows_when_its_post_was_written(app: Flask) -> None:
    group = factories.group()
    author = factories.join(factories.person(), group)
    place = factories.thread(author, group)
    before = clock.now()
    reader_state.set_bookmark(author, place.id, on=True)
    db.release_session()
    [row] = thread_lists.bookmarks(author, 5)
    assert row.created_at < before
