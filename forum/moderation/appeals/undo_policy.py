"""What can be undone, and by whom: asked where undo is offered, and again when it is done."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import not_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.policy import Viewer, member_id, row_exists
from forum.core.db import at_most, reading
from forum.core.errors import Refusal
from forum.groups.policy import RANK
from forum.meetings.room.messages import queries as message_queries
from forum.moderation import policy
from forum.moderation.actions import action_targets, thread_actions
from forum.moderation.actions.action_targets import Target
from forum.moderation.actions.content_actions import ACTS, POST, STANDING, THREAD
from forum.moderation.models import LogRow
from forum.moderation.queue.models import ROOM_MESSAGE
from forum.threads import queries as threads


def may(
    session: Session, by_id: int, row: LogRow, target: Target, *, asked: bool = False,
    rank_of: Any = action_targets.rank_of,
) -> bool:  # fmt: skip
    """Whether somebody may undo an act on what stands where `target` says now.

    `asked` is for whoever looks at an objection: what they undo needs no second.
    """
    act = ACTS[row.act]
    if target.person_id == by_id and _done_again(session, row, by_id):
        return False
    rank = rank_of(session, by_id, row.group_id)
    if target.group_id != row.group_id:  # the conversation was moved
        rank = min(rank, rank_of(session, by_id, target.group_id))
    person = action_targets.standing_of(session, target.person_id, row.group_id)
    if act.field == STANDING:
        person = max(person, RANK.get(row.before.get("role") or "", person))
    return policy.may_undo(
        act, rank, person,
        is_first=row.by_id == by_id, is_second=row.second_id == by_id,
        is_person=target.person_id == by_id, asked=asked,
    )  # fmt: skip


def _done_again(session: Session, row: LogRow, by_id: int) -> bool:
    """Whether others have set the same since, which is theirs to undo also where it looks alike."""
    undo, field = aliased(LogRow), ACTS[row.act].field
    later = select(LogRow.id).where(
        LogRow.subject_kind == row.subject_kind,
        LogRow.subject_id == row.subject_id,
        LogRow.id > row.id,
        LogRow.by_id.is_distinct_from(by_id),
        LogRow.act.in_([name for name, act in ACTS.items() if act.field == field]),
        not_(row_exists(undo, undo.undoes_id == LogRow.id)),
    )
    return session.scalar(later.limit(at_most(1))) is not None


def offered(viewer: Viewer, log_ids: Collection[int]) -> set[int]:
    """Return which of these acts the viewer can undo as things are now. Raises LoginNeeded."""
    me, session, undo = member_id(viewer), reading(), aliased(LogRow)
    open_acts = select(LogRow).where(
        LogRow.id.in_(log_ids),
        LogRow.act.in_([name for name, act in ACTS.items() if act.field]),
        not_(row_exists(undo, undo.undoes_id == LogRow.id)),
    )

    @cache
    def rank(_: Session, account_id: int | None, group_id: int | None) -> int:
        return action_targets.rank_of(session, account_id, group_id)

    return {
        row.id for row in session.scalars(open_acts).all()
        if (target := _now(viewer, row)) and may(session, me, row, target, rank_of=rank)
        and _as_left(session, row, target)
    }  # fmt: skip


def _now(viewer: Viewer, row: LogRow) -> Target | None:
    """Return where the subject of an act stands now, if the viewer could act on it there."""
    group_id, person_id = row.group_id, row.person_id
    try:
        if row.subject_kind == POST:
            post = threads.post_for(viewer, row.subject_id)
            if post.state.is_deleted or post.state.is_pending or not post.moderates:
                return None
            group_id, person_id = post.group_id, post.author_id
        elif row.subject_kind == THREAD:
            thread = threads.thread_for(viewer, row.subject_id)
            group_id = thread.group_id
        elif row.subject_kind == ROOM_MESSAGE:
            message = message_queries.message_for(viewer, row.subject_id)
            if message.deleted_at:
                return None
    except Refusal:
        return None
    return Target(row.subject_kind, row.subject_id, group_id, person_id)


def _as_left(session: Session, row: LogRow, target: Target) -> bool:
    """Whether everything is still as the act has left it."""
    if row.act in thread_actions.NAMES:
        return thread_actions.as_left(session, row.act, target, before=row.before, after=row.after)
    return action_targets.same(
        action_targets.state(session, target, ACTS[row.act].field), row.after
    )
