"""Somebody's standing in a group: their role, by whose hands they have it, and whether removed.

All but `carry_removal_over` belongs inside `transaction()`, after `memberships.lock()`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import transaction
from forum.core.events import announce
from forum.groups.events import RoleChanged
from forum.groups.membership import memberships, removals, removed_identities
from forum.groups.models import MEMBER, Membership


@dataclass(frozen=True)
class RoleState:
    """What somebody is in a group; `role` None is for somebody from outside.

    `hands` are the people without whom they would not have the role: who gave it, who gave it to
    those, and so on. `since` is None, and there are no hands, where the operator gave it.
    """

    role: str | None = None
    since: datetime | None = None
    hands: frozenset[int] = frozenset()
    removed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return {
            "role": self.role,
            "since": self.since.isoformat() if self.since else None,
            "hands": sorted(self.hands),
            "removed": self.removed,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RoleState":
        """Return what `as_json` has made of one."""
        since = datetime.fromisoformat(kept["since"]) if kept["since"] else None
        return cls(kept["role"], since, frozenset(kept["hands"]), kept["removed"])


def carry_removal_over(
    group_id: int, account_id: int, has_been_used_here: Callable[[str], bool]
) -> None:
    """Let a removal hold for a new account of a person recognised by this browser.

    It is kept before the account is refused, so it holds in other browsers, too, and the group's
    moderators can lift it. See `removed_identities`.
    """
    with transaction() as session:
        memberships.lock(session, group_id)
        if memberships.role_of(session, group_id, account_id) is not None:
            return
        if removed_identities.recognise(session, group_id, account_id, has_been_used_here):
            removals.record(session, group_id, account_id, recognised=True)


def role_state_of(session: Session, group_id: int, account_id: int) -> RoleState:
    """Return somebody's standing in a group."""
    removed = removals.is_removed(session, group_id, account_id)
    found = select(Membership.role, Membership.role_given_at, Membership.role_granted_by)
    row = session.execute(
        found.where(*memberships.membership_key(group_id, account_id))
    ).one_or_none()
    if row is None:
        return RoleState(removed=removed)
    return RoleState(row.role, row.role_given_at, frozenset(row.role_granted_by), removed)


def set_role_state(
    session: Session, group_id: int, account_id: int, wanted: RoleState, by_id: int | None
) -> None:
    """Make somebody's standing what is wanted, and announce what that changes."""
    if wanted.removed:
        removals.record(session, group_id, account_id)
        memberships.delete_request(session, group_id, account_id)
    else:
        removals.lift(session, group_id, account_id)
    before = memberships.role_of(session, group_id, account_id)
    if wanted.role is None:
        memberships.remove_member(session, group_id, account_id)
        return
    if before is None:
        memberships.add_member(session, group_id, account_id, MEMBER)
    session.execute(
        update(Membership)
        .where(*memberships.membership_key(group_id, account_id))
        .values(role=wanted.role, role_given_at=wanted.since, role_granted_by=sorted(wanted.hands))
        .execution_options(synchronize_session="fetch")
    )
    if wanted.role == MEMBER:
        memberships.withdraw_invitations_of(session, group_id, account_id)
    if wanted.role != (before or MEMBER):
        announce(RoleChanged(group_id, account_id, wanted.role, by_id, clock.now()))
