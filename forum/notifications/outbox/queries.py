"""What is asked again before something is sent: may its reader be told, and do they want it.

The rule is that of the list of notifications: a line that does not show there is not sent.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, exists, or_, select

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.preferences import content_note_preferences
from forum.core.db import current_session
from forum.groups import policy as groups
from forum.groups.models import HIDDEN, Group
from forum.notifications import policy, shown_moments
from forum.notifications.channels.channel import Channel
from forum.notifications.models import Notification
from forum.notifications.preferences import policy as preferences
from forum.notifications.preferences.models import ZONE, NotificationSettings
from forum.notifications.registry import NotificationType, find, named
from forum.notifications.shown_moments import ShownMoments
from forum.threads.models import Post, Thread


@dataclass(frozen=True)
class Recipient:
    """Somebody who is about to be sent something: in which language, and how their nights are."""

    language: str
    zone: str
    quiet_from: int | None
    quiet_until: int | None
    on_break: bool


@dataclass(frozen=True)
class Told:
    """What a notification is about that is still to be told.

    `group` and `content_note` are "" where the reader wants no details, or may be sent none.
    """

    notification_id: int
    about_id: int | None
    group: str
    content_note: str
    created_at: datetime
    moments: ShownMoments | None


def recipient(account_id: int, channel: Channel) -> Recipient | None:
    """Return whom something is for; None when they are suspended or gone, or cannot be reached."""
    row = (
        current_session()
        .execute(
            select(
                Account.language,
                NotificationSettings.zone,
                NotificationSettings.quiet_from,
                NotificationSettings.quiet_until,
                preferences.is_on_break(Account.id).label("on_break"),
            )
            .outerjoin(NotificationSettings, NotificationSettings.account_id == Account.id)
            .where(
                Account.id == account_id,
                accounts.is_active(Account.id),
                channel.reaches(Account.id),
            )
        )
        .one_or_none()
    )
    if row is None:
        return None
    return Recipient(**{**row._asdict(), "zone": row.zone or ZONE, "on_break": bool(row.on_break)})


def told(
    account_id: int, notification_id: int, one: NotificationType, channel: Channel
) -> Told | None:
    """Return what a notification is about; None when it is no longer to be told on this channel.

    It was read or withdrawn, its reader may not know of it any longer, or has chosen otherwise.
    """
    asked = {"notification": notification_id, "me": account_id}
    row = current_session().execute(_told(one.name, channel.name), asked).one_or_none()
    if row is None:
        return None
    shows = row.shows_details and row.visibility != HIDDEN
    out_of_sight = content_note_preferences.is_hidden(
        row.content_note, row.note_choices, must_see=row.moderates
    )
    return Told(
        moments=shown_moments.of(row),
        notification_id=notification_id,
        about_id=row.about_id,
        group=row.group if shows and row.group else "",
        content_note=row.content_note if shows and row.content_note and not out_of_sight else "",
        created_at=row.created_at,
    )


def deadline(notification_id: int | None, type_: str) -> datetime | None:
    """Return by when a notification has to be told to be of use; None if that does not matter."""
    one = find(type_)
    if notification_id is None or one is None or one.deadline is None:
        return None
    found = select(one.deadline(Notification.about_id)).where(Notification.id == notification_id)
    at: datetime | None = current_session().scalar(found)
    return at


@cache
def _told(name: str, channel: str) -> Select[Any]:
    one, me = named(name), Notification.account_id
    any_post = (
        exists()
        .where(policy.shows(Notification), Thread.id == Post.thread_id, Group.id == Thread.group_id)
        .correlate(Notification, policy.Named)
    )
    its_post = policy.Named
    still = []
    if one.watched is not None:
        still.append(one.watched(me, Thread.group_id))
    if one.timely is not None:
        still.append(one.timely(me, Notification.about_id))
    return (
        select(
            Notification.about_id,
            Notification.created_at,
            *shown_moments.columns_of(one, Notification.about_id, me),
            NotificationSettings.shows_details,
            its_post.content_note,
            Group.name.label("group"),
            Group.visibility,
            content_note_preferences.LINES.label("note_choices"),
            case((Group.id.is_not(None), groups.moderates(me)), else_=False).label("moderates"),
        )
        .outerjoin(its_post, its_post.id == Notification.post_id)
        .outerjoin(Thread, Thread.id == its_post.thread_id)
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(NotificationSettings, NotificationSettings.account_id == me)
        .where(
            Notification.id == bindparam("notification", type_=Integer),
            me == bindparam("me", type_=Integer),
            Notification.type == name,
            Notification.read_at.is_(None),
            or_(
                and_(Notification.post_id.is_not(None), any_post),
                policy.about_visible(Notification.type, me, Notification.about_id),
            ),
            preferences.wants_at_once(me, one.choice, channel),
            *still,
        )
    )
