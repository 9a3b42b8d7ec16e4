"""A date in a long thread leads to the first post of that day, in the reader's own zone."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from forum.core.db import transaction
from forum.threads import service
from forum.threads.models import Post
from forum.threads.posts.post_creation import PostRef
from tests.support import factories

FIRST = datetime(2026, 3, 1, 22, tzinfo=UTC)
POSTS = 45  # one every 16 hours


@pytest.fixture
def place(app: Flask) -> tuple[FlaskClient, PostRef]:
    """Return a reader's browser, and the opening of a thread over a month."""
    group = factories.group()
    wren = factories.join(factories.person("wren"), group)
    opening = factories.thread(wren, group)
    for number in range(2, POSTS + 1):
        factories.post(wren, opening.thread_id, body=f"Post {number}")
    with transaction() as session:
        for number in range(1, POSTS + 1):
            at = FIRST + timedelta(hours=16 * (number - 1))
            session.execute(
                update(Post)
                .where(Post.thread_id == opening.thread_id, Post.number == number)
                .values(created_at=at)
            )
    client = app.test_client()
    factories.log_in(client, wren)
    return client, opening


def number_at(client: FlaskClient, opening: PostRef, day: str, zone: str = "UTC") -> int | None:
    """Return to which post a date leads."""
    answer = client.get(f"/threads/{opening.thread_id}/on?date={day}&zone={zone}")
    assert answer.status_code == 302, answer.text
    if "post=" not in answer.location:
        return None
    post_id = int(answer.location.rpartition("#post-")[2])
    assert f'id="post-{post_id}"' in client.get(answer.location).text, "the page has the post"
    with transaction() as session:
        return session.scalar(select(Post.number).where(Post.id == post_id))


def test_a_date_leads_to_its_first_post(place: tuple[FlaskClient, PostRef]) -> None:
    client, opening = place
    assert number_at(client, opening, "2020-01-01") == 1
    assert number_at(client, opening, "2026-03-01") == 1
    assert number_at(client, opening, "2026-03-02") == 2  # at 14:00
    assert (
        number_at(client, opening, "2026-03-02", "Asia/Tokyo") == 1
    )  # 22:00 there is the next day
    assert number_at(client, opening, "2026-03-20") == 29
    assert number_at(client, opening, "2026-03-20", "Nowhere/Here") == 29


def test_after_the_last_post_it_leads_to_the_last_page(
    place: tuple[FlaskClient, PostRef],
) -> None:
    client, opening = place
    answer = client.get(f"/threads/{opening.thread_id}/on?date=2031-01-01")
    assert answer.location == f"/threads/{opening.thread_id}?page=3"


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "0001-01-01", "99999-01-01", "1" * 300])
def test_what_is_no_date_is_refused_in_words(place: tuple[FlaskClient, PostRef], day: str) -> None:
    client, opening = place
    answer = client.get(f"/threads/{opening.thread_id}/on?date={day}")
    assert answer.status_code == 422
    assert "Enter a date such as 2026-03-14." in answer.text


def test_a_hidden_post_is_passed_over(place: tuple[FlaskClient, PostRef], app: Flask) -> None:
    _client, opening = place
    with transaction() as session:
        second = session.scalar(
            select(Post.id).where(Post.thread_id == opening.thread_id, Post.number == 2)
        )
    moderator = factories.join(factories.person("heron"), 1, role="facilitator")
    assert second
    service.hide_post(moderator, second)
    reader = app.test_client()
    factories.log_in(reader, factories.join(factories.person("robin"), 1))
    assert number_at(reader, opening, "2026-03-02") == 3


def test_only_long_threads_offer_it(place: tuple[FlaskClient, PostRef]) -> None:
    client, opening = place
    assert 'name="date"' in client.get(f"/threads/{opening.thread_id}").text
    short = factories.thread(factories.join(factories.person("robin"), 1), 1)
    assert 'name="date"' not in client.get(f"/threads/{short.thread_id}").text
