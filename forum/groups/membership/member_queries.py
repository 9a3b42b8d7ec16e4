"""Reads about the people of a group: members, leaders, requests, invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, not_, select
from sqlalchemy.sql import Select

from forum.accounts import policy as accounts
from forum.accounts.identity.handles import skeleton
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import at_most, current_session
from forum.core.errors import Forbidden
from forum.core.translation import _
from forum.core.web import paging
from forum.groups import policy
from forum.groups.models import (
    FACILITATOR,
    MODERATOR,
    Group,
    GroupRemoval,
    Invitation,
    JoinRequest,
    Membership,
)
from forum.groups.queries import GroupView

MEMBERS_A_PAGE = 50
MAX_HANDLES = 8
MAX_REQUESTS = 100
HANDLE_MAX = 60  # marks may be typed apart from their letters
_HIGHEST_FIRST = case({MODERATOR: 0, FACILITATOR: 1}, value=Membership.role, else_=2)


@dataclass(frozen=True)
class Member:
    """Somebody in a group, and what the viewer may do about their place there."""

    account_id: int
    handle: str
    role: str
    joined_at: datetime
    may_change: bool
    may_remove: bool


@dataclass(frozen=True)
class JoinRequestView:
    """Someone who asks to be let in."""

    account_id: int
    handle: str
    message: str
    created_at: datetime


@dataclass(frozen=True)
class InvitationView:
    """An invitation that still works."""

    id: int
    made_by: str | None
    uses_left: int
    created_at: datetime
    expires_at: datetime


def count_members(viewer: Viewer, group: GroupView) -> int:
    """Return how many members the viewer meets. Raises LoginNeeded or Forbidden from outside."""
    _require_member(viewer, group)
    return current_session().scalar(_met(viewer, group).with_only_columns(func.count())) or 0


def members(viewer: Viewer, group: GroupView, page: int) -> list[Member]:
    """Return one page of the members whom the viewer meets, moderators first.

    Raises LoginNeeded or Forbidden for people from outside.
    """
    _require_member(viewer, group)
    found = _met(viewer, group).order_by(_HIGHEST_FIRST, Account.handle_sort, Account.id)
    rows = current_session().execute(
        found.limit(MEMBERS_A_PAGE).offset((page - 1) * MEMBERS_A_PAGE)
    )
    return [_member(viewer, group, row) for row in rows]


def moderators(viewer: Viewer, group: GroupView) -> list[Member]:
    """Return the group's moderators, for its members; nobody for people from outside."""
    if not (group.belongs or group.moderates):
        return []
    found = _met(viewer, group).where(Membership.role.in_(policy.MODERATING_ROLES))
    rows = current_session().execute(
        found.order_by(_HIGHEST_FIRST, Account.handle_sort, Account.id)
    )
    return [_member(viewer, group, row) for row in rows]


def handles(viewer: Viewer, group: GroupView, beginning: str) -> list[str]:
    """Return up to 8 handles of members that begin so, of people whom one can talk to.

    Raises LoginNeeded or Forbidden for people from outside, and Invalid.
    """
    _require_member(viewer, group)
    beginning = text.one_line(beginning, "q", most=HANDLE_MAX)
    me = viewer.sql_id()
    found = (
        select(Account.handle)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.group_id == group.id,
            Account.id != me,
            accounts.is_active(Account.id),
            not_(accounts.mutes_or_blocks(me, Account.id)),
            not_(accounts.is_blocked_by(me, Account.id)),
        )
    )
    key = skeleton(beginning)
    if beginning and not key:
        return []
    found = found.where(Account.handle_skeleton.startswith(key, autoescape=True)) if key else found
    return list(
        current_session().scalars(
            found.order_by(Account.handle_sort, Account.id).limit(MAX_HANDLES)
        )
    )


def join_requests(viewer: Viewer, group: GroupView) -> list[JoinRequestView]:
    """Return the first 100 who ask to be let in, the longest waiting first. Raises Forbidden."""
    require_moderates(viewer, group)
    rows = current_session().execute(
        select(Account.id, Account.handle, JoinRequest.message, JoinRequest.created_at)
        .join(JoinRequest, JoinRequest.account_id == Account.id)
        .where(JoinRequest.group_id == group.id)
        .order_by(JoinRequest.created_at, Account.id)
        .limit(at_most(MAX_REQUESTS))
    )
    return [JoinRequestView(*row) for row in rows]


def members_among(group_id: int, account_ids: Collection[int]) -> set[int]:
    """Of some accounts, return the members of a group."""
    found = (
        select(Account.id)
        .join(Group, Group.id == group_id)
        .where(Account.id.in_(account_ids), policy.belongs(Account.id))
    )
    return set(current_session().scalars(found))


def count_join_requests(viewer: Viewer) -> Sequence[Row[str, str, int]]:
    """Return slug, name and number of requests of the groups that the viewer moderates."""
    found = (
        select(Group.slug, Group.name, func.count().label("requests"))
        .join(JoinRequest, JoinRequest.group_id == Group.id)
        .where(policy.moderates(viewer.sql_id()))
        .group_by(Group.id, Group.slug, Group.name)
        .order_by(Group.id)
    )
    return current_session().execute(found).all()


def removed(group: GroupView) -> list[Row[int, str, datetime]]:
    """Return who was removed and not let back, the latest first; nobody but to moderators."""
    if not group.is_moderator:
        return []
    found = (
        select(Account.id.label("account_id"), Account.handle, GroupRemoval.removed_at)
        .join(GroupRemoval, GroupRemoval.account_id == Account.id)
        .where(GroupRemoval.group_id == group.id)
        .order_by(GroupRemoval.removed_at.desc(), Account.id)
    )
    return list(current_session().execute(found))


def own_request_message(viewer: Viewer, group: GroupView) -> str:
    """Return what the viewer wrote when they asked to be let in."""
    asked = select(JoinRequest.message).where(JoinRequest.account_id == viewer.sql_id())
    return current_session().scalar(asked.where(JoinRequest.group_id == group.id)) or ""


def invitations(viewer: Viewer, group: GroupView, page: int = 1) -> list[InvitationView]:
    """Return a page of the group's invitations that still work, the newest first.

    Raises LoginNeeded or Forbidden.
    """
    return [InvitationView(*row) for row in paging.page_of(_invitations(viewer, group), page)]


def count_invitations(viewer: Viewer, group: GroupView) -> int:
    """Return how many such invitations there are. Raises LoginNeeded or Forbidden."""
    return paging.count(_invitations(viewer, group))


def _invitations(viewer: Viewer, group: GroupView) -> Select[*tuple[Any, ...]]:
    require_moderates(viewer, group)
    return (
        select(
            Invitation.id,
            Account.handle,
            Invitation.uses_left,
            Invitation.created_at,
            Invitation.expires_at,
        )
        .outerjoin(Account, Account.id == Invitation.made_by_id)
        .where(
            Invitation.group_id == group.id,
            Invitation.uses_left > 0,
            Invitation.expires_at > clock.now(),
        )
        .order_by(Invitation.id.desc())
    )


def require_moderates(viewer: Viewer, group: GroupView) -> None:
    """Raise LoginNeeded or Forbidden for anyone who does not moderate the group."""
    member_id(viewer)
    if not group.moderates:
        raise Forbidden(_("This is for moderators of the group."))


def _met(viewer: Viewer, group: GroupView) -> Select[int, str, str, datetime]:
    me = viewer.sql_id()
    return (
        select(Account.id, Account.handle, Membership.role, Membership.joined_at)
        .join(Membership, Membership.account_id == Account.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.id == group.id, policy.meets(me, Account.id))
    )


def _member(viewer: Viewer, group: GroupView, row: Row[int, str, str, datetime]) -> Member:
    account_id, handle, role, joined_at = row
    oneself = account_id == viewer.id
    above = viewer.is_administrator or policy.outranks(group.role, role)
    return Member(
        account_id,
        handle,
        role,
        joined_at,
        may_change=group.is_moderator and (above or oneself),
        may_remove=group.moderates and above and not oneself,
    )


def _require_member(viewer: Viewer, group: GroupView) -> None:
    member_id(viewer)
    if not (group.belongs or group.moderates):
        raise Forbidden(_("This is for members of the group."))
