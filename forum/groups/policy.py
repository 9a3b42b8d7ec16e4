"""Who may see a group, read in it, and moderate it.

Each rule is a SQL condition on `Group` for a viewer id, which may be one person's or a column:
the same rule then answers "may she" and "who may".
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    SQLColumnExpression,
    and_,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from forum.accounts import policy as accounts
from forum.accounts.models import ADMINISTRATOR, Account
from forum.accounts.policy import Viewer, ViewerId
from forum.core.errors import Forbidden
from forum.core.translation import _, lazy
from forum.groups.models import FACILITATOR, HIDDEN, MEMBER, MODERATOR, Group, Membership

MODERATING_ROLES = (FACILITATOR, MODERATOR)
ROLE_NAMES = {
    MEMBER: lazy("member"),
    FACILITATOR: lazy("facilitator"),
    MODERATOR: lazy("moderator"),
    ADMINISTRATOR: lazy("administrator"),
}
RANK = {MEMBER: 0, FACILITATOR: 1, MODERATOR: 2}
_MEMBERSHIP = aliased(Membership)  # one for all rules, as in accounts.policy


def belongs(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person is a member, in any role, and not suspended."""
    return and_(_has_membership(viewer_id), accounts.is_active(viewer_id))


def moderates(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person facilitates or moderates it, or administers the site."""
    return or_(
        and_(_has_membership(viewer_id, MODERATING_ROLES), accounts.is_active(viewer_id)),
        accounts.administers(viewer_id),
    )


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person may know that it exists and what it is."""
    return or_(Group.visibility != HIDDEN, belongs(viewer_id), accounts.administers(viewer_id))


def readable_by(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person may read what is said in it."""
    return or_(Group.readable_by_all.is_(True), belongs(viewer_id), accounts.administers(viewer_id))


def moderating_accounts(group_id: SQLColumnExpression[Any]) -> CompoundSelect[Any]:
    """Return the ids of a group's possible moderators: few, so rules then compare with them."""
    return union_all(
        select(Account.id).where(Account.role == ADMINISTRATOR),
        select(_MEMBERSHIP.account_id).where(
            _MEMBERSHIP.group_id == group_id, _MEMBERSHIP.role.in_(MODERATING_ROLES)
        ),
    )


def is_moderator(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person moderates it, or administers the site."""
    return or_(
        and_(_has_membership(viewer_id, (MODERATOR,)), accounts.is_active(viewer_id)),
        accounts.administers(viewer_id),
    )


def meets(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: no block is between the viewer and another person in it.

    Nobody can hide by a block from moderators; what they themselves choose not to see, they do not
    see.
    """
    # First because it is evaluated once, and the rest for every post.
    return or_(
        not_(accounts.has_any_mute_or_block(viewer_id)),
        and_(
            not_(accounts.mutes_or_blocks(viewer_id, other_id)),
            is_not_blocked_by(viewer_id, other_id),
        ),
    )


def is_not_blocked_by(viewer_id: ViewerId, by_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the viewer is nobody whom this person has blocked, or moderates it."""
    return or_(not_(accounts.is_blocked_by(viewer_id, by_id)), moderates(viewer_id))


def is_member(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Group: the person is a member, suspended or not."""
    return _has_membership(account_id)


def require_founder(by: Viewer) -> None:
    """Raise LoginNeeded or Forbidden for anyone who may not found groups."""
    accounts.member_id(by)
    if not by.is_administrator:
        raise Forbidden(_("Only administrators can create a group."))


def share_a_group(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the two are members of the same group, and the viewer is not suspended."""
    hers, theirs = aliased(Membership), aliased(Membership)
    beside = accounts.row_exists(
        theirs, theirs.account_id == other_id, theirs.group_id == hers.group_id
    )
    together = accounts.row_exists(hers, hers.account_id == viewer_id, beside)
    return and_(together, accounts.is_active(viewer_id))


def may_know(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the viewer may know of this other from a group that both are in.

    Also of whom they avoid already; and who administers the site knows of everybody.
    """
    place = aliased(Membership)
    both = accounts.row_exists(
        Group, Group.id == place.group_id, belongs(viewer_id), meets(viewer_id, other_id)
    )
    return or_(
        accounts.mutes_or_blocks(viewer_id, other_id),
        accounts.administers(viewer_id),
        accounts.row_exists(place, place.account_id == other_id, both),
    )


def outranks(role: str | None, other: str) -> bool:
    """Whether somebody with one role in a group may act on somebody with another."""
    return role is not None and RANK[role] > RANK[other]


def _has_membership(viewer_id: ViewerId, roles: tuple[str, ...] = ()) -> ColumnElement[bool]:
    conditions = [_MEMBERSHIP.account_id == viewer_id, _MEMBERSHIP.group_id == Group.id]
    if roles:
        conditions.append(or_(*(_MEMBERSHIP.role == role for role in roles)))
    return accounts.row_exists(_MEMBERSHIP, *conditions)
