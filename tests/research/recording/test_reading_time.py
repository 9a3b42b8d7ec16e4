"""Reading time in the record: bounded by the clock, of participants alone, whatever is said."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.accounts.policy import VISITOR
from forum.core.background import periodic
from forum.core.background.jobs import runner
from forum.core.errors import Invalid, LoginNeeded, NotFound
from forum.research import queries, service
from forum.research.recording import reading
from forum.research.recording.reading import ReadingReport
from forum.research.recording.reading_bounds import LATE
from forum.research.studies import planning
from tests.support import factories
from tests.support.research import study_world
from tests.support.research.reading_world import MovedClock, moved_clock, reader  # noqa: F401 - a fixture
from tests.support.suite.thoroughness import examples

HUNDRED_HOURS = 360_000.0


def test_a_page_that_is_read_has_one_row_that_grows(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    page = ash.open()
    assert ash.seconds() == [(None, None)]
    for passed in (10, 25):
        hands.forward(passed)
        ash.tell(page, passed, passed - 2, posts=str(ash.place.id))
    (row,) = ash.rows("thread_read")
    assert (row["seconds_low"], row["seconds_high"], row["posts_seen"]) == (23.0, 25.0, 1)
    assert (row["at"], row["group_id"]) == (page.served_at, ash.room.group_id)


def test_lost_doubled_and_reordered_words_do_no_harm(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    page = ash.open()
    for passed, high in ((30, 30), (15, 45), (0, 45), (1, 30), (1, 10)):
        hands.forward(passed)
        ash.tell(page, high)
    assert ash.seconds() == [(45.0, 45.0)]
    hands.forward(60)
    ash.tell(page, 100)  # of what was lost, the next word tells what may be since the last
    assert ash.seconds() == [(100.0, 100.0)]


def test_a_browser_that_claims_a_hundred_hours_gets_what_has_passed(
    app: Flask, hands: MovedClock
) -> None:
    ash = reader(hands)
    page = ash.open()
    hands.forward(12.5)
    ash.tell(page, HUNDRED_HOURS)
    assert ash.seconds() == [(12.5, 12.5)]
    hands.forward(100)
    ash.tell(page, 12.5)
    hands.forward(7)
    ash.tell(page, HUNDRED_HOURS)
    late = LATE.total_seconds()
    assert ash.seconds() == [(12.5 + 7 + late, 12.5 + 7 + late)]  # the hundred silent ones are gone


def test_two_tabs_at_once_share_the_time_that_passes(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    one = ash.open()
    other = ash.open()
    hands.forward(20)
    ash.tell(one, 20)
    ash.tell(other, 20)
    assert sorted(ash.seconds()) == [(0.0, 0.0), (20.0, 20.0)]
    assert ash.seconds("session") == [(20.0, 20.0)]


def test_two_tabs_in_turn_lose_nothing(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    one, other = ash.open(), ash.open()
    for turn in range(1, 4):
        hands.forward(10)
        ash.tell(one, turn * 10)
        hands.forward(5)
        ash.tell(other, turn * 5)
    assert sorted(ash.seconds()) == [(15.0, 15.0), (30.0, 30.0)]


def test_a_last_word_that_took_long_to_arrive_costs_the_next_page_nothing(
    app: Flask, hands: MovedClock
) -> None:
    ash = reader(hands)
    left, following = ash.open(), ash.open()
    hands.forward(21)
    ash.tell(left, 20)
    hands.forward(9)
    ash.tell(following, 10)
    assert sorted(ash.seconds()) == [(10.0, 10.0), (20.0, 20.0)]


def test_a_clock_that_is_set_back_costs_little_and_gives_nothing(
    app: Flask, hands: MovedClock
) -> None:
    ash = reader(hands)
    hands.forward(2 * 3600)
    page = ash.open()
    hands.forward(30)
    ash.tell(page, 30)
    hands.forward(-3600)
    ash.tell(page, 40)
    assert ash.seconds() == [(30.0, 30.0)]
    again = ash.open()
    hands.forward(15)
    ash.tell(again, 15)
    assert sorted(ash.seconds()) == [(15.0, 15.0), (30.0, 30.0)]
    assert all(low >= 0 for low, _ in ash.seconds("session") if low is not None)


def test_half_an_hour_of_silence_ends_a_visit(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    page = ash.open()
    hands.forward(60)
    ash.tell(page, 60, 50)
    hands.forward(29 * 60)
    ash.open()
    hands.forward(31 * 60)
    ash.open()
    assert ash.seconds("session") == [(30 * 60, 30 * 60), (0.0, 0.0)]
    assert ash.rows("session")[0]["at"] == page.served_at


def test_nothing_is_measured_of_anybody_else(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    room, thread_id = ash.room, ash.place.thread_id
    elsewhere = factories.thread(ash.me, room.other_id)
    contact_only = room.member()
    room.agree(contact_only, "contact")
    for account_id, group_id, where in (
        (room.member().id, room.group_id, thread_id),
        (contact_only.id, room.group_id, thread_id),
        (ash.me.id, room.other_id, elsewhere.thread_id),
    ):
        assert reading.open_page(account_id or 0, group_id, where) is None
    assert {row["kind"] for row in room.rows()} == {"consent_given"}


def test_after_a_withdrawal_or_the_end_of_a_study_a_page_tells_nothing(
    app: Flask, hands: MovedClock
) -> None:
    ash = reader(hands)
    wren = reader(hands, ash.room)
    pages = ash.open(), wren.open()
    hands.forward(10)
    service.withdraw(ash.me, ash.room.slug, erase=False)
    before = ash.room.rows()
    ash.tell(pages[0], 10)
    assert ash.room.rows() == before
    hands.forward(1)
    ash.room.agree(ash.me)
    hands.forward(10)
    ash.tell(pages[0], 20)  # served before this consent
    planning.close_study(ash.room.study_id)
    wren.tell(pages[1], 20)
    assert ash.seconds() == wren.seconds() == [(None, None)]


def test_a_withdrawal_while_words_wait_to_be_written(
    app: Flask, hands: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ash = reader(hands)
    page = ash.open()
    monkeypatch.setattr(periodic, "soon", lambda *_: None)
    hands.forward(10)
    ash.tell(page, 10)
    ash.open()
    service.withdraw(ash.me, ash.room.slug, erase=True)
    reading.write_pending()
    runner.run()
    assert ash.room.rows() == []


def test_each_study_has_rows_of_its_own(app: Flask, hands: MovedClock) -> None:
    ash = reader(hands)
    beside = study_world.study("beside")
    planning.create_study(
        "third",
        title="Third",
        about="It.",
        run_by="Us",
        ethics="Board",
        contact="Desk",
        document="Words.",
        group_ids=[ash.room.group_id, beside.group_id],
    )
    third = queries.study_at("third").id
    planning.open_study(third)
    service.give_consent(ash.me, "third", version=1, clauses=["record", "past"])
    hands.forward(1)
    page = ash.open()
    hands.forward(8)
    ash.tell(page, 8)
    reads = [row for row in ash.room.rows() if row["kind"] == "thread_read"]
    assert [row["seconds_high"] for row in reads] == [8.0, 8.0]
    assert len({row["participant"] for row in reads}) == len({row["id"] for row in reads}) == 2


@pytest.mark.parametrize(
    ("low_ms", "high_ms", "posts"),
    [
        (-1, 5, ""),
        (5, -1, ""),
        (6, 5, ""),
        (0, 2**31, ""),
        (0, 5, "x"),
        (0, 5, "1,,2"),
        (0, 5, "-1"),
        (0, 5, "999999"),
        (0, 5, "99999999999999999999"),
        (0, 5, "0"),
        (0, 5, "1," * 300 + "1"),
    ],
)
def test_what_nobody_can_have_read_is_refused(
    app: Flask, hands: MovedClock, low_ms: int, high_ms: int, posts: str
) -> None:
    ash = reader(hands)
    page = ash.open()
    hands.forward(10)
    with pytest.raises(Invalid):
        reading.report_reading(ash.me, page, ReadingReport(low_ms, high_ms, posts))
    assert ash.seconds() == [(None, None)]


def test_posts_of_other_threads_and_pages_of_other_people_are_refused(
    app: Flask, hands: MovedClock
) -> None:
    ash = reader(hands)
    page = ash.open()
    other = factories.thread(ash.me, ash.room.group_id)
    with pytest.raises(Invalid):
        ash.tell(page, 1, posts=f"{ash.place.id},{other.id}")
    with pytest.raises(NotFound):
        reading.report_reading(ash.room.member(), page, ReadingReport(1, 1, ""))
    with pytest.raises(LoginNeeded):
        reading.report_reading(VISITOR, page, ReadingReport(1, 1, ""))
    assert ash.seconds() == [(None, None)]


SAID = st.lists(
    st.tuples(
        st.sampled_from(["open", "tell", "wait"]),
        st.integers(0, 3),
        st.floats(-700, 4000, allow_nan=False),
    ),
    min_size=4,
    max_size=25,
)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=SAID)
def test_no_more_is_counted_than_has_passed_and_bounds_keep_their_order(
    app: Flask, hands: MovedClock, said: list[tuple[str, int, float]]
) -> None:
    hands.at += timedelta(days=1)
    ash = reader(hands, study_world.study(f"study-{factories.group()}"))
    hands.forward(2 * 3600)
    pages, passed = [ash.open()], 0.0
    for what, which, number in said:
        if what == "open":
            pages.append(ash.open())
        elif what == "tell":
            high = abs(number)
            ash.tell(pages[which % len(pages)], high, high / (which + 1))
        else:
            hands.forward(number / 20)
            passed += max(0.0, number / 20)
    rows = [(low or 0.0, high or 0.0) for low, high in ash.seconds()]
    assert sum(high for _, high in rows) <= passed + 1e-6
    assert all(0 <= low <= high for low, high in [*rows, *ash.seconds("session")])  # type: ignore[operator]
    assert len(rows) == len(pages)
