"""A calendar as RFC 5545 wants it: rules, left-out dates, zones; no word of who meets."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from forum.core import clock
from forum.core.cooperative_yielding import in_turns
from forum.meetings.calendars import vtimezone
from forum.meetings.calendars.service import CalendarFeed
from forum.meetings.models import CANCELLED, Series
from forum.meetings.schedule import recurrence

UTC_ZONE = "UTC"
END = b"END:VCALENDAR\r\n"


def write_calendar(feed: CalendarFeed, *, site: str, address: str) -> bytes:
    """Return a feed as an .ics file; `address` is the forum's own, for links and ids."""
    name = f"{site}: {feed.group_name}" if feed.group_name else site
    calendar = Calendar()
    calendar.add("prodid", "-//Common Thread//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    host = address.rstrip("/").partition("://")[2]
    for zone, first in _zones_in_use(feed):
        calendar.subcomponents.insert(0, vtimezone.make_vtimezone(zone, first, clock.now()))
    top, end, _ = calendar.to_ical().partition(END)
    # Of hundreds of series each is written by itself, so others go on in between.
    events = (event.to_ical() for event in in_turns(_all_events(feed, address.rstrip("/"), host)))
    return b"".join((top, *events, end))


def _all_events(feed: CalendarFeed, address: str, host: str) -> Iterable[Event]:
    by_series: dict[int, list[Any]] = {one.id: [] for one in feed.series}
    for meeting in feed.meetings:
        by_series[meeting.series_id].append(meeting)
    for series in feed.series:
        yield from _events(series, by_series[series.id], address, host)


def _zones_in_use(feed: CalendarFeed) -> list[tuple[str, datetime]]:
    """Return the zones of a feed but UTC, which needs no words, and since when each is used."""
    begun = [(one.zone, recurrence.to_utc(one.starts_at, one.zone)) for one in feed.series]
    begun += [(one.zone, one.starts_at) for one in feed.meetings]
    first: dict[str, datetime] = {}
    for zone, at in begun:
        first[zone] = min(at, first.get(zone, at))
    return sorted((zone, at) for zone, at in first.items() if zone != UTC_ZONE)


def _events(series: Series, meetings: Sequence[Any], address: str, host: str) -> Iterable[Event]:
    """Yield the series as a whole, then what differs from it, then what came before its change."""
    uid = f"series-{series.id}@{host}"
    zone = ZoneInfo(series.zone)
    starts_at = series.starts_at.replace(tzinfo=zone)
    length = timedelta(minutes=series.minutes)
    whole = _event(uid, series, series.title, starts_at)
    _add_length(whole, starts_at, length, repeats=bool(series.rule))
    if series.rule:
        whole.add("rrule", vRecur.from_ical(series.rule))
    for left_out in series.left_out:
        whole.add("exdate", datetime.fromisoformat(left_out).replace(tzinfo=zone))
    # A meeting that is held once has no day beside it that could be left out.
    off = series.cancelled_at or (
        not series.rule and any(meeting.state == CANCELLED for meeting in meetings)
    )
    if off:
        whole.add("status", "CANCELLED")
    yield whole
    for meeting in meetings:
        start = recurrence.to_wall_clock(meeting.starts_at, series.zone).replace(tzinfo=zone)
        length = meeting.ends_at - meeting.starts_at
        if meeting.starts_at < recurrence.to_utc(series.starts_at, series.zone):
            alone = _event(f"meeting-{meeting.id}@{host}", series, meeting.title, start)
            _add_length(alone, start, length)
            alone.add("url", f"{address}/meetings/{meeting.id}")
            yield _with_state(alone, meeting)
        elif (
            meeting.state == CANCELLED
            and not off
            and (wall := _wall_clock_start_of(series, meeting))
        ):
            left = _event(uid, series, meeting.title, start)
            _add_length(left, start, length)
            left.add("recurrence-id", wall.replace(tzinfo=zone))
            yield _with_state(left, meeting)


def _wall_clock_start_of(series: Series, meeting: Any) -> datetime | None:
    """Return when the rule says that a meeting is, None if it does not.

    That differs from what clocks show then where they skip the hour.
    """
    for wall in recurrence.wall_clock_starts(series.starts_at, series.rule, series.left_out):
        at = recurrence.to_utc(wall, series.zone)
        if at >= meeting.starts_at:
            return wall if at == meeting.starts_at else None
    return None


def _event(uid: str, series: Series, title: str, start: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", clock.now())
    event.add("sequence", series.revision)
    event.add("summary", title)
    event.add("dtstart", start)
    return event


def _add_length(event: Event, start: datetime, length: timedelta, *, repeats: bool = False) -> None:
    """Say when an event is over, which clocks do not show as usual on the night they change.

    An hour that comes twice can be named in UTC alone. How long the first of a series takes on
    such a night must not count for the others.
    """
    end = (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    if repeats and end.replace(tzinfo=None) != start.replace(tzinfo=None) + length:
        event.add("duration", length)
    else:
        event.add("dtend", end.astimezone(UTC) if end.fold else end)


def _with_state(event: Event, meeting: Any) -> Event:
    if meeting.state == CANCELLED:
        event.add("status", "CANCELLED")
    return event
