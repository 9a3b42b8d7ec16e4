"""Numbers of the outbox, for the operator."""

from datetime import timedelta

from sqlalchemy import func, select

from forum.accounts.email_delivery import switched_off_emails
from forum.core import clock
from forum.core.db import current_session
from forum.notifications.devices import queries as devices
from forum.notifications.notification_choices import EMAIL, PUSH
from forum.notifications.outbox.models import (
    DROPPED,
    FAILED,
    GATHERED,
    SENDING,
    SENT,
    WAITING,
    Delivery,
)

LATELY = timedelta(hours=24)


def of_mail() -> list[tuple[str, int]]:
    """Return what to say of emails, a line and its number each."""
    return [*_of(EMAIL), *switched_off_emails.counts()]


def of_push() -> list[tuple[str, int]]:
    """Return what to say of push messages, a line and its number each."""
    return [*_of(PUSH), *devices.counts()]


def _of(channel: str) -> list[tuple[str, int]]:
    open_ = Delivery.ended_at.is_(None) & Delivery.state.in_((WAITING, SENDING))
    lately = Delivery.ended_at > clock.now() - LATELY
    together = [
        ("told together in one email, in the last 24 hours", lately & (Delivery.state == GATHERED))
    ]
    counts = (
        ("waiting to be sent", open_),
        ("of these, tried before", open_ & (Delivery.attempts > 0)),
        ("sent in the last 24 hours", lately & (Delivery.state == SENT)),
        *(together if channel == EMAIL else ()),
        ("given up in the last 24 hours", lately & (Delivery.state == FAILED)),
        ("no longer wanted or allowed, in the last 24 hours", lately & (Delivery.state == DROPPED)),
    )
    session = current_session()
    of_channel = select(func.count()).where(Delivery.channel == channel)
    return [(label, session.scalar(of_channel.where(which)) or 0) for label, which in counts]
