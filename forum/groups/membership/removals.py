"""That somebody was removed from a group, which holds until a moderator of it lets them back."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import current_session
from forum.core.errors import Forbidden
from forum.core.translation import lazy
from forum.groups.membership import removed_identities
from forum.groups.models import GroupRemoval, Invitation, Membership

REMOVED = lazy(
    "You can't join this group for now, because a moderator removed you. Under Account, you can "
    "read why and appeal."
)
RECOGNISED = lazy(
    "This account can't join, because someone who used this browser was removed from the group. "
    "If that wasn't you, please write to us. The page Complaints says how."
)


def is_removed(session: Session, group_id: int, account_id: int) -> bool:
    """Whether somebody was removed from a group and not let back since."""
    return session.get(GroupRemoval, (account_id, group_id)) is not None


def is_removed_somewhere(account_id: int) -> bool:
    """Whether somebody was removed from any group and not let back since."""
    removal = select(GroupRemoval.group_id).where(GroupRemoval.account_id == account_id)
    return current_session().execute(removal.limit(1)).first() is not None


def require_not_removed(session: Session, group_id: int, account_id: int) -> None:
    """Raise Forbidden for a person who was removed from this group."""
    removal = session.get(GroupRemoval, (account_id, group_id))
    if removal is not None:
        raise Forbidden(RECOGNISED if removal.recognised else REMOVED, code="removed")


def record(session: Session, group_id: int, account_id: int, *, recognised: bool = False) -> None:
    """Keep that somebody is removed, and end the invitation that they came by.

    Call it while they are still a member, within `transaction()` and after `memberships.lock()`.
    """
    if is_removed(session, group_id, account_id):
        return
    used = select(Membership.invitation_id).where(
        Membership.account_id == account_id,
        Membership.group_id == group_id,
        Membership.joined_at >= Invitation.created_at,  # SQLite may give a number again
    )
    session.execute(
        delete(Invitation).where(Invitation.id.in_(used), Invitation.group_id == group_id)
    )
    session.add(
        GroupRemoval(
            account_id=account_id,
            group_id=group_id,
            removed_at=clock.now(),
            recognised=recognised,
        )
    )
    removed_identities.remember(session, group_id, account_id)
    session.flush()


def lift(session: Session, group_id: int, account_id: int) -> None:
    """Let somebody join again who was removed; harmless for anybody else."""
    session.execute(
        delete(GroupRemoval)
        .where(GroupRemoval.account_id == account_id, GroupRemoval.group_id == group_id)
        .execution_options(synchronize_session="fetch")
    )
    removed_identities.forget(session, group_id, account_id)
