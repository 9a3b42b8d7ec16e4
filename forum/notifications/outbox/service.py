"""The verbs of the outbox: writing down what is to be sent, and forgetting it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Select,
    String,
    Table,
    bindparam,
    delete,
    literal,
    not_,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy import cast as sql_cast

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.types import Integer

from forum.accounts.events import AccountClosed
from forum.accounts.models import Account
from forum.accounts.policy import row_exists
from forum.core import clock
from forum.core.db import UtcDateTime, transaction
from forum.notifications.channels import registry as channels
from forum.notifications.channels.channel import Channel
from forum.notifications.models import Notification
from forum.notifications.notification_choices import AT_ONCE
from forum.notifications.outbox.models import DROPPED, WAITING, Delivery
from forum.notifications.preferences import policy as preferences
from forum.notifications.registry import NotificationType, named

KEPT_FOR = timedelta(days=30)
FORGOTTEN_AT_ONCE = 1_000
KEY = "notification:"
_TABLE = cast("Table", Delivery.__table__)
_COLUMNS = (
    "account_id",
    "channel",
    "event_key",
    "notification_id",
    "type",
    "urgency",
    "state",
    "attempts",
    "due_at",
    "created_at",
)
_NOW = bindparam("now", type_=UtcDateTime)
_OF_POST = (Notification.post_id == bindparam("post", type_=Integer),)
_OF_ROWS = (
    Notification.about_id.in_(bindparam("rows", type_=Integer, expanding=True)),
    Notification.account_id.in_(bindparam("people", type_=Integer, expanding=True)),
)


def enqueue_about_post(types: Sequence[str], post_id: int) -> None:
    """Write down what is to be sent of the notifications of a post, in their transaction.

    It is one statement, and none where nothing is ever sent.
    """
    if ways := channels.available():
        _run(_statement(tuple(types), ways, _OF_POST), {"post": post_id})


def enqueue_about_rows(name: str, row_ids: Collection[int], account_ids: Collection[int]) -> None:
    """Write down what is to be sent of people's new notifications of other rows."""
    if account_ids and (ways := channels.available()):
        told = {"rows": list(row_ids), "people": list(account_ids)}
        _run(_statement((name,), ways, _OF_ROWS), told)


def enqueue(
    accounts: Select[*tuple[Any, ...]], *, channel: str, event_key: str, type_: str, urgency: int
) -> None:
    """Write down what is no notification, such as a digest; who composes it is in `contents`.

    Each account that is selected is sent an event once. Whether it wants this is for the composer
    to ask.
    """
    written = row_exists(
        Delivery,
        Delivery.account_id == Account.id,
        Delivery.event_key == event_key,
        Delivery.channel == channel,
    )
    values = (
        Account.id,
        literal(channel),
        literal(event_key),
        null(),
        literal(type_),
        literal(urgency),
        literal(WAITING),
        literal(0),
        _NOW,
        _NOW,
    )
    rows = accounts.with_only_columns(*values).where(not_(written))
    _run(insert(_TABLE).from_select(_COLUMNS, rows).on_conflict_do_nothing(), {})


def drop_about_row(name: str, about_id: int) -> None:
    """Send nothing more that waits about a row, also what a worker is about to send."""
    told = select(Notification.id).where(
        Notification.type == name, Notification.about_id == about_id
    )
    waiting = _TABLE.c.ended_at.is_(None) & _TABLE.c.notification_id.in_(told)
    dropped = {"state": DROPPED, "ended_at": clock.now(), "leased_by": None}
    with transaction() as session:
        session.connection().execute(update(_TABLE).where(waiting).values(**dropped))


def forget_account(event: AccountClosed) -> None:
    """Send nothing more to somebody who leaves for good."""
    with transaction() as session:
        hers = delete(_TABLE).where(_TABLE.c.account_id == event.account_id)
        session.connection().execute(hers)


def forget_old() -> None:
    """Delete what was sent, given up or dropped a month ago, some at a time."""
    old = select(_TABLE.c.id).where(_TABLE.c.ended_at < clock.now() - KEPT_FOR)
    some = delete(_TABLE).where(_TABLE.c.id.in_(old.limit(FORGOTTEN_AT_ONCE)))
    gone = FORGOTTEN_AT_ONCE
    while gone == FORGOTTEN_AT_ONCE:
        with transaction() as session:
            gone = session.connection().execute(some).rowcount


def _run(statement: Insert, given: dict[str, Any]) -> None:
    with transaction() as session:
        session.connection().execute(statement, {**given, "now": clock.now()})


@cache
def _statement(types: tuple[str, ...], ways: tuple[Channel, ...], which: tuple[Any, ...]) -> Insert:
    rows = [
        _rows(one, way, which)
        for one in map(named, types)
        for way in ways
        if AT_ONCE in one.choice.frequencies
    ]
    return insert(_TABLE).from_select(_COLUMNS, union_all(*rows)).on_conflict_do_nothing()


def _rows(one: NotificationType, way: Channel, which: tuple[Any, ...]) -> Select[*tuple[Any, ...]]:
    """Return the deliveries of one type by one channel, to whom it reaches and who wants it."""
    return select(
        Notification.account_id,
        literal(way.name),
        literal(KEY) + sql_cast(Notification.id, String),
        Notification.id,
        literal(one.name),
        literal(one.urgency),
        literal(WAITING),
        literal(0),
        _NOW,
        _NOW,
    ).where(
        Notification.type == one.name,
        Notification.read_at.is_(None),
        *which,
        way.reaches(Notification.account_id),
        preferences.wants_at_once(Notification.account_id, one.choice, way.name),
    )
