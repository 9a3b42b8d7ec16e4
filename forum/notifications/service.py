"""Every write about notifications; most follow from what happens in threads."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    delete,
    exists,
    literal,
    not_,
    select,
    update,
)

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, ViewerId, person_id
from forum.core import clock
from forum.core.db import UtcDateTime, transaction
from forum.core.errors import NotFound
from forum.core.events import announce
from forum.groups.models import Group
from forum.moderation.queue.events import ReportAnswered
from forum.notifications import notify_of_replies, policy, queries
from forum.notifications.events import NotificationsRead
from forum.notifications.models import MENTION, REACTION, Notification
from forum.notifications.types import (
    CARE_ANSWER,
    CARE_NOTE,
    EDIT_APPROVED,
    EDIT_DECLINED,
    KINDS,
    POST_APPROVED,
    POST_DECLINED,
    REPORT,
)
from forum.safety.events import CareMessageAnswered, CareMessageSent
from forum.threads.events import (
    EditDecided,
    GroupRead,
    PostApproved,
    PostCreated,
    PostDeclined,
    ReactionGiven,
    ReactionRemoved,
    ThreadsRead,
    ThreadUnfollowed,
)
from forum.threads.models import Post, Reaction, Thread
from forum.threads.reader import reader_state

NEWS_FOR = timedelta(days=1)
KEPT_FOR = timedelta(days=90)
_TABLE = cast("Table", Notification.__table__)
_POST = bindparam("post", type_=Integer)
_MENTIONED = bindparam("mentioned", type_=Integer, expanding=True)
_ACTOR = bindparam("actor", type_=Integer)
_AS_GIVEN = {"synchronize_session": False}


def _tell(kind: str, account_id: ViewerId, actor_id: ViewerId, join: Any) -> Insert:
    news = (
        select(account_id, literal(kind), Post.id, actor_id, bindparam("at", type_=UtcDateTime))
        .select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Group, Group.id == Thread.group_id)
        .join(*join)
        .where(Post.id == _POST, policy.concerns(account_id, actor_id))
    )
    columns = ["account_id", "kind", "post_id", "actor_id", "created_at"]
    return insert(_TABLE).from_select(columns, news).on_conflict_do_nothing()


_TELL_MENTIONED = _tell(MENTION, Account.id, Post.author_id, (Account, Account.id.in_(_MENTIONED)))
_TELL_AUTHOR = _tell(REACTION, Account.id, _ACTOR, (Account, Account.id == Post.author_id))


def told_of_post(event: PostCreated) -> None:
    """Tell those whom a post names, and the others who watch its thread."""
    if not _is_news(event.at):
        return
    given = {"post": event.post_id, "at": event.at}
    with transaction() as session:
        if event.mentioned:
            session.execute(_TELL_MENTIONED, {**given, "mentioned": list(event.mentioned)})
        notify_of_replies.tell(event)


def told_of_reaction(event: ReactionGiven) -> None:
    """Tell a post's author of a reaction; several kinds from one person are told once."""
    if not _is_news(event.at):
        return
    with transaction() as session:
        session.execute(
            _TELL_AUTHOR, {"post": event.post_id, "actor": event.account_id, "at": event.at}
        )


def tell(account_ids: Iterable[int], kind: str, about_id: int, at: datetime) -> None:
    """Tell people of something of one of `kinds.KINDS`; each once, and only who may see it."""
    told = select(
        Account.id,
        literal(kind),
        bindparam("about", type_=Integer),
        bindparam("at", type_=UtcDateTime),
    ).where(
        Account.id.in_(bindparam("people", type_=Integer, expanding=True)),
        KINDS[kind].visible(Account.id, bindparam("about", type_=Integer)),
    )
    columns = ["account_id", "kind", "about_id", "created_at"]
    telling = insert(_TABLE).from_select(columns, told).on_conflict_do_nothing()
    with transaction() as session:
        session.execute(telling, {"about": about_id, "at": at, "people": list(account_ids)})


def tell_no_more(kinds: Iterable[str], about_id: int, account_id: int | None = None) -> None:
    """Take back what was told of something, to everybody or to one; it may be told anew then."""
    what = [Notification.kind.in_(list(kinds)), Notification.about_id == about_id]
    if account_id is not None:
        what.append(Notification.account_id == account_id)
    with transaction() as session:
        session.execute(delete(Notification).where(*what).execution_options(**_AS_GIVEN))


def told_of_note(event: CareMessageSent) -> None:
    """Tell a person that those who look after their group have written to them."""
    tell([event.account_id], CARE_NOTE, event.care_message_id, event.at)


def told_of_answer(event: CareMessageAnswered) -> None:
    """Tell whoever wrote a note that it has been answered."""
    if event.author_id is not None:
        tell([event.author_id], CARE_ANSWER, event.care_message_id, event.at)


def told_of_report(event: ReportAnswered) -> None:
    """Tell somebody that what they reported was looked at; after a second look, once more."""
    tell_no_more([REPORT], event.report_id)
    tell([event.reporter_id], REPORT, event.report_id, event.at)


def told_of_look(event: PostApproved | PostDeclined) -> None:
    """Tell an author what came of the first look at what they wrote."""
    kind = POST_APPROVED if isinstance(event, PostApproved) else POST_DECLINED
    tell([event.author_id], kind, event.post_id, event.at)


def told_of_edit(event: EditDecided) -> None:
    """Tell an author what came of an edit that waited for approval."""
    kind = EDIT_APPROVED if event.approved else EDIT_DECLINED
    tell([event.author_id], kind, event.post_id, event.at)


def taken_back(event: ReactionRemoved) -> None:
    """Say no more of a reaction when its giver has no other on the same post."""
    with transaction() as session:
        session.execute(
            delete(Notification)
            .where(
                Notification.kind == REACTION,
                Notification.post_id == event.post_id,
                Notification.actor_id == event.account_id,
                not_(
                    exists().where(
                        Reaction.post_id == event.post_id, Reaction.account_id == event.account_id
                    )
                ),
            )
            .execution_options(**_AS_GIVEN)
        )


_SEEN = (
    update(_TABLE).where(*notify_of_replies.SEEN).values(read_at=bindparam("at", type_=UtcDateTime))
)


_WAITING = (
    select(_TABLE.c.account_id)
    .where(
        _TABLE.c.account_id.in_(bindparam("readers", type_=Integer, expanding=True)),
        _TABLE.c.read_at.is_(None),
    )
    .distinct()
)


def told_by_reading(event: ThreadsRead) -> None:
    """Mark as read what was told of posts that people have now seen in their threads."""
    with transaction() as session:
        connection = session.connection()
        readers = sorted({one.account_id for one in event.readings})
        waiting = set(connection.scalars(_WAITING, {"readers": readers}))
        seen = [
            {
                "reader": one.account_id,
                "thread": one.thread_id,
                "first": first,
                "last": last,
                "at": event.at,
            }
            for one in event.readings
            if one.account_id in waiting
            for first, last in one.ranges
        ]
        if seen:
            notify_of_replies.lead_on(connection, seen)
            connection.execute(_SEEN, seen)


def told_by_reading_group(event: GroupRead) -> None:
    """End the lines about threads of a group that somebody takes for read.

    Lines about single posts, as where one is mentioned, wait until that post is read.
    """
    read = select(Thread.id).where(
        Thread.group_id == event.group_id, Thread.last_post_at <= event.until
    )
    _mark_read(event.account_id, Notification.thread_id.in_(read))


def told_enough(event: ThreadUnfollowed) -> None:
    """End the line of somebody who watches a thread no longer: it would go on to grow."""
    _mark_read(event.account_id, Notification.thread_id == event.thread_id)


def read(viewer: Viewer, notification_id: int | None = None) -> str:
    """Mark one line of the list as read, or all of them; return the address that it leads to.

    A line of several reactions is read as a whole. Raises LoginNeeded, NotFound.
    """
    account_id = person_id(viewer)
    with transaction() as session:
        if notification_id is None:
            _mark_read(account_id)
            address = "/notifications"
        else:
            line = session.execute(
                select(Notification.kind, Notification.post_id, Notification.about_id).where(
                    Notification.id == notification_id, Notification.account_id == account_id
                )
            ).one_or_none()
            if line is None:
                raise NotFound
            _mark_read(
                account_id,
                Notification.kind == line.kind,
                Notification.post_id.is_not_distinct_from(line.post_id),
                Notification.about_id.is_not_distinct_from(line.about_id),
            )
            address = _address(notification_id, line)
        announce(NotificationsRead(account_id, clock.now()))
    return address


def _address(notification_id: int, line: Any) -> str:
    if line.about_id is None:
        return f"/posts/{queries.first_shown(notification_id) or line.post_id}"
    address = KINDS[line.kind].address
    return address(line.about_id) if callable(address) else address.format(id=line.about_id)


def forget_old() -> None:
    """Drop what was read more than 90 days ago."""
    with transaction() as session:
        session.execute(
            delete(Notification)
            .where(Notification.read_at < clock.now() - KEPT_FOR)
            .execution_options(**_AS_GIVEN)
        )


def _mark_read(account_id: int, *which: ColumnElement[bool]) -> None:
    unread = (Notification.account_id == account_id, Notification.read_at.is_(None), *which)
    with transaction() as session:
        # A reply that is being written relies on a line which is unread, or waits for a new one.
        about = session.scalars(
            select(Notification.thread_id).where(*unread, Notification.thread_id.is_not(None))
        )
        reader_state.lock_threads(session.connection(), about)
        session.execute(
            update(Notification)
            .where(*unread)
            .values(read_at=clock.now())
            .execution_options(**_AS_GIVEN)
        )


def _is_news(at: datetime) -> bool:
    """Whether something happened just now, rather than being brought in from elsewhere."""
    return clock.now() - at <= NEWS_FOR
