"""What the demo community's participants have read, and when they came: months of it at once.

Rows go to the record as from the forum itself, asked for by the consent that permits each.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from forum.accounts import queries as accounts
from forum.accounts.models import Account
from forum.activity import record_writer
from forum.activity.models import ActivityEvent
from forum.core.db import current_session, transaction
from forum.demo.study import SLUG, SURE, dice
from forum.groups.models import Membership
from forum.research import service
from forum.research.consent import consent_checks
from forum.research.models import Consent, Participant, Study, StudyGroup
from forum.threads.models import Thread

VISITS_A_WEEK = 1.6
READ_AT_ONCE_MOST = 4
READ_USUAL_S, READ_MOST_S = 240, 1800  # a thread, seconds
STAYING, DAYS_OF_OTHERS = 0.6, 35
LEAVING = 0.5  # of people who stop coming; the others take part in the study all the same

_WEEK, SILENCE = timedelta(weeks=1), timedelta(minutes=31)


@dataclass(frozen=True)
class _Participant:
    """A participant: since when, how often they come, until when, and where."""

    account_id: int
    since: datetime
    until: datetime
    visits_a_week: float
    groups: tuple[int, ...]


def fill(now: datetime) -> None:
    """Record visits and reading from everybody's consent on; in the end some leave the study."""
    threads = _threads()
    with transaction():
        takers = list(_participants(now))
        for taker in takers:
            record_writer.append_events(
                list(_rows(taker, threads, dice(f"visits/{taker.account_id}")))
            )
        chance = dice("leaving")
        for taker in takers:
            if taker.until < now and chance.random() < LEAVING:
                _leave(taker)


def _leave(taker: _Participant) -> None:
    """Withdraw an hour after the last that is recorded of somebody."""
    latest = (
        select(func.max(ActivityEvent.at))
        .join(Participant, Participant.key == ActivityEvent.participant)
        .where(Participant.account_id == taker.account_id)
    )
    viewer, last = accounts.viewer(taker.account_id), current_session().scalar(latest)
    if viewer and last:
        service.withdraw(viewer, SLUG, erase=False, at=last + timedelta(hours=1))


def _participants(now: datetime) -> Iterator[_Participant]:
    found = current_session().execute(
        select(Account.id, Account.handle, Consent.given_at, StudyGroup.group_id)
        .join(Participant, Participant.account_id == Account.id)
        .join(Consent, Consent.participant == Participant.key)
        .join(Study, Study.id == Participant.study_id)
        .join(StudyGroup, StudyGroup.study_id == Study.id)
        .join(
            Membership,
            (Membership.group_id == StudyGroup.group_id) & (Membership.account_id == Account.id),
        )
        .where(Study.slug == SLUG, Consent.ended_at.is_(None))
        .order_by(Account.handle, StudyGroup.group_id)
    )
    groups = defaultdict[tuple[int, str, datetime], list[int]](list)
    for row in found:
        groups[row.id, row.handle, row.given_at].append(row.group_id)
    for (account_id, handle, since), places in groups.items():
        chance = dice(f"habits/{handle}")
        stays = chance.random() < STAYING or handle == SURE
        days = 400 if stays else 2 + chance.expovariate(1 / DAYS_OF_OTHERS)
        until = min(now, since + timedelta(days=days))
        visits = VISITS_A_WEEK * chance.lognormvariate(0, 0.8)
        yield _Participant(account_id, since, until, visits, tuple(places))


def _threads() -> dict[int, list[tuple[datetime, int]]]:
    """Return when each thread of each group began, with its id, in order."""
    found = defaultdict[int, list[tuple[datetime, int]]](list)
    began = select(Thread.group_id, Thread.created_at, Thread.id).order_by(Thread.created_at)
    for row in current_session().execute(began):
        found[row.group_id].append((row.created_at, row.id))
    return found


def _rows(
    taker: _Participant, threads: dict[int, list[tuple[datetime, int]]], chance: Random
) -> Iterator[dict[str, Any]]:
    permitted = {
        group_id: consent_checks.permits_for([taker.account_id], group_id, taker.since)[
            taker.account_id
        ]
        for group_id in taker.groups
    }
    at = taker.since
    while (at := _next(at, taker, chance)) < taker.until:
        group_id = chance.choice(taker.groups)
        (permit,) = permitted[group_id]
        key = permit.participant, permit.consent_id
        if chance.random() < 0.3:
            yield record_writer.event_row("signed_in", at, *key)
        there = [thread for began, thread in threads[group_id] if began < at]
        began, read = at, 0.0
        for place in chance.sample(there, min(len(there), chance.randint(1, READ_AT_ONCE_MOST))):
            at += timedelta(minutes=chance.uniform(0, 2))
            most = min(READ_MOST_S, 20 + chance.expovariate(1 / READ_USUAL_S))
            yield record_writer.event_row(
                "thread_read",
                at,
                *key,
                group_id=group_id,
                thread_id=place,
                seconds_low=round(most * 0.8),
                seconds_high=round(most),
                posts_seen=chance.randint(1, 20),
            )
            at += timedelta(seconds=most)
            read += most
        stayed = (at - began).total_seconds()
        yield record_writer.event_row(
            "session", began, *key, seconds_low=round(read), seconds_high=stayed
        )


def _next(at: datetime, taker: _Participant, chance: Random) -> datetime:
    """Return when somebody comes again, after the visit is over; mostly in the evening."""
    day = at + chance.expovariate(taker.visits_a_week) * _WEEK
    hour = chance.triangular(6, 28, 21)
    return max(at + SILENCE, day.replace(hour=0, minute=0, second=0) + timedelta(hours=hour))
