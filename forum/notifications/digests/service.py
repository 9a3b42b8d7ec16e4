"""Writing down whose digest is due, and putting one into words when it is sent."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Select, func, literal, not_, select

from forum.accounts import policy as accounts
from forum.accounts import queries as people
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import current_session, release_session
from forum.core.translation import _, ngettext
from forum.notifications.channels import registry as channels
from forum.notifications.channels.channel import Channel, Message
from forum.notifications.digests import queries, queue_summary
from forum.notifications.notification_choices import (
    DAILY,
    DIGEST,
    DIGESTS,
    EMAIL,
    NEVER,
    QUEUE_SUMMARIES,
    WEEKLY,
)
from forum.notifications.outbox import contents
from forum.notifications.outbox import service as outbox
from forum.notifications.preferences import policy
from forum.notifications.preferences import queries as preferences
from forum.notifications.preferences.models import DIGEST_HOUR, ZONE, NotificationSettings
from forum.notifications.preferences.queries import Chosen, Settings
from forum.notifications.registry import names_by_choice

TYPE, KEY = "digest", "digest:"
DAYS_A_WEEK = 7
log = structlog.get_logger()
DUE_FOR_H = 6  # after its hour; a server that stood still for longer lets the day pass
_ZONE = func.coalesce(NotificationSettings.zone, ZONE)
_HOUR = func.coalesce(NotificationSettings.digest_hour, DIGEST_HOUR)


def enqueue_due() -> None:
    """Write down the digests whose hour has come where their readers are; once for each day there.

    A day that a clock repeats, or a second leader, finds the row that is there.
    """
    now = clock.now()
    for channel in channels.available():
        places = _readers(channel).with_only_columns(_ZONE, _HOUR).distinct()
        for zone, hour in current_session().execute(places).all():
            try:
                _enqueue_at(channel, zone, hour, now)
            except Exception as problem:
                log.error("no_digests", zone=zone, problem=type(problem).__name__)
                release_session()


def _enqueue_at(channel: Channel, zone: str, hour: int, now: datetime) -> None:
    there = now.astimezone(ZoneInfo(zone))
    if hour <= there.hour < hour + DUE_FOR_H:
        _enqueue(channel, zone, hour, there.date())


def _readers(channel: Channel) -> Select[Any]:
    return (
        select(Account.id)
        .outerjoin(NotificationSettings, NotificationSettings.account_id == Account.id)
        .where(
            accounts.is_active(Account.id),
            channel.reaches(Account.id),
            not_(policy.is_on_break(Account.id)),
        )
    )


def _enqueue(channel: Channel, zone: str, hour: int, day: date) -> None:
    rows = _readers(channel).where(literal(zone) == _ZONE, literal(hour) == _HOUR)
    outbox.enqueue(
        rows,
        channel=channel.name,
        event_key=f"{KEY}{day.isoformat()}",
        type_=TYPE,
        urgency=DIGEST,
    )


def _compose(account_id: int, event_key: str, channel: Channel) -> Message | None:
    """Return a digest; None where there is nothing to say, or it is not wanted."""
    viewer = people.viewer(account_id)
    if viewer is None:
        return None
    chosen = preferences.chosen_by(viewer)
    settings = preferences.settings_of(viewer)
    day = date.fromisoformat(event_key.removeprefix(KEY))
    is_weekly = day.weekday() == settings.digest_day
    news, address = _summary(viewer, channel, chosen, settings, day)
    of_queue = chosen[QUEUE_SUMMARIES.name, channel.name]
    is_due = of_queue == DAILY or (of_queue == WEEKLY and is_weekly)
    tasks = queue_summary.paragraphs(viewer) if is_due else []
    if not news and not tasks:
        return None
    return Message(
        subject=contents.neutral_subject(),
        paragraphs=(*news, *tasks),
        address=address if news else queue_summary.ADDRESS,
        link=_("See what's new"),
        choice=DIGESTS if news else QUEUE_SUMMARIES,
    )


def _summary(
    viewer: Viewer, channel: Channel, chosen: Chosen, settings: Settings, day: date
) -> tuple[list[str], str]:
    """Return what a digest says of notifications and groups, and where that is."""
    summaries = chosen[DIGESTS.name, channel.name]
    if channel.name == EMAIL and summaries == NEVER:  # as the link in each mail sets it
        return [], ""
    is_weekly = day.weekday() == settings.digest_day
    # From the hour of the one before, by the clock where they are.
    due = datetime.combine(day, time(settings.digest_hour), ZoneInfo(settings.zone))
    daily_since, weekly_since = (
        (due - timedelta(days=days)).astimezone(UTC) for days in (1, DAYS_A_WEEK)
    )
    counted = {
        often: [
            name
            for choice, names in names_by_choice().items()
            if chosen[choice.name, channel.name] == often
            for name in names
        ]
        for often in (DAILY, WEEKLY)
    }
    waiting = queries.count_waiting(viewer, counted[DAILY], daily_since)
    if is_weekly:
        waiting += queries.count_waiting(viewer, counted[WEEKLY], weekly_since)
    threads = unanswered = 0
    if summaries == DAILY or (summaries == WEEKLY and is_weekly):
        since = daily_since if summaries == DAILY else weekly_since
        threads, unanswered = queries.count_new(viewer, since)
    return _paragraphs(waiting, threads, unanswered), "/notifications" if waiting else "/"


def _paragraphs(waiting: int, threads: int, unanswered: int) -> list[str]:
    told = []
    if waiting:
        told.append(
            ngettext(
                "%(count)s notification is waiting for you.",
                "%(count)s notifications are waiting for you.",
                waiting,
            )
        )
    if threads:
        told.append(
            ngettext(
                "There are new posts in %(count)s thread of your groups.",
                "There are new posts in %(count)s threads of your groups.",
                threads,
            )
        )
    if unanswered:
        told.append(
            ngettext(
                "%(count)s person is waiting for a first reply. A few kind words are enough.",
                "%(count)s people are waiting for a first reply. A few kind words are enough.",
                unanswered,
            )
        )
    return told


CONTENT = contents.Content(type=TYPE, choice=DIGESTS, compose=_compose)
