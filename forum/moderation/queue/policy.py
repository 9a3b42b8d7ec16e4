"""Who sees an entry of the queue, how urgent it is, and how long a claim holds."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, literal, or_, select

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.core.db import UtcDateTime
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.queue.models import (
    CARE_MESSAGE,
    FLAGGED,
    HELD,
    JOIN_REQUEST,
    MEMBER,
    POST,
    PROFILE,
    REPORT,
    REWORDED,
    RISK,
    ROOM_MESSAGE,
    UNANSWERED,
    QueueEntry,
)

CRISIS, SOON, TODAY, CALM = range(4)
URGENCIES = {CRISIS: "Crisis", SOON: "Soon", TODAY: "Today", CALM: "When you can"}
KINDS = {
    REPORT: "Report",
    HELD: "Post held for a first look",
    RISK: "May be in danger",
    FLAGGED: "Watch word in a post",
    REWORDED: "Changed after its first look",
    UNANSWERED: "First post without an answer",
    JOIN_REQUEST: "Asks to join",
}
SUBJECTS = {
    POST: "a post",
    MEMBER: "a member",
    PROFILE: "a profile",
    ROOM_MESSAGE: "a message in a room",
    CARE_MESSAGE: "a care message",
}
HARM_SELF = "harm_self"
REASONS = {
    HARM_SELF: "Somebody may harm themselves",
    "harm_others": "Somebody may harm others",
    "unkind": "It is unkind",
    "spam": "It is advertising or spam",
    "privacy": "It gives away who somebody is",
    "other": "Something else",
}
REASON_URGENCY = {HARM_SELF: CRISIS, "harm_others": SOON, "privacy": SOON, "spam": CALM}
DISTRESSING = {HARM_SELF, "harm_others"}
OUTCOMES = {
    "acted": "Something was done about it",
    "spoken": "Somebody spoke with the person",
    "nothing": "Looked at; nothing needed doing",
}
# What the facts themselves have settled.
SETTLED = {
    "answered": "Somebody has answered",
    "approved": "Shown",
    "declined": "Not shown",
    "gone": "The post was hidden or taken back, or its author has left",
    "settled": "Accepted, declined or taken back",
}
CLAIM_HOLDS = timedelta(hours=1)
CRISIS_TARGET = timedelta(minutes=15)
_RISES = {
    UNANSWERED: (timedelta(hours=4), timedelta(hours=12)),
    HELD: (timedelta(hours=1),),
    JOIN_REQUEST: (timedelta(days=1), timedelta(days=3)),
}


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on QueueEntry, left-joined with Group: the person may see and handle it.

    Those who look after its group may, and administrators; what speaks of danger, and care
    messages, are for moderators alone. Nobody sees what is about themselves, so it always waits
    for another.
    """
    in_group = or_(
        groups.is_moderator(viewer_id),
        and_(
            QueueEntry.kind != RISK,
            QueueEntry.subject_kind != CARE_MESSAGE,
            groups.moderates(viewer_id),
        ),
    )
    return and_(
        or_(accounts.administers(viewer_id), and_(QueueEntry.group_id.is_not(None), in_group)),
        QueueEntry.about_id.is_distinct_from(viewer_id),
    )


def tends_anything(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: looks after the site or at least one group, and so has a queue."""
    some = select(Group.id).where(groups.moderates(viewer_id)).correlate_except(Group)
    return or_(accounts.administers(viewer_id), some.exists())


def urgency_at(now: datetime) -> ColumnElement[int]:
    """How urgent an entry is by now, 0 first: what waits rises with its age, short of crisis."""
    steps: ColumnElement[int] = literal(0)
    for kind, ages in _RISES.items():
        for age in ages:
            waited = QueueEntry.opened_at <= literal(now - age, UtcDateTime)
            steps = steps + case((and_(QueueEntry.kind == kind, waited), 1), else_=0)
    risen = QueueEntry.urgency - steps
    return case((QueueEntry.urgency == CRISIS, CRISIS), (risen < SOON, SOON), else_=risen)


def risen(kind: str, urgency: int, waited: timedelta) -> int:
    """The same for one entry that has waited so long."""
    steps = sum(waited >= age for age in _RISES.get(kind, ()))
    return urgency if urgency == CRISIS else max(SOON, urgency - steps)
