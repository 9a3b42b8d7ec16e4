"""A calendar as RFC 5545 wants it: rules, left-out dates, zones; no word of who meets."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from forum.core import clock
from forum.meetings import recurrence
from forum.meetings.calendars import Feed
from forum.meetings.models import CANCELLED, Meeting, Series


def written(feed: Feed, *, site: str, address: str) -> bytes:
    """Return a feed as an .ics file; `address` is the forum's own, for links and ids."""
    name = f"{site}: {feed.group_name}" if feed.group_name else site
    calendar = Calendar()
    calendar.add("prodid", "-//Common Thread//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    host = address.rstrip("/").partition("://")[2]
    by_series: dict[int, list[Meeting]] = {one.id: [] for one in feed.series}
    for meeting in feed.meetings:
        by_series[meeting.series_id or 0].append(meeting)
    for series in feed.series:
        for event in _events(series, by_series[series.id], address.rstrip("/"), host):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    file: bytes = calendar.to_ical()
    return file


def _events(series: Series, meetings: list[Meeting], address: str, host: str) -> Iterable[Event]:
    """Yield the series as a whole, then what differs from it, then what came before its change."""
    uid = f"series-{series.id}@{host}"
    zone = ZoneInfo(series.zone)
    starts_at = series.starts_at.replace(tzinfo=zone)
    length = timedelta(minutes=series.minutes)
    whole = _event(uid, series, series.title, starts_at, starts_at + length)
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
        start = recurrence.wall(meeting.starts_at, series.zone).replace(tzinfo=zone)
        end = start + (meeting.ends_at - meeting.starts_at)
        if meeting.starts_at < recurrence.moment(series.starts_at, series.zone):
            alone = _event(f"meeting-{meeting.id}@{host}", series, meeting.title, start, end)
            alone.add("url", f"{address}/meetings/{meeting.id}")
            yield _with_state(alone, meeting)
        elif meeting.state == CANCELLED and not off and _is_in(series, start):
            left = _event(uid, series, meeting.title, start, end)
            left.add("recurrence-id", start)
            yield _with_state(left, meeting)


def _is_in(series: Series, start: datetime) -> bool:
    wall = start.replace(tzinfo=None)
    for one in recurrence.walls(series.starts_at, series.rule, series.left_out):
        if one >= wall:
            return one == wall
    return False


def _event(uid: str, series: Series, title: str, start: datetime, end: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", clock.now())
    event.add("sequence", series.revision)
    event.add("summary", title)
    event.add("dtstart", start)
    event.add("dtend", end)
    return event


def _with_state(event: Event, meeting: Meeting) -> Event:
    if meeting.state == CANCELLED:
        event.add("status", "CANCELLED")
    return event
