"""Reads of appeals: for members whom an action concerns, and for moderators who answer."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import Account
from forum.accounts.policy import Viewer, person_id
from forum.core.db import at_most, current_session
from forum.groups.models import Group
from forum.moderation.actions import conflicts_of_interest
from forum.moderation.appeals import policy
from forum.moderation.models import Appeal, AuditLogEntry

_PERSON, _UNDO = aliased(Account), aliased(AuditLogEntry)


def entries_about(viewer: Viewer) -> list[Any]:
    """Return what was done to the viewer and their words, without who did it."""
    person_id(viewer)
    rows = (
        select(
            AuditLogEntry.id,
            AuditLogEntry.at,
            AuditLogEntry.action,
            AuditLogEntry.target_kind,
            AuditLogEntry.target_id,
            AuditLogEntry.reason,
            AuditLogEntry.message,
            _UNDO.id.is_not(None).label("undone"),
            Appeal.statement.label("appeal"),
            Appeal.answered_at,
            Appeal.overturned,
            Appeal.answer,
        )
        .outerjoin(_UNDO, _UNDO.undoes_id == AuditLogEntry.id)
        .outerjoin(Appeal, Appeal.log_entry_id == AuditLogEntry.id)
        .where(policy.concerns(viewer.sql_id()))
        .order_by(AuditLogEntry.id.desc())
    )
    return list(current_session().execute(rows.limit(at_most(200))).all())


# Said twice, so no database goes through the whole log for the few that are open.
_OPEN = select(Appeal.log_entry_id).where(Appeal.answered_at.is_(None))


def appeals_for(viewer: Viewer) -> list[Any]:
    """Return the appeals that wait for this person, with the actions, newest first."""
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
            _UNDO.id.is_not(None).label("undone"),
        )
        .join(Appeal, Appeal.log_entry_id == AuditLogEntry.id)
        .outerjoin(Group, Group.id == AuditLogEntry.group_id)
        .outerjoin(_PERSON, _PERSON.id == AuditLogEntry.person_id)
        .outerjoin(_UNDO, _UNDO.undoes_id == AuditLogEntry.id)
        .where(AuditLogEntry.id.in_(_OPEN), policy.may_answer_appeal(viewer.sql_id()))
        .order_by(AuditLogEntry.id.desc())
    )
    session, found = current_session(), current_session().execute(rows).all()
    return [one for one in found if may_answer_appeal(session, one, viewer.id or 0)]


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


def may_answer_appeal(session: Session, row: Any, account_id: int) -> bool:
    """Whether somebody decides independently of the people who did what a log row says."""
    did = [one for one in (row.by_id, row.approver_id) if one is not None]
    return all(
        conflicts_of_interest.is_independent(session, one, account_id, row.group_id) for one in did
    )
