"""Who sees an item of the queue, how urgent it is, and how long a claim holds."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, literal, or_, select

from forum.accounts import policy as accounts
from forum.accounts.policy import ViewerId
from forum.core.db import UtcDateTime
from forum.core.translation import lazy, lazy_pgettext
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.queue_items.models import (
    CARE_MESSAGE,
    CONTACT_REQUEST,
    CRISIS_ALERT,
    EDITED_SINCE,
    JOIN_REQUEST,
    MANY_HIDDEN,
    MEMBER,
    PENDING_POST,
    POST,
    PRIVATE_MESSAGE,
    PROFILE,
    REPORT,
    ROOM_MESSAGE,
    UNANSWERED,
    WATCHED_WORD,
    QueueItem,
)

CRISIS, SOON, TODAY, LOW = range(4)
URGENCIES = {
    CRISIS: lazy("Crisis"),
    SOON: lazy_pgettext("urgency", "Soon"),
    TODAY: lazy_pgettext("urgency", "Today"),
    LOW: lazy("When you can"),
}
KINDS = {
    REPORT: lazy_pgettext("noun", "Report"),
    PENDING_POST: lazy("Waiting for approval"),
    CRISIS_ALERT: lazy("May be in danger"),
    CONTACT_REQUEST: lazy("Asks for contact"),
    WATCHED_WORD: lazy("Watched word in a post"),
    EDITED_SINCE: lazy("Changed after approval"),
    UNANSWERED: lazy("No reply yet to a new member"),
    JOIN_REQUEST: lazy("Request to join"),
    MANY_HIDDEN: lazy("Many posts hidden after reports"),
}
TARGETS = {
    POST: lazy("A post"),
    MEMBER: lazy("A member"),
    PROFILE: lazy("A profile"),
    ROOM_MESSAGE: lazy("A message in a room"),
    CARE_MESSAGE: lazy("A care message"),
    PRIVATE_MESSAGE: lazy("A private message"),
}
OUTCOMES = {
    "acted": lazy("Action taken"),
    "spoken": lazy("A moderator spoke with the person"),
    "nothing": lazy("No action needed"),
}
# What the facts themselves have settled.
AUTOMATIC_OUTCOMES = {
    "answered": lazy("Someone replied"),
    "approved": lazy("Approved"),
    "declined": lazy("Declined"),
    "gone": lazy("The post was hidden or deleted, or its author has left"),
    "settled": lazy("Accepted, declined or withdrawn"),
}
CLAIM_HOLDS = timedelta(hours=1)
CRISIS_TARGET = timedelta(minutes=15)
_RISES_AFTER = {
    UNANSWERED: (timedelta(hours=4), timedelta(hours=12)),
    PENDING_POST: (timedelta(hours=1),),
    JOIN_REQUEST: (timedelta(days=1), timedelta(days=3)),
}


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on QueueItem, left-joined with Group: the person may see and handle it.

    The group's moderators may, and administrators; what speaks of danger, care messages and
    private messages are for moderators alone. Nobody sees what is about themselves, so it always
    waits for another.
    """
    in_group = or_(
        groups.is_moderator(viewer_id),
        and_(
            QueueItem.kind != CRISIS_ALERT,
            QueueItem.target_kind != CARE_MESSAGE,
            QueueItem.target_kind != PRIVATE_MESSAGE,
            groups.moderates(viewer_id),
        ),
    )
    return and_(
        or_(accounts.administers(viewer_id), and_(QueueItem.group_id.is_not(None), in_group)),
        QueueItem.about_id.is_distinct_from(viewer_id),
    )


def moderates_anything(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: moderates the site or at least one group, and so has a queue."""
    some = select(Group.id).where(groups.moderates(viewer_id)).correlate_except(Group)
    return or_(accounts.administers(viewer_id), some.exists())


def urgency_at(now: datetime) -> ColumnElement[int]:
    """How urgent an item is by now, 0 first: what waits rises with its age, short of crisis."""
    steps: ColumnElement[int] = literal(0)
    for kind, ages in _RISES_AFTER.items():
        for age in ages:
            waited = QueueItem.opened_at <= literal(now - age, UtcDateTime)
            steps = steps + case((and_(QueueItem.kind == kind, waited), 1), else_=0)
    urgency_after = QueueItem.urgency - steps
    return case(
        (QueueItem.urgency == CRISIS, CRISIS), (urgency_after < SOON, SOON), else_=urgency_after
    )


def urgency_after(kind: str, urgency: int, waited: timedelta) -> int:
    """The same for one item that has waited so long."""
    steps = sum(waited >= age for age in _RISES_AFTER.get(kind, ()))
    return urgency if urgency == CRISIS else max(SOON, urgency - steps)
