"""What a participant did before they agreed, where they want that included.

Known of the past are memberships, posts and reactions; logins, reading and meetings count from
the consent on.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, or_, select

from forum.activity import recorder
from forum.activity.models import ActivityEvent
from forum.core import text
from forum.core.db import reading, transaction
from forum.groups.models import Membership
from forum.research import recording
from forum.research.models import Consent, StudyGroup
from forum.threads.events import PostCreated
from forum.threads.models import Post, Reaction, Thread

AGAIN = ("group_joined", "thread_started", "reply_posted", "reaction_given", "reaction_received")


def include(account_id: int, study_id: int, consent: Consent, at: datetime) -> None:
    """Record what somebody did in a study's groups until `at`.

    What was recorded of it under an earlier consent is replaced, so that nothing counts twice.
    """
    groups = select(StudyGroup.group_id).where(StudyGroup.study_id == study_id)
    with transaction() as session:
        session.execute(
            delete(ActivityEvent).where(
                ActivityEvent.participant == consent.participant,
                ActivityEvent.kind.in_(AGAIN),
                ActivityEvent.at <= at,
            )
        )
        rows = [*_joined(account_id, groups), *_reactions(account_id, groups)]
        recorder.append(
            [
                recorder.row(kind, moment, consent.participant, consent.id, **fields)
                for kind, moment, fields in rows
                if moment <= at
            ]
        )
        for event in _posts(account_id, groups, at):
            recording.record_post(event, study_id)


def _joined(account_id: int, groups: Any) -> list[tuple[str, datetime, dict[str, Any]]]:
    found = select(Membership.joined_at, Membership.group_id).where(
        Membership.account_id == account_id, Membership.group_id.in_(groups)
    )
    return [
        ("group_joined", row.joined_at, {"group_id": row.group_id})
        for row in reading().execute(found)
    ]


def _reactions(account_id: int, groups: Any) -> list[tuple[str, datetime, dict[str, Any]]]:
    found = (
        select(
            Reaction.account_id, Reaction.created_at, Reaction.kind, Post.id,
            Post.thread_id, Thread.group_id,
        )
        .join(Post, Post.id == Reaction.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Thread.group_id.in_(groups),
            or_(Reaction.account_id == account_id, Post.author_id == account_id),
        )
    )  # fmt: skip
    return [
        (
            "reaction_given" if row.account_id == account_id else "reaction_received",
            row.created_at,
            {"group_id": row.group_id, "thread_id": row.thread_id, "post_id": row.id,
             "reaction": row.kind},
        )
        for row in reading().execute(found)
    ]  # fmt: skip


def _posts(account_id: int, groups: Any, at: datetime) -> list[PostCreated]:
    # What stands first where it was split off was a reply when it was written.
    was_reply = and_(Post.number == 1, Thread.split_from_id.is_not(None))
    number = case((was_reply, 2), else_=Post.number).label("number")
    found = (
        select(Post.id, Post.thread_id, Thread.group_id, number, Post.body, Post.created_at)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.author_id == account_id,
            Thread.group_id.in_(groups),
            Post.created_at <= at,
            Post.held_at.is_(None),
        )
        .order_by(Post.id)
    )
    return [
        PostCreated(
            row.id, row.thread_id, row.group_id, account_id, row.number, text.words(row.body), (),
            row.created_at,
        )
        for row in reading().execute(found)
    ]  # fmt: skip
