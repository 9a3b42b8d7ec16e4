"""What calendar programs make of a feed where clocks change: by the zone's name, or by the file."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil import tz
from flask import Flask
from icalendar import Calendar

from forum.core import clock, cooperative_yielding
from forum.meetings.calendars import ics, vtimezone
from forum.meetings.calendars.service import CalendarFeed
from forum.meetings.models import CANCELLED, SCHEDULED, Meeting, Series
from forum.meetings.schedule import recurrence

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
# What the clocks skip: a zone, the first meeting of a weekly series, and the one without an hour.
SKIPPED = [
    ("Europe/Berlin", "2027-03-14T02:30", "2027-03-28T02:30"),
    ("America/Santiago", "2027-08-22T00:15", "2027-09-05T00:15"),
    ("Europe/Lisbon", "2027-03-14T01:45", "2027-03-28T01:45"),
    ("Australia/Sydney", "2027-09-19T02:30", "2027-10-03T02:30"),
    ("America/New_York", "2027-02-28T02:00", "2027-03-14T02:00"),
    ("Australia/Lord_Howe", "2027-09-19T02:10", "2027-10-03T02:10"),
]


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def zone_of(text: str, zone: str) -> tzinfo:
    """Return a zone as dateutil reads it from a calendar, from the calendar alone."""
    found = tz.tzical(io.StringIO(text)).get(zone)
    assert found is not None
    return found


def feed(zone: str, first: str, cancelled: str | None) -> bytes:
    """Return the feed of a weekly series, one of whose meetings was cancelled."""
    starts_at = datetime.fromisoformat(first)
    series = Series(
        id=1,
        title="Sleepless",
        starts_at=starts_at,
        minutes=60,
        zone=zone,
        rule="FREQ=WEEKLY",
        left_out=[],
        revision=0,
    )
    meetings = [
        Meeting(
            id=number,
            series_id=1,
            title="Sleepless",
            starts_at=at,
            zone=zone,
            ends_at=at + timedelta(hours=1),
            state=CANCELLED if wall.isoformat(timespec="minutes") == cancelled else SCHEDULED,
        )
        for number, wall in enumerate((starts_at + timedelta(weeks=n) for n in range(6)), start=1)
        for at in (recurrence.to_utc(wall, zone),)
    ]
    return ics.write_calendar(
        CalendarFeed(None, [series], meetings), site="Forum", address="https://example.org"
    )


@pytest.mark.parametrize(("zone", "first", "skipped"), SKIPPED)
def test_a_meeting_at_an_hour_that_is_skipped_can_be_cancelled(
    zone: str, first: str, skipped: str
) -> None:
    file = feed(zone, first, skipped)
    day = datetime.fromisoformat(skipped).date()
    events = recurring_ical_events.of(Calendar.from_ical(file)).between(
        day - timedelta(days=8), day + timedelta(days=15)
    )
    held = {event.start.date() for event in events if event.get("STATUS") != "CANCELLED"}
    assert held == {day - timedelta(days=7), day + timedelta(days=7), day + timedelta(days=14)}
    # A program that compares wall times alone finds the exception, too.
    wall = datetime.fromisoformat(skipped).strftime("%Y%m%dT%H%M%S")
    assert f"RECURRENCE-ID;TZID={zone}:{wall}".encode() in file


def test_the_others_are_where_the_clocks_show_them() -> None:
    file = feed("Europe/Berlin", "2027-03-14T19:00", None)
    known = zone_of(file.decode(), "Europe/Berlin")
    begin = datetime(2027, 3, 14, 19)  # noqa: DTZ001
    for week in range(40):
        wall = begin + timedelta(weeks=week)
        meant = recurrence.to_utc(wall, "Europe/Berlin")
        assert wall.replace(tzinfo=known).astimezone(UTC) == meant


def parts(zone: str) -> Iterator[dict[str, str]]:
    """Yield the observances of a zone's VTIMEZONE, with their properties as they are written."""
    for part in vtimezone.make_vtimezone(zone, NOW, NOW).subcomponents:
        yield dict(line.split(":", 1) for line in part.to_ical().decode().split())


def test_yearly_rules_in_the_words_of_the_standard() -> None:
    assert list(parts("Europe/Berlin"))[1:] == [
        {
            "BEGIN": "DAYLIGHT",
            "END": "DAYLIGHT",
            "DTSTART": "20250330T020000",
            "RRULE": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
            "TZNAME": "CEST",
            "TZOFFSETFROM": "+0100",
            "TZOFFSETTO": "+0200",
        },
        {
            "BEGIN": "STANDARD",
            "END": "STANDARD",
            "DTSTART": "20251026T030000",
            "RRULE": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            "TZNAME": "CET",
            "TZOFFSETFROM": "+0200",
            "TZOFFSETTO": "+0100",
        },
    ]
    rules = {
        zone: [facts["RRULE"] for facts in list(parts(zone))[1:]]
        for zone in ("America/New_York", "Asia/Jerusalem", "Asia/Tokyo")
    }
    assert rules == {
        "America/New_York": ["FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"],
        "Asia/Jerusalem": [
            "FREQ=YEARLY;BYDAY=FR;BYMONTHDAY=23,24,25,26,27,28,29;BYMONTH=3",
            "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        ],
        "Asia/Tokyo": [],
    }
    assert not any("RDATE" in facts for facts in parts("Africa/Casablanca"))


@pytest.mark.parametrize(
    "zone",
    [
        "Africa/Casablanca",
        "Africa/Cairo",
        "America/Nuuk",
        "America/Santiago",
        "Asia/Gaza",
        "Asia/Tokyo",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Europe/Moscow",
        "Pacific/Chatham",
    ],
)
def test_who_goes_by_the_file_alone_has_the_right_evening_every_day(zone: str) -> None:
    calendar = Calendar()
    calendar.add_component(vtimezone.make_vtimezone(zone, datetime(2024, 5, 1, tzinfo=UTC), NOW))
    known, real = zone_of(calendar.to_ical().decode(), zone), ZoneInfo(zone)
    evening = datetime(2024, 5, 1, 20)  # noqa: DTZ001 - what clocks on a wall show
    wrong = [
        day
        for day in (evening + timedelta(days=n) for n in range(365 * 5))
        if day.replace(tzinfo=known).utcoffset() != day.replace(tzinfo=real).utcoffset()
    ]
    assert wrong == []


def test_a_feed_names_each_zone_once_and_never_utc(app: Flask) -> None:
    file = feed("UTC", "2027-03-14T19:00", None)
    assert b"VTIMEZONE" not in file
    assert feed("Europe/Paris", "2027-03-14T19:00", None).count(b"BEGIN:VTIMEZONE") == 1


def test_others_go_on_while_a_long_calendar_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []
    monkeypatch.setattr(cooperative_yielding, "STRETCH_S", 0.0)
    monkeypatch.setattr(cooperative_yielding, "give_way", lambda: turns.append(1))
    series = [
        Series(
            id=number,
            title="Sleepless",
            starts_at=datetime.fromisoformat("2026-01-05T19:00"),
            minutes=60,
            zone="UTC",
            rule="FREQ=WEEKLY",
            left_out=[],
            revision=0,
        )
        for number in range(1, 31)
    ]
    written = ics.write_calendar(
        CalendarFeed(None, series, []), site="Forum", address="https://example.org"
    )
    assert written.count(b"BEGIN:VEVENT") == len(turns) == 30
    assert written.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")


@pytest.mark.parametrize(
    ("zone", "start", "minutes"),
    [
        ("Europe/Berlin", "2027-03-28T01:30", 120),
        ("Europe/Berlin", "2027-03-28T02:30", 60),
        ("Europe/Berlin", "2027-10-31T02:30", 60),
        ("Europe/Berlin", "2027-10-31T01:30", 120),
        ("Australia/Sydney", "2027-10-03T01:45", 90),
        ("Australia/Sydney", "2027-04-04T02:30", 60),
        ("Australia/Lord_Howe", "2027-10-03T01:45", 60),
        ("America/St_Johns", "2027-03-14T01:00", 240),
        ("Asia/Kolkata", "2027-03-28T02:30", 60),
        ("Europe/Berlin", "2027-06-01T19:00", 90),
    ],
)
@pytest.mark.parametrize("rule", ["", "FREQ=WEEKLY"])
def test_a_meeting_in_the_night_of_the_change_takes_as_long_as_it_is_planned(
    zone: str, start: str, minutes: int, rule: str
) -> None:
    series = Series(
        id=1,
        title="Sleepless",
        starts_at=datetime.fromisoformat(start),
        minutes=minutes,
        zone=zone,
        rule=rule,
        left_out=[],
        revision=0,
    )
    written = ics.write_calendar(
        CalendarFeed(None, [series], []), site="Forum", address="https://example.org"
    )
    event: Any = Calendar.from_ical(written).walk("VEVENT")[0]
    begin = event["DTSTART"].dt.astimezone(UTC)
    assert begin == recurrence.to_utc(series.starts_at, zone)
    ends = event["DTEND"].dt.astimezone(UTC) - begin if "DTEND" in event else event["DURATION"].dt
    assert ends == timedelta(minutes=minutes)
