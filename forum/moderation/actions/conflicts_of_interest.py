"""Whether two people decide independently of each other: four eyes must be two people's.

Somebody could give a second account a role, and confirm with it what the first one proposes. So an
approver has had their role in the group for a week, or from the operator; and no third person who
is no administrator, and neither of the two, may have given both their roles.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import ADMINISTRATOR, Account
from forum.core import clock
from forum.core.translation import lazy
from forum.groups.membership import roles

ROLE_HELD_FOR = timedelta(days=7)
NOT_INDEPENDENT = lazy(
    "Someone else has to approve this. They must have had their role for a week, and not through "
    "the person who proposed this. Administrators can always approve it."
)


def backers(session: Session, account_id: int, group_id: int | None) -> frozenset[int]:
    """Return somebody with those without whom they would not have their role in the group."""
    if group_id is None:
        return frozenset({account_id})
    return roles.role_state_of(session, group_id, account_id).hands | {account_id}


def is_independent(session: Session, first_id: int, approver_id: int, group_id: int | None) -> bool:
    """Whether the second person may confirm, or look again at, what the first one chose."""
    if first_id == approver_id:
        return False
    if group_id is None or _administrators(session, {approver_id}):
        return True
    since = roles.role_state_of(session, group_id, approver_id).since
    if since is not None and since > clock.now() - ROLE_HELD_FOR:
        return False
    shared = backers(session, first_id, group_id) & backers(session, approver_id, group_id)
    if shared & {first_id, approver_id}:
        return False
    return shared <= _administrators(session, shared)


def _administrators(session: Session, account_ids: set[int] | frozenset[int]) -> frozenset[int]:
    found = select(Account.id).where(Account.id.in_(account_ids), Account.role == ADMINISTRATOR)
    return frozenset(session.scalars(found))
