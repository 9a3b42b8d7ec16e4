"""Every write about notifications that their types share, and reading them in the list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, delete, literal, select

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, ViewerId, person_id
from forum.core import clock
from forum.core.db import UtcDateTime, current_session, transaction
from forum.core.errors import NotFound
from forum.core.events import Handler, announce
from forum.groups.models import Group
from forum.notifications import policy, read_state, registry, shown_posts
from forum.notifications.events import MembersNotified, NotificationsRead
from forum.notifications.models import Notification
from forum.notifications.outbox import service as outbox
from forum.notifications.registry import NotificationType
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.reader import first_unread, reader_state

RECENT = timedelta(days=1)
KEPT_FOR = timedelta(days=90)
_TABLE = cast("Table", Notification.__table__)
_POST = bindparam("post", type_=Integer)
_ABOUT = bindparam("about", type_=Integer)
_AT = bindparam("at", type_=UtcDateTime)


def about_post(name: str, account_id: ViewerId, actor_id: ViewerId, join: Any) -> Insert:
    """Return how people are notified of what an actor did at a post: each once, if they may know.

    The statement takes `post` and `at`, and whatever `join` needs to find the accounts.
    """
    lines = (
        select(account_id, literal(name), Post.id, actor_id, _AT)
        .select_from(Post)
        .join(Thread, IN_THREAD)
        .join(Group, IN_GROUP)
        .join(*join)
        .where(Post.id == _POST, policy.concerns(account_id, actor_id))
    )
    columns = ["account_id", "type", "post_id", "actor_id", "created_at"]
    return insert(_TABLE).from_select(columns, lines).on_conflict_do_nothing()


def notify(
    one: NotificationType,
    account_ids: Iterable[int | None],
    about_id: int,
    at: datetime,
    *,
    outside: bool = True,
) -> None:
    """Notify people of a row: each once, and only who may see it. Raises nothing for nobody.

    Without `outside`, it is in the list alone.
    """
    people = [account_id for account_id in account_ids if account_id is not None]
    if not people:
        return
    lines = select(Account.id, literal(one.name), _ABOUT, _AT).where(
        Account.id.in_(bindparam("people", type_=Integer, expanding=True)),
        one.visible(Account.id, _ABOUT),
    )
    columns = ["account_id", "type", "about_id", "created_at"]
    new = insert(_TABLE).from_select(columns, lines).on_conflict_do_nothing()
    given = {"about": about_id, "at": at, "people": people}
    with transaction() as session:
        told = session.connection().scalars(new.returning(_TABLE.c.account_id), given).all()
        if outside:
            outbox.enqueue_about_rows(one.name, [about_id], told)
        _show_to(told)


def withdraw(names: Iterable[str], about_id: int, account_id: int | None = None) -> None:
    """Withdraw notifications of a row, for everybody or for one; it may be notified again."""
    which = [_TABLE.c.type.in_(list(names)), _TABLE.c.about_id == about_id]
    if account_id is not None:
        which.append(_TABLE.c.account_id == account_id)
    gone = delete(_TABLE).where(*which).returning(_TABLE.c.account_id)
    with transaction() as session:
        _show_to(session.connection().scalars(gone).all())


def send(one: NotificationType, event: Any) -> None:
    """Notify of an event those whom the type says."""
    recipients = list(one.sent_on[type(event)](event))
    if not recipients:
        return
    about_id = getattr(event, one.about)
    with transaction():
        if one.replaces:
            withdraw(one.replaces, about_id)
        notify(one, recipients, about_id, event.at)


def within_transaction() -> dict[type, list[Handler]]:
    """Return what the types do within the transactions of events, for `wiring`."""
    handlers: defaultdict[type, list[Handler]] = defaultdict(list)
    for one in registry.all_types():
        for event in one.sent_on:
            handlers[event].append(partial(send, one))
        for event, handler in one.handled_on.items():
            handlers[event].append(handler)
    return handlers


def after_commit() -> dict[type, list[Handler]]:
    """Return how the types keep the badge true, for `forum/wiring.py`."""
    handlers: defaultdict[type, list[Handler]] = defaultdict(list)
    for one in registry.all_types():
        for event, handler in one.badge_on.items():
            handlers[event].append(handler)
    return handlers


def read(viewer: Viewer, notification_id: int | None = None) -> str:
    """Mark one line of the list as read, or all of them; return the address that it leads to.

    A line of several reactions is read as a whole, and one of replies leads to what its reader has
    not read in the thread. Raises LoginNeeded, NotFound.
    """
    account_id = person_id(viewer)
    reader_state.write_positions_of(account_id)
    with transaction() as session:
        if notification_id is None:
            read_state.mark_read(account_id)
            address = "/notifications"
        else:
            line = session.execute(_line(account_id, notification_id)).one_or_none()
            if line is None:
                raise NotFound
            read_state.mark_read(
                account_id,
                Notification.type == line.type,
                Notification.post_id.is_not_distinct_from(line.post_id),
                Notification.about_id.is_not_distinct_from(line.about_id),
            )
            address = _address(viewer, notification_id, line)
        announce(NotificationsRead(account_id, clock.now()))
    return address


def address_of(viewer: Viewer, notification_id: int) -> str:
    """Return where a message outside the forum about one's own line leads; nothing is read by it.

    It is the list where the line is no longer there: what was told may have been withdrawn. Raises
    LoginNeeded.
    """
    account_id = person_id(viewer)
    reader_state.write_positions_of(account_id)
    line = current_session().execute(_line(account_id, notification_id)).one_or_none()
    return "/notifications" if line is None else _address(viewer, notification_id, line)


def forget_old() -> None:
    """Drop what was read more than 90 days ago."""
    with transaction() as session:
        session.execute(
            delete(Notification)
            .where(Notification.read_at < clock.now() - KEPT_FOR)
            .execution_options(synchronize_session=False)
        )


def is_recent(at: datetime) -> bool:
    """Whether something happened just now, rather than being brought in from elsewhere."""
    return clock.now() - at <= RECENT


def _line(account_id: int, notification_id: int) -> Select[*tuple[Any, ...]]:
    return select(
        Notification.type, Notification.post_id, Notification.thread_id, Notification.about_id
    ).where(Notification.id == notification_id, Notification.account_id == account_id)


def _address(viewer: Viewer, notification_id: int, line: Any) -> str:
    if line.about_id is None:
        unread = line.thread_id and first_unread.first_unread_post(viewer, line.thread_id)
        if unread:
            return f"/posts/{unread.id}"
        return f"/posts/{shown_posts.first_of(notification_id) or line.post_id}"
    return registry.named(line.type).address_of(line.about_id)


def _show_to(account_ids: Sequence[int]) -> None:
    if account_ids:
        announce(MembersNotified(tuple(account_ids)))
