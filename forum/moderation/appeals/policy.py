"""What can be undone, and by whom; what can be appealed against, and who answers."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.policy import Viewer, ViewerId, member_id, row_exists
from forum.core.db import at_most, current_session
from forum.core.errors import Refusal
from forum.groups.policy import RANK
from forum.meetings.room.messages import queries as message_queries
from forum.moderation.actions import role_ranks, targets
from forum.moderation.actions.action import Action
from forum.moderation.actions.log_entries import NOT_FOR_PERSON
from forum.moderation.actions.policy import ALONE, decide, may_perform
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import POST, THREAD, Target
from forum.moderation.models import Appeal, AuditLogEntry
from forum.moderation.queue_items.models import ROOM_MESSAGE
from forum.threads import queries as threads


def may_undo_now(
    session: Session,
    by_id: int,
    row: AuditLogEntry,
    target: Target,
    *,
    asked: bool = False,
    rank_of: Any = role_ranks.rank_of,
) -> bool:
    """Whether somebody may undo an action whose target is now where `target` says.

    `asked` is for the answer to an appeal: what it undoes needs no second approval.
    """
    action = ACTIONS[row.action]
    if target.person_id == by_id and _done_again(session, row, by_id):
        return False
    rank = rank_of(session, by_id, row.group_id)
    if target.group_id != row.group_id:  # the conversation was moved
        rank = min(rank, rank_of(session, by_id, target.group_id))
    person = role_ranks.standing_of(session, target.person_id, row.group_id)
    if action.from_above:
        person = max(person, RANK.get(row.before.get("role") or "", person))
    return may_undo(
        action,
        rank,
        person,
        is_first=row.by_id == by_id,
        is_second=row.approver_id == by_id,
        is_person=target.person_id == by_id,
        asked=asked,
    )


def _done_again(session: Session, row: AuditLogEntry, by_id: int) -> bool:
    """Whether others have set the same since, which is theirs to undo also where it looks alike."""
    undo, field = aliased(AuditLogEntry), ACTIONS[row.action].field
    later = select(AuditLogEntry.id).where(
        AuditLogEntry.target_kind == row.target_kind,
        AuditLogEntry.target_id == row.target_id,
        AuditLogEntry.id > row.id,
        AuditLogEntry.by_id.is_distinct_from(by_id),
        AuditLogEntry.action.in_(
            [name for name, action in ACTIONS.items() if action.field == field]
        ),
        not_(row_exists(undo, undo.undoes_id == AuditLogEntry.id)),
    )
    return session.scalar(later.limit(at_most(1))) is not None


def offered(viewer: Viewer, log_ids: Collection[int]) -> set[int]:
    """Return which of these actions the viewer can undo as things are now. Raises LoginNeeded."""
    me, session, undo = member_id(viewer), current_session(), aliased(AuditLogEntry)
    open_acts = select(AuditLogEntry).where(
        AuditLogEntry.id.in_(log_ids),
        AuditLogEntry.action.in_([name for name, action in ACTIONS.items() if action.field]),
        not_(row_exists(undo, undo.undoes_id == AuditLogEntry.id)),
    )

    @cache
    def rank(_: Session, account_id: int | None, group_id: int | None) -> int:
        return role_ranks.rank_of(session, account_id, group_id)

    return {
        row.id
        for row in session.scalars(open_acts).all()
        if (target := _now(viewer, row))
        and may_undo_now(session, me, row, target, rank_of=rank)
        and ACTIONS[row.action].is_as_left(session, target, row)
    }


def _now(viewer: Viewer, row: AuditLogEntry) -> Target | None:
    """Return where the subject of an action is now, if the viewer could act on it there."""
    try:
        if row.target_kind == POST:
            post = threads.post_for(viewer, row.target_id)
            if post.state.is_deleted or post.state.is_pending or not post.moderates:
                return None
            return targets.of_post(post)
        if row.target_kind == THREAD:
            thread = threads.thread_for(viewer, row.target_id)
            return replace(targets.of_thread(thread), person_id=row.person_id)
        if row.target_kind == ROOM_MESSAGE:
            message = message_queries.message_for(viewer, row.target_id)
            if message.deleted_at:
                return None
    except Refusal:
        return None
    return Target(row.target_kind, row.target_id, row.group_id, row.person_id)


def may_undo(
    action: Action,
    by: int,
    person: int,
    *,
    is_first: bool,
    is_second: bool,
    is_person: bool,
    asked: bool = False,
) -> bool:
    """Whether somebody of rank `by` may undo an action on somebody of rank `person`.

    As for the action itself, and its approver may. What others have done to oneself, one never
    undoes; what one did to one's own words, one undoes alone. `asked` by the person concerned, it
    needs no second.
    """
    if by < action.least or (is_person and not is_first):
        return False
    return is_person or asked or is_second or decide(action, by, person) == ALONE


def may_answer_appeal(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AuditLogEntry with its Appeal, left-joined with Group: it waits for this person.

    Not for the people who acted, nor for the one who appeals.
    """
    return and_(
        Appeal.answered_at.is_(None),
        AuditLogEntry.by_id.is_distinct_from(viewer_id),
        AuditLogEntry.approver_id.is_distinct_from(viewer_id),
        AuditLogEntry.person_id.is_distinct_from(viewer_id),
        may_perform(viewer_id, AuditLogEntry.group_id, AuditLogEntry.action),
    )


def concerns(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on AuditLogEntry: done to this person or their words, and theirs to know."""
    return and_(
        AuditLogEntry.person_id == viewer_id,
        *(AuditLogEntry.action != action for action in NOT_FOR_PERSON),
    )
