"""What somebody was told, what they have chosen about it, and what was sent to them."""

from sqlalchemy import select

from forum.accounts.models import VerifiedEmail
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.notifications.announcements.models import Announcement
from forum.notifications.devices.models import PushDevice
from forum.notifications.models import Notification
from forum.notifications.outbox.models import Delivery
from forum.notifications.preferences.models import (
    GroupWatch,
    NotificationChoice,
    NotificationSettings,
)
from forum.privacy.data_category import DataCategory, Rows


def _notifications(me: int) -> Rows:
    return (
        select(
            Notification.type,
            Notification.post_id,
            Notification.about_id,
            Notification.created_at,
            Notification.read_at,
        )
        .where(Notification.account_id == me)
        .order_by(Notification.id)
    )


def _choices(me: int) -> Rows:
    return select(
        NotificationChoice.choice, NotificationChoice.channel, NotificationChoice.frequency
    ).where(NotificationChoice.account_id == me)


def _settings(me: int) -> Rows:
    return select(
        NotificationSettings.zone,
        NotificationSettings.quiet_from,
        NotificationSettings.quiet_until,
        NotificationSettings.break_until,
        NotificationSettings.digest_day,
        NotificationSettings.digest_hour,
        NotificationSettings.shows_details,
    ).where(NotificationSettings.account_id == me)


def _watches(me: int) -> Rows:
    return (
        select(Group.slug.label("group"), GroupWatch.level)
        .join(Group, Group.id == GroupWatch.group_id)
        .where(GroupWatch.account_id == me)
        .order_by(GroupWatch.group_id)
    )


def _deliveries(me: int) -> Rows:
    return (
        select(
            Delivery.channel,
            Delivery.type,
            Delivery.state,
            Delivery.attempts,
            Delivery.created_at,
            Delivery.ended_at,
        )
        .where(Delivery.account_id == me)
        .order_by(Delivery.id)
    )


def _verified_email(me: int) -> Rows:
    return select(
        VerifiedEmail.email,
        VerifiedEmail.verified_at,
        VerifiedEmail.failures,
        VerifiedEmail.off_at,
        VerifiedEmail.off_reason,
    ).where(VerifiedEmail.account_id == me)


def _announcements(me: int) -> Rows:
    return (
        select(
            Announcement.id,
            Announcement.title,
            Announcement.body,
            Announcement.created_at,
            Announcement.taken_back_at,
        )
        .where(Announcement.by_id == me)
        .order_by(Announcement.id)
    )


def _push_devices(me: int) -> Rows:
    return (
        select(PushDevice.name, PushDevice.endpoint, PushDevice.created_at, PushDevice.sent_at)
        .where(PushDevice.account_id == me)
        .order_by(PushDevice.id)
    )


NOTIFICATION_DATA = (
    DataCategory(
        "announcements",
        lazy("What you announced to members"),
        ("announcements.by_id",),
        _announcements,
    ),
    DataCategory(
        "notifications", lazy("Your notifications"), ("notifications.account_id",), _notifications
    ),
    DataCategory(
        "notification_choices",
        lazy("How often you want to be told of what, and where"),
        ("notification_choices.account_id",),
        _choices,
    ),
    DataCategory(
        "notification_settings",
        lazy("Your quiet hours, your break and when your digest comes"),
        ("notification_settings.account_id",),
        _settings,
    ),
    DataCategory(
        "group_watches",
        lazy("Of what in your groups you want to be told"),
        ("group_watches.account_id",),
        _watches,
    ),
    DataCategory(
        "deliveries",
        lazy("What was sent to you outside the forum in the last 30 days, or is to be sent"),
        ("deliveries.account_id",),
        _deliveries,
    ),
    DataCategory(
        "verified_email",
        lazy("The email address you have confirmed"),
        ("verified_emails.account_id",),
        _verified_email,
    ),
    DataCategory(
        "push_devices",
        lazy("The devices that get your push messages"),
        ("push_devices.account_id",),
        _push_devices,
    ),
)
