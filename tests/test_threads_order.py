"""The order of joined conversations, and how far readers have read then: for any posts at all."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from forum.threads.order import Carried, Spot, by_time

MOMENTS = st.integers(0, 20).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))
ONE, OTHER = 1, 2


@given(st.lists(MOMENTS, max_size=12), st.lists(MOMENTS, max_size=12))
def test_each_conversation_keeps_its_order_and_time_decides_between_them(
    ones: list[datetime], others: list[datetime]
) -> None:
    one = [(100 + n, at) for n, at in enumerate(ones)]
    other = [(200 + n, at) for n, at in enumerate(others)]
    merged = by_time(one, other)
    assert sorted(merged) == sorted(post for post, _ in one + other)
    assert [post for post in merged if post < 200] == [post for post, _ in one]
    assert [post for post in merged if post >= 200] == [post for post, _ in other]
    if ones == sorted(ones) and others == sorted(others):
        at = dict(one + other)
        assert [at[post] for post in merged] == sorted(at.values())


def test_at_the_same_moment_the_first_conversation_comes_first() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert by_time([(1, at)], [(2, at)]) == [1, 2]
    assert by_time([(2, at)], [(1, at)]) == [2, 1]


@given(
    st.lists(st.sampled_from([ONE, OTHER]), min_size=1, max_size=20),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_nothing_unread_is_ever_taken_for_read_and_no_more_is_unread_than_must(
    origins: list[int], read_one: int, read_other: int
) -> None:
    counted = {ONE: 0, OTHER: 0}
    laid = []
    for place, origin in enumerate(origins, start=1):
        counted[origin] += 1
        laid.append((Spot(origin, counted[origin]), place))
    marks = {ONE: read_one, OTHER: read_other}
    read = Carried(laid).read_up_to(marks)
    unread = [now for was, now in laid if was.number > marks[was.thread_id]]
    assert all(now > read for now in unread)
    assert read == (min(unread) - 1 if unread else len(laid))


def test_who_has_no_mark_has_read_nothing() -> None:
    assert Carried([(Spot(ONE, 1), 1), (Spot(OTHER, 1), 2)]).read_up_to({ONE: 1}) == 1
    assert Carried([]).read_up_to({}) == 0
