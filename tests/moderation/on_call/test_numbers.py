"""The numbers on top of the queue, and what everybody may know of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, insert

from forum.core import clock
from forum.core.db import UtcDateTime, transaction
from forum.moderation.models import AuditLogEntry
from forum.moderation.queue import service as queue
from forum.moderation.queue import stats as queue_stats
from forum.moderation.queue.views import span
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.models import Report
from forum.moderation.transparency import counting
from forum.moderation.transparency import queries as transparency
from tests.support.databases.query_counts import executed_statements
from tests.support.worlds.queue_world import QueueWorld


@pytest.fixture
def room(app: Flask) -> QueueWorld:
    return QueueWorld()


def test_the_numbers_on_top_are_those_of_ones_own_items(room: QueueWorld) -> None:
    room.report(reason="harm_self")
    item = room.reported()
    queue.claim(room["moderator"], item.id)
    seen = {}
    for name in ("moderator", "second", "elsewhere"):
        seen[name] = queue_stats.stats(room[name])
    assert (seen["moderator"].crisis, seen["moderator"].mine) == (1, 1)
    assert (seen["second"].crisis, seen["second"].mine) == (1, 0)
    assert (seen["elsewhere"].waiting, seen["elsewhere"].first_claim) == (0, None)
    assert seen["moderator"].first_claim is not None


def test_the_history_counts_each_day(room: QueueWorld) -> None:
    room.report()
    queue.resolve(room["moderator"], room.reported().id, outcome="acted")
    days = queue_stats.daily_history(room["moderator"])
    assert len(days) == 14
    assert (days[-1].day, days[-1].resolved) == (clock.now().date(), 2)  # and the answered thread
    assert days[-1].opened >= 1
    assert all(
        day.opened == day.resolved == 0 for day in queue_stats.daily_history(room["elsewhere"])
    )


@given(st.integers(0, 100_000))
def test_counts_are_rounded_to_protect_people(count: int) -> None:
    told = counting.rounded(count)
    if count <= 7:
        assert told is None
        assert transparency.in_words(told) == "7 or fewer"
    else:
        assert told is not None
        assert told % 5 == 0
        assert abs(told - count) <= 2
        assert transparency.in_words(told) == f"{told:,}"


@given(st.lists(st.integers(0, 10_000), max_size=40), st.sampled_from([0.5, 0.9]))
def test_so_many_lie_within_a_percentile(minutes: list[int], share: float) -> None:
    spans = [timedelta(minutes=one) for one in minutes]
    found = counting.percentile(Counter(minutes), share)
    if len(spans) < 8:
        assert found is None
    else:
        assert found is not None
        within = sum(one <= found for one in spans)
        assert within >= share * len(spans)
        assert sum(one < found for one in spans) < share * len(spans)


def test_a_year_is_counted_from_its_rows(room: QueueWorld, client: FlaskClient) -> None:
    at = datetime(2024, 5, 1, 12, tzinfo=UTC)
    with transaction() as session:
        for n in range(12):
            item = QueueItem(
                kind="report",
                target_kind="post",
                target_id=9_000 + n,
                group_id=room.group,
                urgency=2,
                reports=1,
                version=9_000 + n,
                opened_at=at,
                outcome="acted",
                first_claimed_at=at + timedelta(minutes=10 + n),
                resolved_at=at + timedelta(hours=3),
            )
            session.add(item)
            session.flush()
            session.add(
                Report(item_id=item.id, reason="spam" if n < 9 else "unkind", created_at=at)
            )
        session.add_all(
            AuditLogEntry(action=action, target_kind="person", target_id=room["author"].id, at=at)
            for action in ["hide"] * 13 + ["warn"] * 7 + ["note"] * 9
        )
    counts = transparency.counts_of(2024)
    actions = {str(words): count for words, count in counts.actions}
    reports = {str(words): count for words, count in counts.reports}
    assert (actions["A post was hidden"], actions["A warning was given"]) == (15, None)
    assert "A note was added" not in actions
    assert reports == {
        **dict.fromkeys(reports),
        "It's advertising or spam": 10,
    }
    times = next(row for row in counts.times if row.kind == "Report")
    assert times.count == 10
    assert times.claim_half == timedelta(minutes=15)
    assert times.claim_most == timedelta(minutes=20)
    assert times.resolve_most == timedelta(hours=3)
    page = client.get("/transparency?year=2024").text
    assert "in 2024" in page
    assert room.people["author"].handle not in page
    for wrong in ("1999", "x", "-1", "9" * 40):
        assert f"in {clock.now().year}" in client.get(f"/transparency?year={wrong}").text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "under a minute"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (179, "2 hours"),
        (47 * 60, "47 hours"),
        (48 * 60, "2 days"),
        (-5, "5 minutes"),
    ],
)
def test_durations_are_given_in_their_largest_unit(minutes: int, words: str) -> None:
    assert span(timedelta(minutes=minutes)) == words


def test_numbers_are_counted_by_the_database(room: QueueWorld) -> None:
    """The page reads no row for each item."""
    now = clock.now()
    with transaction() as session:
        session.execute(
            insert(QueueItem),
            [
                {
                    "kind": "report",
                    "target_kind": "post",
                    "target_id": 9_000 + n,
                    "urgency": 2,
                    "group_id": room.group,
                    "version": 9_000 + n,
                    "opened_at": now - timedelta(minutes=n),
                    "first_claimed_at": now - timedelta(minutes=n - 5),
                    "resolved_at": now - timedelta(minutes=n - 7),
                }
                for n in range(3_000)
            ],
        )
    taken, moments = UtcDateTime.process_result_value, []

    def count(kind: UtcDateTime, value: object, dialect: Dialect) -> datetime | None:
        moments.append(value)
        return taken(kind, value, dialect)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UtcDateTime, "process_result_value", count)
        numbers = queue_stats.stats(room["moderator"])
        days = queue_stats.daily_history(room["moderator"])
        transparency.counts_of(now.year)
    assert numbers.first_claim == timedelta(minutes=5)
    assert sum(day.resolved for day in days) >= 3_000 - 7
    assert len(moments) < 3 * queue_stats.CLAIMS_MOST


def test_figures_of_a_year_are_kept_for_ten_minutes(
    room: QueueWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = clock.now().year
    first = transparency.counts_of(year)
    with executed_statements() as words:
        assert transparency.counts_of(year) is first
    assert words == []
    assert transparency.counts_of(year - 1).year == year - 1
    monkeypatch.setattr(transparency, "CACHED_FOR_S", -1.0)
    old = transparency.counts_of(year - 2)
    assert transparency.counts_of(year - 2) is not old
