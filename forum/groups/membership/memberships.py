"""The steps that the verbs of `service` are made of: seats taken and given up, and counted.

All of those that change a seat belong inside `transaction()`, after `lock()`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import NotFound
from forum.core.events import announce
from forum.groups.events import JoinRequestClosed, MemberJoined, MemberLeft
from forum.groups.models import Group, Invitation, JoinRequest, Membership


def lock(session: Session, group_id: int) -> None:
    """Make others who change this group wait until the transaction's end. Raises NotFound."""
    row = select(Group.id).where(Group.id == group_id).with_for_update(key_share=True)
    if session.scalar(row) is None:
        raise NotFound


def role_of(session: Session, group_id: int, account_id: int) -> str | None:
    """Return somebody's role in a group, suspended or not; None for somebody from outside."""
    return session.scalar(select(Membership.role).where(*membership_key(group_id, account_id)))


def add_member(
    session: Session,
    group_id: int,
    account_id: int,
    role: str,
    at: datetime | None = None,
    *,
    invitation_id: int | None = None,
) -> None:
    """Make somebody a member, if they are not one yet, and settle their request.

    Since `at` for an import. What was written until now is not new to them, whenever they joined.
    """
    if role_of(session, group_id, account_id) is not None:
        return
    now = clock.now()
    at = at or now
    session.add(
        Membership(
            account_id=account_id,
            group_id=group_id,
            role=role,
            joined_at=at,
            new_since=now,
            invitation_id=invitation_id,
        )
    )
    session.flush()
    delete_request(session, group_id, account_id)
    _step(session, group_id, 1)
    announce(MemberJoined(group_id, account_id, at))


def count_as_known(places: Sequence[tuple[int, int]], since: datetime | None = None) -> None:
    """Let what was written before `since`, or until now, be new to none of these members.

    `places` are ids of groups and accounts.
    """
    since = since or clock.now()
    given = [{"group": group, "account": account, "since": since} for group, account in places]
    with transaction() as session:
        session.connection().execute(_COUNT_AS_KNOWN, given)


_COUNT_AS_KNOWN = (
    update(Membership)
    .where(Membership.group_id == bindparam("group"), Membership.account_id == bindparam("account"))
    .values(new_since=bindparam("since"))
)


def remove_member(session: Session, group_id: int, account_id: int) -> None:
    """End somebody's membership, if they have one, and the invitations that they made."""
    gone = (
        delete(Membership)
        .where(*membership_key(group_id, account_id))
        .returning(Membership.account_id)
    )
    if session.execute(gone).first() is None:
        return
    withdraw_invitations_of(session, group_id, account_id)
    _step(session, group_id, -1)
    announce(MemberLeft(group_id, account_id, clock.now()))


def delete_request(session: Session, group_id: int, account_id: int) -> bool:
    """Take somebody's request away; return whether there was one."""
    gone = delete(JoinRequest).where(*request_key(group_id, account_id))
    if session.execute(gone.returning(JoinRequest.account_id)).first() is None:
        return False
    announce(JoinRequestClosed(group_id, account_id, clock.now()))
    return True


def withdraw_invitations_of(session: Session, group_id: int, account_id: int) -> None:
    """End the invitations of a person who no longer moderates the group."""
    session.execute(
        delete(Invitation).where(
            Invitation.group_id == group_id, Invitation.made_by_id == account_id
        )
    )


def membership_key(group_id: int, account_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that find one membership."""
    return Membership.account_id == account_id, Membership.group_id == group_id


def request_key(group_id: int, account_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that find one request to join."""
    return JoinRequest.account_id == account_id, JoinRequest.group_id == group_id


def _step(session: Session, group_id: int, by: int) -> None:
    session.execute(
        update(Group).where(Group.id == group_id).values(member_count=Group.member_count + by)
    )
