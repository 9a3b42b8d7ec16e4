"""What somebody has read of a thread, against the plainest account of it: a set of numbers."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.policy import Viewer
from forum.core import db
from forum.core.errors import Invalid, NotFound
from forum.threads import queries, service
from forum.threads.lists import thread_lists
from forum.threads.posts.post_creation import PostRef
from forum.threads.reader import first_unread, reader_state
from forum.threads.reader.read_ranges import RANGES_MAX, Position, parse_ranges
from tests.support import factories
from tests.support.suite.thoroughness import examples
from tests.support.worlds.thread_people import group, opening, owl, robin, wren

__all__ = ["group", "opening", "owl", "robin", "wren"]

LAST = 40
RANGE = st.tuples(st.integers(1, LAST), st.integers(0, 9)).map(lambda one: (one[0], sum(one)))
READINGS = st.lists(st.lists(RANGE, min_size=1, max_size=4), max_size=6)


def numbers(*ranges: tuple[int, int]) -> set[int]:
    return {number for first, last in ranges for number in range(first, last + 1)}


@given(READINGS)
def test_a_position_is_what_was_read_in_whatever_order(
    readings: list[list[tuple[int, int]]],
) -> None:
    position, read = Position(), set[int]()
    for ranges in readings:
        position, read = position.read(*ranges), read | numbers(*ranges)
        assert numbers(*position.all()) == read
    assert position == Position().read(*(one for some in readings for one in reversed(some)))
    ends = [position.number, *(edge for some in position.ranges for edge in some)]
    assert ends == sorted(ends)
    assert all(first > end + 1 for end, first in zip(ends[::2], ends[1::2], strict=False))
    for number in range(1, LAST + 12):
        assert position.has(number) == (number in read)
        assert position.covers(number, number + 3) == (numbers((number, number + 3)) <= read)


@given(st.lists(RANGE, min_size=1, max_size=RANGES_MAX))
def test_what_a_page_says_is_understood(ranges: list[tuple[int, int]]) -> None:
    written = ",".join(f"{first}-{last}" for first, last in ranges)
    assert parse_ranges(written) == tuple(ranges)


@pytest.mark.parametrize(
    "written", ["", "1", "0-3", "5-4", "1-2-3", "1-x", "+1-2", "\u0663-4", "1-2,"]
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a range"):
        parse_ranges(written)


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(readings=READINGS)
def test_the_database_counts_what_was_not_read(
    opening: PostRef, wren: Viewer, robin: Viewer, group: int, readings: list[list[tuple[int, int]]]
) -> None:
    place = factories.thread(wren, group)
    for _ in range(9):
        service.post_reply(wren, place.thread_id, body="And on")
    read: set[int] = set()
    for ranges in readings:
        posts = ",".join(f"{first}-{last}" for first, last in ranges)
        reader_state.mark_posts_read(robin, place.thread_id, posts, 0)
        reader_state.write_positions()
        read |= numbers(*ranges)
        db.release_session()
        rows = thread_lists.threads_of(robin, group, 1)
        left = set(range(1, 11)) - read
        assert {row.id: row.unread for row in rows}[place.thread_id] == len(left)
        first = first_unread.first_unread_post(robin, place.thread_id)
        assert (first and first.number) == min(left, default=None)


def test_reading_counts_only_what_one_may_know_of(
    opening: PostRef, wren: Viewer, robin: Viewer, group: int
) -> None:
    reader_state.mark_posts_read(wren, opening.thread_id, "1-99")
    service.post_reply(robin, opening.thread_id, body="Later")
    db.release_session()
    reader_state.write_positions()
    [row] = thread_lists.threads_of(wren, group, 1)
    assert row.unread == 1
    with pytest.raises(Invalid):
        reader_state.mark_posts_read(wren, opening.thread_id, "all")
    with pytest.raises(NotFound):
        reader_state.mark_posts_read(wren, 99_999, "1-1")


def test_waiting_reads_are_forgotten_after_renumbering(
    opening: PostRef, wren: Viewer, robin: Viewer, group: int
) -> None:
    reader_state.mark_posts_read(robin, opening.thread_id, "1-1", reload_version=-1)
    reader_state.write_positions()
    [row] = thread_lists.threads_of(robin, group, 1)
    assert row.unread == 1


def test_a_thread_is_marked_as_read_up_to_what_was_known(
    opening: PostRef, wren: Viewer, robin: Viewer, client: FlaskClient, group: int
) -> None:
    for _ in range(3):
        service.post_reply(wren, opening.thread_id, body="And on")
    client.application.config["WTF_CSRF_ENABLED"] = False
    factories.log_in(client, robin)
    answer = client.post(f"/threads/{opening.thread_id}/read", data={"last": "3"})
    assert (answer.status_code, answer.location) == (303, f"/threads/{opening.thread_id}")
    db.release_session()
    [row] = thread_lists.threads_of(robin, group, 1)
    assert row.unread == 1
    client.post(f"/threads/{opening.thread_id}/read")
    db.release_session()
    [row] = thread_lists.threads_of(robin, group, 1)
    assert row.unread == 0
    assert queries.thread_for(robin, opening.thread_id).read_number == 4
    answer = client.post(
        f"/threads/{opening.thread_id}/read",
        data={"posts": "x"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
