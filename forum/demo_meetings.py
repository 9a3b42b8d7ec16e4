"""The demo community's meetings: coming ones planned as anybody plans, and some that are over."""

from datetime import datetime, timedelta

from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.core.db import transaction
from forum.groups.models import Group
from forum.meetings import plans, recurrence, scheduling
from forum.meetings.models import OVER, Meeting

ZONE = "Europe/London"
PAST_WEEKS = 3
PLANS = (
    ("night-ward", 2, "20:00", "weekly", "Before the shift",
     "A quiet half hour to arrive, then whoever wants to, in turns."),
    ("steady-now", 4, "19:00", "fortnightly", "Steady evening",
     "1. How the fortnight was\n2. One thing that helped\n3. Open floor"),
    ("long-haul", 6, "18:30", "monthly", "The long table",
     "Once a month for everybody, old and new. Listening is enough."),
)  # fmt: skip


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
            day = recurrence.wall(now + timedelta(days=days), ZONE).date()
            typed = {
                **plans.DEFAULTS, "title": title, "agenda": agenda, "zone": ZONE,
                "starts_on": day.isoformat(), "starts_at": hour, "repeats": repeats,
            }  # fmt: skip
            plan = plans.cleaned(typed)
            scheduling.schedule(by, group_id, typed)
            for weeks in range(1, PAST_WEEKS + 1):
                at = recurrence.moment(plan.starts_at - timedelta(weeks=4 * weeks), ZONE)
                end = at + timedelta(minutes=plan.minutes)
                session.add(Meeting(
                    group_id=group_id, title=title, agenda=agenda, zone=ZONE, starts_at=at,
                    ends_at=end, opened_at=at, closed_at=end, state=OVER, **plan.settings,
                ))  # fmt: skip
