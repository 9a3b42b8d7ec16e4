"""What others have published must come out again, and the known wrong ways must not."""

from pathlib import Path

import duckdb
import pytest

from forum.activity.measures.definitions.dose.frequent_users import frequent_users
from forum.activity.measures.definitions.responsiveness.newcomers_answered import newcomers_answered
from forum.activity.measures.queries.post_shares import one_nine_ninety, shares
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.statistics.gini_coefficient import gini_coefficient
from forum.activity.measures.statistics.kaplan_meier import kaplan_meier
from forum.activity.measures.statistics.zipf import zipf_line
from forum.activity.measures.study_record import Record, Window
from tests.support.research.study_records import BEGIN, event, person, written

VAN_MIERLO = [4_668, 88_732, 276_034]
FREIREICH = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
FOUR_WEEKS = Window(BEGIN.date(), 28)


def percent(values: list[float]) -> list[float]:
    return [round(100 * value, 1) for value in values]


def test_van_mierlo_2014() -> None:
    assert percent(shares(VAN_MIERLO)) == [1.3, 24.0, 74.7]
    other_total = 578_349  # all posts that the paper names, others than members' among them
    assert percent([part / other_total for part in VAN_MIERLO]) != [1.3, 24.0, 74.7]


def test_smit_2022() -> None:
    assert percent(shares([177, 87, 30, 7])) == [58.8, 28.9, 10.0, 2.3]


def test_shares_of_nothing() -> None:
    assert shares([0, 0]) == [0, 0]


@pytest.mark.parametrize(
    ("counts", "plain", "corrected"),
    [([1, 1, 1, 1], 0, 0), ([0, 0, 0, 1], 0.75, 1), ([0, 0], None, None), ([3], 0, None)],
)
def test_gini(counts: list[int], plain: float | None, corrected: float | None) -> None:
    with duckdb.connect() as base:
        record, query = Record(base, FOUR_WEEKS), f"SELECT unnest({counts}) AS x"
        assert gini_coefficient(record, query) == plain
        assert gini_coefficient(record, query, corrected=True) == corrected


def test_zipf_of_a_perfect_law() -> None:
    with duckdb.connect() as base:
        record = Record(base, FOUR_WEEKS)
        line = zipf_line(record, "SELECT 5040.0 / rank AS x FROM range(1, 11) t(rank)")
        assert line
        assert line.slope == pytest.approx(-1)
        assert line.r2 == pytest.approx(1)
        assert zipf_line(record, "SELECT 0 AS x") is None


def test_kaplan_meier_on_freireich_1963() -> None:
    """Weeks of remission under 6-mercaptopurine, the example of every textbook; + was censored."""
    data = FREIREICH.split()
    rows = ", ".join(f"({row.rstrip('+')}, {not row.endswith('+')})" for row in data)
    with duckdb.connect() as base:
        record = Record(base, FOUR_WEEKS)
        curve = kaplan_meier(record, f"SELECT * FROM (VALUES {rows}) t(time, ended)")
    assert [step.time for step in curve] == [6, 7, 10, 13, 16, 22, 23]
    assert [step.at_risk for step in curve] == [21, 17, 15, 12, 11, 7, 6]
    survival = [round(step.survival, 3) for step in curve]
    assert survival == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_joyce_and_kraut_2006(tmp_path: Path) -> None:
    """61 % of 2,777 newcomers got a reply; their own replies to themselves are none."""
    newcomers, helper, answered = 2_777, 9_999, 1_694
    people = [person(key) for key in [*range(newcomers), helper]]
    events = [event("thread_started", helper, thread_id=0, post_id=1)]
    for key in range(newcomers):
        fields = {"thread_id": key + 1, "previous_author": key}
        events.append(event("thread_started", key, 1, thread_id=key + 1, post_id=10 * key + 10))
        events.append(event("reply_posted", key, 2, post_id=10 * key + 11, **fields))
        if key < answered:
            events.append(event("reply_posted", helper, 3, post_id=10 * key + 12, **fields))
    events.append(event("reply_posted", 1, 4, thread_id=0, post_id=2, previous_author=helper))
    with opened(written(tmp_path, people, events), FOUR_WEEKS) as record:
        rate = newcomers_answered(record)
        assert rate is not None
        assert rate == (answered + 1) / (newcomers + 1)  # the helper's own first was answered too
        assert round(100 * rate) == 61


def test_a_reply_that_comes_first_is_answered_only_by_one_addressed_to_it(tmp_path: Path) -> None:
    events = [
        event("thread_started", 1, 0, thread_id=1, post_id=1),
        event("reply_posted", 2, 1, thread_id=1, post_id=2, previous_author=1),
        event("reply_posted", 3, 2, thread_id=1, post_id=3, previous_author=1),
    ]
    with opened(written(tmp_path, map(person, (1, 2, 3)), events), FOUR_WEEKS) as record:
        assert newcomers_answered(record) == 1 / 3


def test_houstons_frequent_users_need_five_hours_in_one_fortnight(tmp_path: Path) -> None:
    half = 2.5 * 3600
    visits = {1: (1, 13), 2: (13, 15), 3: (15, 27), 4: (1, 15)}
    events = [
        event("session", key, day, seconds_low=half, seconds_high=half)
        for key, days in visits.items()
        for day in days
    ]
    with opened(written(tmp_path, map(person, visits), events), FOUR_WEEKS) as record:
        assert frequent_users(record) == 2


def test_one_nine_ninety_parts_people_by_their_number(tmp_path: Path) -> None:
    events = [
        event("thread_started", key, thread_id=key * 1000 + n, post_id=key * 1000 + n)
        for key in range(100)
        for n in range({0: 50}.get(key, 5 if key < 10 else 0) + (10 <= key < 15))
    ]
    with opened(written(tmp_path, map(person, range(100)), events), FOUR_WEEKS) as record:
        assert one_nine_ninety(record) == [0.05, 0.45, 0.5]
