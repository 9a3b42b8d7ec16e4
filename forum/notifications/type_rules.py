"""Of what a notification is about: its title, and the condition on which somebody may see it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, literal, not_, select

from forum.accounts.policy import ViewerId, row_exists
from forum.groups.models import Group, Membership
from forum.meetings import policy as meetings
from forum.meetings.models import Meeting
from forum.moderation import policy as moderation
from forum.moderation.models import LogRow, Objection, Proposal
from forum.moderation.queue import policy as queue_policy
from forum.moderation.queue.models import QueueEntry, Report
from forum.safety import policy as safety
from forum.safety.models import CareMessage
from forum.threads import policy as threads
from forum.threads.models import Post, PostReview, Thread

Visible = Callable[[ViewerId, SQLColumnExpression[Any]], ColumnElement[bool]]
Title = Callable[[SQLColumnExpression[Any]], SQLColumnExpression[Any]]


def untitled(_about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return literal("")


def meeting_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return select(Meeting.title).where(Meeting.id == about_id).scalar_subquery()


def meeting_visible(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    its_group = row_exists(Group, Group.id == Meeting.group_id, meetings.visible_to(account_id))
    return row_exists(Meeting, Meeting.id == about_id, its_group)


def note_group(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return (
        select(Group.name)
        .join(CareMessage, CareMessage.group_id == Group.id)
        .where(CareMessage.id == about_id)
        .scalar_subquery()
    )


def note_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    of_group = row_exists(
        Group, Group.id == CareMessage.group_id, safety.care_message_visible_to(account_id)
    )
    return row_exists(CareMessage, CareMessage.id == about_id, of_group)


def act_visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(LogRow, LogRow.id == about_id, moderation.concerns(account_id))


def answered(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(
        Report,
        Report.id == about_id,
        Report.reporter_id == account_id,
        Report.answered_at.is_not(None),
    )


def post_title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return (
        select(case((Thread.title_hidden, threads.REMOVED_TITLE), else_=Thread.title))
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.id == about_id)
        .scalar_subquery()
    )


def looked_at(outcome: str) -> Visible:
    def visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        decided = row_exists(
            PostReview, PostReview.post_id == Post.id, PostReview.outcome == outcome
        )
        return row_exists(
            Post,
            Post.id == about_id,
            Post.author_id == account_id,
            not_(threads.is_deleted()),
            decided,
        )

    return visible


def own(account_id: ViewerId, about_id: SQLColumnExpression[Any], *, seen: bool) -> Any:
    """Condition: the account's own post, which it may see at its place now, or may not."""
    there = row_exists(Group, Group.id == Thread.group_id, threads.visible_to(account_id))
    sees = row_exists(Thread, Thread.id == Post.thread_id, there)
    return row_exists(
        Post,
        Post.id == about_id,
        Post.author_id == account_id,
        not_(threads.is_deleted()),
        sees if seen else not_(sees),
    )


def group_name(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    name = select(Group.name).where(Group.id == about_id)
    return name.correlate_except(Group).scalar_subquery()


def belongs(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(
        Membership, Membership.group_id == about_id, Membership.account_id == account_id
    )


@cache
def its_group(row: type[QueueEntry | Proposal | LogRow]) -> Title:
    """What the group of a row is called; of one without a group, "this community"."""

    def title(about_id: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
        name = select(Group.name).join(row, row.group_id == Group.id).where(row.id == about_id)
        return func.coalesce(name.scalar_subquery(), "this community")

    return title


def waits_for(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    entry = (
        select(QueueEntry.id)
        .outerjoin(Group, Group.id == QueueEntry.group_id)
        .where(
            QueueEntry.id == about_id,
            QueueEntry.resolved_at.is_(None),
            queue_policy.visible_to(account_id),
        )
        .correlate_except(QueueEntry, Group)
    )
    return entry.exists()


def proposal_waits(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    proposal = (
        select(Proposal.id)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .where(Proposal.id == about_id, moderation.decides_proposal(account_id))
        .correlate_except(Proposal, Group)
    )
    return proposal.exists()


def proposed(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    row = (
        select(LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(
            LogRow.id == about_id,
            LogRow.by_id == account_id,
            moderation.sees_log(account_id),
        )
        .correlate_except(LogRow, Group)
    )
    return row.exists()


def objection_waits(
    account_id: ViewerId, about_id: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    objection = (
        select(LogRow.id)
        .join(Objection, Objection.log_id == LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .where(LogRow.id == about_id, moderation.decides_objection(account_id))
        .correlate_except(LogRow, Objection, Group)
    )
    return objection.exists()
