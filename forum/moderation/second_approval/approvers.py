"""What waits for another person than the one who acted or proposed, and who that may be."""

from typing import Any

from sqlalchemy import Integer, and_, literal, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.actions import conflicts_of_interest, policy
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import Target
from forum.moderation.models import PendingAction
from forum.moderation.second_approval import policy as approval_policy

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
        .where(or_(approval_policy.may_answer_pending(me), own))
        .order_by(PendingAction.id)
    )
    session, found = current_session(), current_session().execute(rows).all()
    return [
        one
        for one in found
        if one.by_id == viewer.id
        or (viewer.id not in people_concerned(one) and may_approve(session, one, viewer.id or 0))
    ]


def accounts_that_may_approve(pending_action_id: int) -> set[int]:
    """Return who may confirm a pending: never who made it, nor whose words it is about."""
    session = current_session()
    found = session.get_one(PendingAction, pending_action_id)
    some = groups.moderating_accounts(literal(found.group_id, Integer))
    deciders = (
        select(Account.id)
        .select_from(PendingAction)
        .outerjoin(Group, Group.id == PendingAction.group_id)
        .join(Account, approval_policy.may_answer_pending(Account.id))
        .where(PendingAction.id == pending_action_id, Account.id.in_(some))
    )
    others = set(session.scalars(deciders).all()) - people_concerned(found)
    return {one for one in others if may_approve(session, found, one)}


def may_approve(session: Session, pending: Any, account_id: int) -> bool:
    """Whether somebody decides independently of the one who proposed this."""
    return conflicts_of_interest.is_independent(
        session, pending.by_id, account_id, pending.group_id
    )


def people_concerned(pending: Any) -> set[int | None]:
    """Return whom a pending action is about, or whose words."""
    target = Target(pending.target_kind, pending.target_id, pending.group_id, pending.person_id)
    return set(ACTIONS[pending.action].people(current_session(), target, pending.value))
