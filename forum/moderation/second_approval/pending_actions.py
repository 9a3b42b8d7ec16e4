"""What waits for a second person: it is confirmed, declined, taken back, or lapses."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden, Invalid, NotFound
from forum.core.events import announce
from forum.core.translation import _
from forum.moderation.actions import (
    conflicts_of_interest,
    log_entries,
    role_ranks,
    service,
    targets,
)
from forum.moderation.actions.action import Change, Given
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import PERSON, Target
from forum.moderation.events import PendingActionClosed
from forum.moderation.models import PendingAction
from forum.moderation.second_approval import approvers
from forum.moderation.second_approval import policy as approval_policy


def answer(viewer: Viewer, pending_action_id: int, *, confirm: bool | None) -> int:
    """Approve a pending action, or decline it; return its line of the log.

    Who proposed it can decline it too, and so take it back. Raises Invalid for None, NotFound,
    Forbidden for others who may not answer, Conflict.
    """
    me = member_id(viewer)
    with transaction() as session:
        found = session.get(PendingAction, pending_action_id)
        rank = role_ranks.rank_of(session, me, found.group_id) if found else role_ranks.OUTSIDER
        if found is None or rank < ACTIONS[found.action].least:
            raise NotFound
        is_first = found.by_id == me
        may_answer = approval_policy.may_approve(
            ACTIONS[found.action],
            rank,
            is_first=is_first,
            is_person=me in approvers.people_concerned(found),
        )
        if not may_answer and (confirm or not is_first):
            raise Forbidden(_("Someone else has to answer this."), code="not_yours")
        if not is_first and not approvers.may_approve(session, found, me):
            raise Forbidden(conflicts_of_interest.NOT_INDEPENDENT, code="not_independent")
        if confirm is None:
            raise Invalid(fields={"confirm": _("Choose whether to approve it or decline it.")})
        if confirm:
            return _confirm(session, viewer, found, me)
        _lock(session, found)
        return _close(
            session, found, log_entries.WITHDRAWN if is_first else log_entries.DECLINED, me
        )


def expire() -> None:
    """Close what nobody has answered for 14 days; log it, and notify its proposer."""
    old = (
        select(PendingAction)
        .where(
            PendingAction.decided_at.is_(None),
            PendingAction.created_at <= clock.now() - approval_policy.PENDING_FOR,
        )
        .order_by(PendingAction.id)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        for found in session.scalars(old).all():
            _close(session, found, log_entries.EXPIRED, None)


def _confirm(session: Session, viewer: Viewer, found: PendingAction, me: int) -> int:
    """Do what waited.

    Threads are locked before pending actions, and those before people, as moving a thread and
    erasing an account do: there is no deadlock.
    """
    _require_waiting(found)
    action = ACTIONS[found.action]
    if role_ranks.rank_of(session, found.by_id, found.group_id) < action.least:
        raise Conflict(_("The person who proposed this no longer moderates the group."))
    action.lock_first(session, viewer, found.target_id, found.value)
    if action.on == PERSON:
        _lock(session, found)
    target = targets.lock(
        session,
        viewer,
        action.on,
        found.target_id,
        found.group_id,
        emptied=action.on_deleted,
    )
    if action.on != PERSON:
        _lock(session, found)
    people = action.people(session, target, found.value)
    target = replace(target, person_id=people[0] if people else None)
    found.decided_at, found.decided_by_id, found.approved = clock.now(), me, True
    session.flush()
    given = Given(found.reason, found.message, found.value, found.shown_version)
    entry_id = service.carry_out(
        session, viewer, action, target, given, by_id=found.by_id, approver_id=me
    )
    _announce_closed(found, entry_id, log_entries.APPROVED)
    return entry_id


def _lock(session: Session, found: PendingAction) -> None:
    """Lock a proposal, unless it is gone or somebody was quicker. Raises NotFound, Conflict."""
    if (
        session.scalar(
            select(PendingAction.id).where(PendingAction.id == found.id).with_for_update()
        )
        is None
    ):
        raise NotFound
    session.refresh(found)
    _require_waiting(found)


def _require_waiting(found: PendingAction) -> None:
    if found.decided_at is not None:
        raise Conflict(_("Someone has already answered this."), code="already_done")


def _close(session: Session, found: PendingAction, how: str, by_id: int | None) -> int:
    """Note that something is not done; the log keeps which action it was, and none of the words."""
    found.decided_at, found.decided_by_id = clock.now(), by_id
    target = Target(found.target_kind, found.target_id, found.group_id, found.person_id)
    log_entry_id = log_entries.add_entry(
        session,
        how,
        target,
        Given(log_entries.PROPOSED + found.action, "", ""),
        Change({}, {}),
        by_id=found.by_id,
        approver_id=by_id if how == log_entries.DECLINED else None,
    )
    _announce_closed(found, log_entry_id, how)
    return log_entry_id


def _announce_closed(found: PendingAction, log_entry_id: int, how: str) -> None:
    at = found.decided_at or clock.now()
    announce(PendingActionClosed(found.id, log_entry_id, found.by_id, how, at))
