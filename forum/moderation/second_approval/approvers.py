"""What waits for another person than the one who acted or proposed, and who that may be."""

from typing import Any

from sqlalchemy import String, and_, literal, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Integer

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import reading
from forum.groups.models import Group
from forum.moderation import policy
from forum.moderation.actions import thread_actions
from forum.moderation.models import LogRow, Objection, Proposal
from forum.moderation.second_approval import independence

_BY, _PERSON = aliased(Account), aliased(Account)


def proposals(viewer: Viewer) -> list[Any]:
    """Return what waits for this person to confirm, and their own proposals, oldest first."""
    me = viewer.sql_id()
    own = and_(
        Proposal.answered_at.is_(None), Proposal.by_id == me,
        policy.does(me, Proposal.group_id, Proposal.act),
    )  # fmt: skip
    rows = (
        select(Proposal.id, Proposal.act, Proposal.by_id, Proposal.reason, Proposal.created_at,
               Proposal.value, Proposal.subject_kind, Proposal.subject_id, Proposal.person_id,
               Proposal.group_id,
               Group.name.label("group_name"), Group.slug.label("group_slug"),
               _BY.handle.label("by"), _PERSON.handle.label("person"))
        .outerjoin(Group, Group.id == Proposal.group_id)
        .outerjoin(_BY, _BY.id == Proposal.by_id)
        .outerjoin(_PERSON, _PERSON.id == Proposal.person_id)
        .where(or_(policy.decides_proposal(me), own))
        .order_by(Proposal.id)
    )  # fmt: skip
    session, found = reading(), reading().execute(rows).all()
    return [
        one for one in found
        if one.by_id == viewer.id
        or (viewer.id not in concerned(one) and may_be_second(session, one, viewer.id or 0))
    ]  # fmt: skip


# Said twice, so that no database goes through the whole log for the few that are open.
_OPEN = select(Objection.log_id).where(Objection.answered_at.is_(None))


def objections(viewer: Viewer) -> list[Any]:
    """Return the objections that wait for this person, with the acts, newest first."""
    undo = aliased(LogRow)
    rows = (
        select(LogRow.id, LogRow.at, LogRow.act, LogRow.reason, Group.name.label("group_name"),
               LogRow.subject_kind, LogRow.subject_id, _PERSON.handle.label("person"),
               LogRow.by_id, LogRow.second_id, LogRow.group_id,
               Objection.words.label("objection"),
               undo.id.is_not(None).label("undone"))
        .join(Objection, Objection.log_id == LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .outerjoin(_PERSON, _PERSON.id == LogRow.person_id)
        .outerjoin(undo, undo.undoes_id == LogRow.id)
        .where(LogRow.id.in_(_OPEN), policy.decides_objection(viewer.sql_id()))
        .order_by(LogRow.id.desc())
    )  # fmt: skip
    session, found = reading(), reading().execute(rows).all()
    return [one for one in found if may_look_again(session, one, viewer.id or 0)]


def wanted(viewer: Viewer) -> int:
    """Return how much waits for this person: proposals of others, and objections."""
    others = [one for one in proposals(viewer) if one.by_id != viewer.id]
    return len(others) + len(objections(viewer))


def who_decides_proposal(proposal_id: int) -> set[int]:
    """Return who may confirm a proposal: never who made it, nor whose words it is about."""
    session = reading()
    deciders = (
        select(Account.id)
        .select_from(Proposal)
        .outerjoin(Group, Group.id == Proposal.group_id)
        .join(Account, policy.decides_proposal(Account.id))
        .where(Proposal.id == proposal_id)
    )
    found = session.get_one(Proposal, proposal_id)
    others = set(session.scalars(deciders).all()) - concerned(found)
    return {one for one in others if may_be_second(session, found, one)}


def who_decides_objection(log_id: int) -> set[int]:
    """Return who may look at an objection: never who acted, nor who objects."""
    deciders = (
        select(Account.id)
        .select_from(LogRow)
        .join(Objection, Objection.log_id == LogRow.id)
        .outerjoin(Group, Group.id == LogRow.group_id)
        .join(Account, policy.decides_objection(Account.id))
        .where(LogRow.id == log_id)
    )
    session = reading()
    row, found = session.get_one(LogRow, log_id), session.scalars(deciders).all()
    return {one for one in found if may_look_again(session, row, one)}


def may_be_second(session: Session, proposal: Any, account_id: int) -> bool:
    """Whether somebody decides independently of the one who proposed this."""
    return independence.may_be_second(session, proposal.by_id, account_id, proposal.group_id)


def may_look_again(session: Session, row: Any, account_id: int) -> bool:
    """Whether somebody decides independently of those who have done what a row of the log says."""
    did = [one for one in (row.by_id, row.second_id) if one is not None]
    return all(independence.may_be_second(session, one, account_id, row.group_id) for one in did)


def has_second(
    session: Session, name: str, group_id: int | None, first_id: int, person_id: int | None
) -> bool:
    """Whether there is anybody who may confirm what this person would do to the other here."""
    others = (
        select(Account.id)
        .outerjoin(Group, Group.id == literal(group_id, Integer))
        .where(
            Account.id.not_in([one for one in (first_id, person_id) if one is not None]),
            policy.does(Account.id, Group.id, literal(name, String)),
            accounts.is_active(Account.id),
        )
    )
    found = session.scalars(others).all()
    return any(independence.may_be_second(session, first_id, one, group_id) for one in found)


def concerned(proposal: Any) -> set[int | None]:
    """Return whom a proposal is about, or whose words."""
    if proposal.act not in thread_actions.NAMES:
        return {proposal.person_id}
    return set(thread_actions.people(reading(), proposal.act, proposal.subject_id, proposal.value))
