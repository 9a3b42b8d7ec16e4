"""The order of joined conversations, and what readers have read of them: for any posts at all."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from forum.threads.reader.read_ranges import RANGES_MAX, Position
from forum.threads.restructuring.merge_order import CarriedPositions, merge_by_time

MOMENTS = st.integers(0, 20).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))
ONE, OTHER = 1, 2


@given(st.lists(MOMENTS, max_size=12), st.lists(MOMENTS, max_size=12))
def test_each_thread_keeps_its_order_and_time_decides_between_them(
    ones: list[datetime], others: list[datetime]
) -> None:
    one = [(100 + n, at) for n, at in enumerate(ones)]
    other = [(200 + n, at) for n, at in enumerate(others)]
    merged = merge_by_time(one, other)
    assert sorted(merged) == sorted(post for post, _ in one + other)
    assert [post for post in merged if post < 200] == [post for post, _ in one]
    assert [post for post in merged if post >= 200] == [post for post, _ in other]
    if ones == sorted(ones) and others == sorted(others):
        at = dict(one + other)
        assert [at[post] for post in merged] == sorted(at.values())


def test_at_the_same_moment_the_first_thread_comes_first() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert merge_by_time([(1, at)], [(2, at)]) == [1, 2]
    assert merge_by_time([(2, at)], [(1, at)]) == [2, 1]


POSITIONS = st.builds(
    lambda number, more: Position(number).read(*((first, first + n) for first, n in more)),
    st.integers(0, 20),
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 5)), max_size=4),
)


@given(st.lists(st.sampled_from([ONE, OTHER]), min_size=1, max_size=20), POSITIONS, POSITIONS)
def test_exactly_the_read_posts_are_read_after_a_merge(
    origins: list[int], read_one: Position, read_other: Position
) -> None:
    counted = {ONE: 0, OTHER: 0}
    laid = []
    for place, origin in enumerate(origins, start=1):
        counted[origin] += 1
        laid.append(((origin, counted[origin]), place))
    before = {ONE: read_one, OTHER: read_other}
    now = CarriedPositions(laid).read(before)
    assert {place for _, place in laid if now.has(place)} == {
        place for was, place in laid if before[was[0]].has(was[1])
    }


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=12))
def test_a_position_knows_what_was_read_however_it_was_read(parts: list[tuple[int, int]]) -> None:
    ranges = [(first, first + more) for first, more in parts]
    position = Position().read(*ranges)
    read = {number for first, last in ranges for number in range(first, last + 1)}
    assert {number for number in range(1, 80) if position.has(number)} == read
    assert position == Position().read(*reversed(ranges)) == Position().read(*position.all())
    assert all(position.covers(*one) for one in ranges)
    assert not position.covers(1, 80)


def test_who_has_no_read_position_has_read_nothing() -> None:
    two = CarriedPositions([((ONE, 1), 1), ((OTHER, 1), 2)])
    assert two.read({ONE: Position(1)}) == Position(1)
    assert two.read({OTHER: Position(1)}) == Position(0, ((2, 2),))
    assert two.read({}) == CarriedPositions([]).read({}) == Position()


def test_of_very_many_ranges_the_longest_are_kept() -> None:
    short = [(3 * n, 3 * n) for n in range(1, RANGES_MAX + 2)]
    position = Position().read((1_000, 1_100), *short)
    assert len(position.ranges) == RANGES_MAX
    assert position.has(1_050)
