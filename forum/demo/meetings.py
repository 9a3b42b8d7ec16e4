"""The demo community's meetings: coming ones planned as anybody plans, and some that are over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.core.db import transaction
from forum.groups.models import MEMBER, Group, Membership
from forum.meetings.models import OVER, Meeting
from forum.meetings.room.attendance import presence_time
from forum.meetings.room.models import Attendance
from forum.meetings.schedule import recurrence, schedule_form
from forum.meetings.schedule import service as scheduling

ZONE = "Europe/London"
PAST = timedelta(weeks=20)
EVERY = {
    "weekly": timedelta(weeks=1),
    "fortnightly": timedelta(weeks=2),
    "monthly": timedelta(weeks=4),
}
MAX_VISITS, MAX_TURNS, MAX_WORDS_A_TURN = 0.5, 4, 120
PLANS = (
    (
        "low-water",
        1,
        "19:30",
        "weekly",
        "Slack water",
        "An hour without a plan. Say how low the water is, or only listen.",
    ),
    (
        "night-ward",
        2,
        "20:00",
        "weekly",
        "Before the shift",
        "A quiet half hour to arrive, then whoever wants to, in turns.",
    ),
    (
        "steady-now",
        4,
        "19:00",
        "fortnightly",
        "Steady evening",
        "1. How the fortnight was\n2. One thing that helped\n3. Open floor",
    ),
    (
        "long-haul",
        6,
        "18:30",
        "monthly",
        "The long table",
        "Once a month for everybody, old and new. Listening is enough.",
    ),
)


def write(handle: str, now: datetime) -> None:
    """Plan meetings in three groups, each with another rhythm, and tell of those that were.

    `handle` is an administrator's.
    """
    by = accounts.viewer(accounts.account_id_of(handle) or 0)
    if by is None:
        raise ValueError(f"the demo community has no {handle}")
    with transaction() as session:
        for slug, days, hour, repeats, title, agenda in PLANS:
            group_id = session.scalar(select(Group.id).where(Group.slug == slug))
            if group_id is None:
                raise ValueError(f"the demo community has no group {slug}")
            day = recurrence.to_wall_clock(now + timedelta(days=days), ZONE).date()
            typed = {
                **schedule_form.DEFAULTS,
                "title": title,
                "agenda": agenda,
                "zone": ZONE,
                "starts_on": day.isoformat(),
                "starts_at": hour,
                "repeats": repeats,
            }
            plan = schedule_form.parse_form(typed)
            scheduling.schedule_series(by, group_id, typed)
            people = _people(session, group_id)
            for start in _past(plan.starts_at, EVERY[repeats]):
                at = recurrence.to_utc(start, ZONE)
                end = at + timedelta(minutes=plan.minutes)
                meeting = Meeting(
                    group_id=group_id,
                    title=title,
                    agenda=agenda,
                    zone=ZONE,
                    starts_at=at,
                    ends_at=end,
                    opened_at=at,
                    closed_at=end,
                    state=OVER,
                    **plan.settings,
                )
                session.add(meeting)
                session.flush()
                session.add_all(_attended(meeting, people, Random(f"{slug} {start}")))  # noqa: S311 - made up
                presence_time.conclude_attendance(session, meeting.id, group_id, end)


def _past(next_start: datetime, every: timedelta) -> Iterator[datetime]:
    """Yield when the meetings of the past months began, the first of them first."""
    for back in range(PAST // every, 0, -1):
        yield next_start - back * every


def _people(session: Session, group_id: int) -> list[Membership]:
    found = select(Membership).where(Membership.group_id == group_id)
    return list(session.scalars(found.order_by(Membership.account_id)))


def _attended(meeting: Meeting, people: list[Membership], chance: Random) -> Iterator[Attendance]:
    """Yield who came: some nearly always, some never, and the group's moderators."""
    for person in people:
        habit = MAX_VISITS * Random(f"habit {person.account_id}").random() ** 2  # noqa: S311 - made up
        moderates = person.role != MEMBER
        if person.joined_at < meeting.starts_at and (moderates or chance.random() < habit):
            came = meeting.starts_at + timedelta(minutes=chance.triangular(0, 20, 2))
            went = meeting.ends_at - timedelta(minutes=chance.triangular(0, 25, 1))
            turns = chance.randint(0, MAX_TURNS)
            words = turns * chance.randint(10, MAX_WORDS_A_TURN)
            yield Attendance(
                meeting_id=meeting.id,
                account_id=person.account_id,
                facilitated=moderates,
                joined_at=came,
                seen_at=went,
                left_at=went,
                speaking_turns=turns,
                message_count=turns,
                word_count=words,
                present_ms=max(0, (went - came) // timedelta(milliseconds=1)),
            )
