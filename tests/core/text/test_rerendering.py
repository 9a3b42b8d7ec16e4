"""HTML that an older renderer has made: never shown again, and replaced in small steps."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core import db, text
from forum.core.db import transaction
from forum.core.text import rerendering
from forum.core.text.rerendering import Rerendering
from forum.meetings.room.models import RoomMessage
from forum.threads import queries
from forum.threads.models import Post
from forum.threads.posts import fragments
from tests.support import factories
from tests.support.worlds.meeting_room import Meeting

OLD = "<p>as it was</p>"


def make_old(model: type[Post] | type[RoomMessage]) -> None:
    """Let all that is stored be by an older renderer."""
    with transaction() as session:
        session.execute(update(model).values(html=OLD, renderer=1))
    db.release_session()


def stored(model: type[Post] | type[RoomMessage]) -> list[tuple[str, int, int]]:
    """Return the HTML, renderer and version of all that is stored."""
    db.release_session()
    rows = db.current_session().execute(
        select(model.html, model.renderer, model.version).order_by(model.id)
    )
    return [(html, renderer, version) for html, renderer, version in rows]


def render_now(_post_id: int, body: str) -> str:
    return text.render(body, mentions=True)


def test_posts_are_shown_and_stored_as_they_are_rendered_today(app: Flask) -> None:
    group = factories.group()
    wren, robin = (factories.join(factories.person(name), group) for name in ("wren", "robin"))
    thread = factories.thread(wren, group, body="Came home late.It rained, @robin").thread_id
    gone = factories.post(wren, thread, body="[1]: https://example.org").id
    before = stored(Post)
    make_old(Post)
    fragments.init(app)

    shown = fragments.fragments_of(queries.posts_between(wren, thread, 1, 9))
    assert all(OLD not in html for html in shown.values())
    assert f"/members/@{robin.handle}" in min(shown.items())[1]
    assert "[1]: " in shown[gone]

    posts = Rerendering(Post, render_now)
    while posts.step():
        db.release_session()
    assert stored(Post) == before


def test_a_step_is_small_and_the_next_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    group = factories.group()
    wren = factories.join(factories.person(), group)
    thread = factories.thread(wren, group).thread_id
    for _ in range(4):
        factories.post(wren, thread)
    make_old(Post)
    monkeypatch.setattr(rerendering, "BUDGET_S", 0)
    posts = Rerendering(Post, render_now)
    for done in range(1, 6):
        assert posts.step()
        assert [row[1] for row in stored(Post)].count(text.RENDERER_VERSION) == done
    assert not posts.step()


def test_what_is_changed_meanwhile_is_left_alone(app: Flask) -> None:
    group = factories.group()
    wren = factories.join(factories.person(), group)
    factories.thread(wren, group, body="First words")
    make_old(Post)

    def render_and_lose(post_id: int, body: str) -> str:
        with transaction() as session:
            new = {"html": "<p>New</p>", "renderer": text.RENDERER_VERSION, "version": 9}
            session.execute(update(Post).where(Post.id == post_id).values(**new))
        return render_now(post_id, body)

    Rerendering(Post, render_and_lose).step()
    assert stored(Post) == [("<p>New</p>", text.RENDERER_VERSION, 9)]


def test_messages_in_a_room_are_too(app: Flask) -> None:
    room = Meeting.made().opened()
    room.say(room.members[0], "Went out.To the sea")
    before = stored(RoomMessage)
    make_old(RoomMessage)
    messages = Rerendering(RoomMessage, lambda _id, body: text.render(body))
    while messages.step():
        db.release_session()
    assert stored(RoomMessage) == before
