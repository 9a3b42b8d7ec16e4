"""From what happens in the forum to rows of the record, inside the same transaction.

Each runs in a savepoint: a recorder that breaks costs nobody their post, and the gap is logged.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import bindparam, exists, select
from sqlalchemy.types import Integer

from forum.accounts.events import LoggedIn
from forum.activity import record_writer
from forum.core.db import at_most, current_connection, current_session, light_savepoint
from forum.groups.events import MemberJoined, MemberLeft
from forum.meetings.room.events import MeetingAttended
from forum.messages.events import PrivateMessageSent
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.events import ReportMade
from forum.research.consent import consent_checks
from forum.threads import policy as threads
from forum.threads.events import PostCreated, ReactionGiven
from forum.threads.models import Post, Thread

E = TypeVar("E")
log = structlog.get_logger()


def record_safely(handler: Callable[[E], None]) -> Callable[[E], None]:
    """Let a handler fail alone: what it would have recorded is a gap, and nobody's loss."""

    def handle(event: E) -> None:
        try:
            with light_savepoint():
                handler(event)
        except Exception as problem:
            log.error(
                "record_gap",
                event_kind=type(event).__name__,
                at=str(getattr(event, "at", "")),
                problem=type(problem).__name__,
            )

    handle.__name__, handle.__doc__ = handler.__name__, handler.__doc__
    return handle


def _record(
    kind: str,
    at: datetime,
    account_id: int | None,
    group_id: int | None,
    *,
    with_past: bool = True,
    **fields: Any,
) -> None:
    if group_id is not None:
        fields["group_id"] = group_id
    record_writer.append_events(
        [
            record_writer.event_row(kind, at, permit.participant, permit.consent_id, **fields)
            for permit in consent_checks.permits_for([account_id], group_id, at).get(
                account_id or 0, ()
            )
            if with_past or permit.given_at <= at
        ]
    )


@record_safely
def record_sign_in(event: LoggedIn) -> None:
    """Record that a participant logged in."""
    _record("signed_in", event.at, event.account_id, None)


@record_safely
def record_joining(event: MemberJoined) -> None:
    """Record that a participant joined a group."""
    _record("group_joined", event.at, event.account_id, event.group_id)


@record_safely
def record_leaving(event: MemberLeft) -> None:
    """Record that a participant left a group."""
    _record("group_left", event.at, event.account_id, event.group_id)


@record_safely
def record_new_post(event: PostCreated) -> None:
    """Record a thread started or a reply posted, and whose post it answers."""
    record_post(event)


@record_safely
def record_reaction(event: ReactionGiven) -> None:
    """Record a reaction given, and one received; never which of the two belong together."""
    group_id = current_session().scalar(select(Thread.group_id).where(Thread.id == event.thread_id))
    facts: dict[str, Any] = {
        "thread_id": event.thread_id,
        "post_id": event.post_id,
        "reaction": event.kind,
    }
    _record("reaction_given", event.at, event.account_id, group_id, **facts)
    _record("reaction_received", event.at, event.author_id, group_id, **facts)


@record_safely
def record_attendance(event: MeetingAttended) -> None:
    """Record that a participant was in a meeting, once it is over, if they had agreed by then.

    Nobody was there for the record before that, so no clause on the past adds it.
    """
    _record(
        "meeting_attended",
        event.joined_at,
        event.account_id,
        event.group_id,
        with_past=False,
        meeting_id=event.meeting_id,
        minutes_present=event.minutes,
        turns=event.turns,
        words=event.words,
    )


@record_safely
def record_private_message(event: PrivateMessageSent) -> None:
    """Record that a participant sent a private message: that alone, from their consent on.

    Messages vanish and are deleted, so no clause on the past could add all of them.
    """
    record_writer.append_events(
        [
            record_writer.event_row(
                "private_message_sent", event.at, permit.participant, permit.consent_id
            )
            for permit in consent_checks.permits_for_private_message(event.author_id, event.at)
        ]
    )


@record_safely
def record_report(event: ReportMade) -> None:
    """Record that a participant reported something in a studied group; never what or why."""
    group_id = current_session().scalar(
        select(QueueItem.group_id).where(QueueItem.id == event.item_id)
    )
    if group_id is not None:
        _record("report_made", event.at, event.reporter_id, group_id)


def record_post(event: PostCreated, study_id: int | None = None) -> None:
    """Record a post, in every study or in one; for what was written before a consent, too."""
    authors = consent_checks.permits_for([event.author_id], event.group_id, event.at, study_id)
    if not authors:
        return
    before = _previous_post(event)
    others = _authors_who_consented(event, before)
    rows = []
    for permit in authors[event.author_id]:
        fields: dict[str, Any] = {
            "group_id": event.group_id,
            "thread_id": event.thread_id,
            "post_id": event.post_id,
            "words": event.words,
        }
        if before and permit.study_id in others:
            fields["previous_author"] = others[permit.study_id]
            fields["minutes_since"] = round((event.at - before.created_at).total_seconds() / 60, 1)
            fields["to_newcomer"] = _is_new(event, before)
        kind = "reply_posted" if event.number > 1 else "thread_started"
        rows.append(
            record_writer.event_row(kind, event.at, permit.participant, permit.consent_id, **fields)
        )
    record_writer.append_events(rows)


_BEFORE = (
    select(Post.id, Post.number, Post.author_id, Post.created_at)
    .where(
        Post.thread_id == bindparam("thread", type_=Integer),
        Post.number < bindparam("number", type_=Integer),
        threads.was_published(),
        Post.author_id.is_distinct_from(bindparam("author", type_=Integer)),
    )
    .order_by(Post.number.desc())
    .limit(at_most(1))
)
_ANSWERED = exists().where(
    Post.thread_id == bindparam("thread", type_=Integer),
    Post.number > bindparam("number_before", type_=Integer),
    Post.number < bindparam("number", type_=Integer),
    Post.author_id != bindparam("author_before", type_=Integer),
)
_WROTE = exists().where(
    Post.author_id == bindparam("author_before", type_=Integer),
    Post.id < bindparam("before", type_=Integer),
    threads.was_published(),
)
_IS_KNOWN = select((_ANSWERED | _WROTE).label("known"))


def _authors_who_consented(event: PostCreated, before: Any) -> dict[int, int]:
    """Return by study the key of the author of the post before, if their consent covers it.

    When it was written, and that it was their first, is recorded of nobody else.
    """
    if before is None or before.author_id is None:
        return {}
    then, now = (
        consent_checks.permits_for([before.author_id], event.group_id, at).get(before.author_id, ())
        for at in (before.created_at, event.at)
    )
    covered = {permit.study_id for permit in then}
    return {permit.study_id: permit.participant for permit in now if permit.study_id in covered}


def _previous_post(event: PostCreated) -> Any:
    """Return the latest earlier post in the thread by somebody else, of those that were shown."""
    if event.number == 1:
        return None
    return (
        current_connection()
        .execute(
            _BEFORE, {"thread": event.thread_id, "number": event.number, "author": event.author_id}
        )
        .first()
    )


def _is_new(event: PostCreated, before: Any) -> bool:
    """Whether a reply is the first answer to what somebody wrote first of all."""
    (answer,) = (
        current_connection()
        .execute(
            _IS_KNOWN,
            {
                "thread": event.thread_id,
                "number_before": before.number,
                "number": event.number,
                "author_before": before.author_id,
                "before": before.id,
            },
        )
        .all()
    )
    return not answer.known
