"""What waits for another person than the one who acted or proposed, and who that may be."""

from typing import Any

from sqlalchemy import String, and_, literal, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.groups.models import Group
from forum.moderation import policy
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import Target
from forum.moderation.models import Appeal, AuditLogEntry, PendingAction
from forum.moderation.second_approval import independence

_BY, _PERSON = aliased(Account), aliased(Account)


def pending_for(viewer: Viewer) -> list[Any]:
    """Return what waits for this person to approve, and their own pending actions, oldest first."""
    me = viewer.sql_id()
    own = and_(
        PendingAction.decided_at.is_(None),
        PendingAction.by_id == me,
        policy.may_perform(me, PendingAction.group_id, PendingAction.action),
    )
    rows = (
        select(
            PendingAction.id,
            PendingAction.action,
            PendingAction.by_id,
            PendingAction.reason,
            PendingAction.created_at,
            PendingAction.value,
            PendingAction.target_kind,
            PendingAction.target_id,
            PendingAction.person_id,
            PendingAction.group_id,
            Group.name.label("group_name"),
            Group.slug.label("group_slug"),
            _BY.handle.label("by"),
            _PERSON.handle.label("person"),
        )
        .outerjoin(Group, Group.id == PendingAction.group_id)
        .outerjoin(_BY, _BY.id == PendingAction.by_id)
        .outerjoin(_PERSON, _PERSON.id == PendingAction.person_id)
        .where(or_(policy.may_answer_pending(me), own))
        .order_by(PendingAction.id)
    )
    session, found = current_session(), current_session().execute(rows).all()
    return [
        one
        for one in found
        if one.by_id == viewer.id
        or (viewer.id not in people_concerned(one) and may_approve(session, one, viewer.id or 0))
    ]


# Said twice, so that no database goes through the whole log for the few that are open.
_OPEN = select(Appeal.log_entry_id).where(Appeal.answered_at.is_(None))


def appeals_for(viewer: Viewer) -> list[Any]:
    """Return the appeals that wait for this person, with the actions, newest first."""
    undo = aliased(AuditLogEntry)
    rows = (
        select(
            AuditLogEntry.id,
            AuditLogEntry.at,
            AuditLogEntry.action,
            AuditLogEntry.reason,
            Group.name.label("group_name"),
            AuditLogEntry.target_kind,
            AuditLogEntry.target_id,
            _PERSON.handle.label("person"),
            AuditLogEntry.by_id,
            AuditLogEntry.approver_id,
            AuditLogEntry.group_id,
            Appeal.statement.label("appeal"),
            undo.id.is_not(None).label("undone"),
        )
        .join(Appeal, Appeal.log_entry_id == AuditLogEntry.id)
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .outerjoin(_PERSON, _PERSON.id == AuditLogEntry.person_id)
        .outerjoin(undo, undo.undoes_id == AuditLogEntry.id)
        .where(AuditLogEntry.id.in_(_OPEN), policy.may_answer_appeal(viewer.sql_id()))
        .order_by(AuditLogEntry.id.desc())
    )
    session, found = current_session(), current_session().execute(rows).all()
    return [one for one in found if may_answer_appeal(session, one, viewer.id or 0)]


def count_waiting(viewer: Viewer) -> int:
    """Return how much waits for this person: pending actions of others, and appeals."""
    others = [one for one in pending_for(viewer) if one.by_id != viewer.id]
    return len(others) + len(appeals_for(viewer))


def accounts_that_may_approve(pending_action_id: int) -> set[int]:
    """Return who may confirm a pending: never who made it, nor whose words it is about."""
    session = current_session()
    deciders = (
        select(Account.id)
        .select_from(PendingAction)
        .outerjoin(Group, Group.id == PendingAction.group_id)
        .join(Account, policy.may_answer_pending(Account.id))
        .where(PendingAction.id == pending_action_id)
    )
    found = session.get_one(PendingAction, pending_action_id)
    others = set(session.scalars(deciders).all()) - people_concerned(found)
    return {one for one in others if may_approve(session, found, one)}


def accounts_that_may_answer_appeal(log_entry_id: int) -> set[int]:
    """Return who may answer an appeal: never who acted, nor who appeals."""
    deciders = (
        select(Account.id)
        .select_from(AuditLogEntry)
        .join(Appeal, Appeal.log_entry_id == AuditLogEntry.id)
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .join(Account, policy.may_answer_appeal(Account.id))
        .where(AuditLogEntry.id == log_entry_id)
    )
    session = current_session()
    row, found = session.get_one(AuditLogEntry, log_entry_id), session.scalars(deciders).all()
    return {one for one in found if may_answer_appeal(session, row, one)}


def may_approve(session: Session, pending: Any, account_id: int) -> bool:
    """Whether somebody decides independently of the one who proposed this."""
    return independence.is_independent(session, pending.by_id, account_id, pending.group_id)


def may_answer_appeal(session: Session, row: Any, account_id: int) -> bool:
    """Whether somebody decides independently of those who have done what a row of the log says."""
    did = [one for one in (row.by_id, row.approver_id) if one is not None]
    return all(independence.is_independent(session, one, account_id, row.group_id) for one in did)


def has_approver(
    session: Session, name: str, group_id: int | None, first_id: int, person_id: int | None
) -> bool:
    """Whether there is anybody who may confirm what this person would do to the other here."""
    others = (
        select(Account.id)
        .outerjoin(Group, Group.id == literal(group_id, Integer))
        .where(
            Account.id.not_in([one for one in (first_id, person_id) if one is not None]),
            policy.may_perform(Account.id, Group.id, literal(name, String)),
            accounts.is_active(Account.id),
        )
    )
    found = session.scalars(others).all()
    return any(independence.is_independent(session, first_id, one, group_id) for one in found)


def people_concerned(pending: Any) -> set[int | None]:
    """Return whom a pending action is about, or whose words."""
    target = Target(pending.target_kind, pending.target_id, pending.group_id, pending.person_id)
    return set(ACTIONS[pending.action].people(current_session(), target, pending.value))
