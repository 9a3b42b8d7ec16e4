"""Ranks: as whom somebody acts in a group or on the site, and on whom."""

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from forum.accounts.models import ADMINISTRATOR as ADMINISTRATOR_ROLE
from forum.accounts.models import Account
from forum.accounts.policy import is_active
from forum.groups.models import Membership
from forum.groups.policy import RANK

OUTSIDER, MEMBER, FACILITATOR, MODERATOR, ADMINISTRATOR = range(-1, 4)


def rank_of(session: Session, account_id: int | None, group_id: int | None) -> int:
    """Return the rank by which somebody may act now; the suspended have none."""
    return rank_among(session, account_id, group_id, ())[0]


def rank_among(
    session: Session,
    account_id: int | None,
    group_id: int | None,
    others: Collection[int | None],
) -> tuple[int, dict[int | None, int]]:
    """Return the same with the standings of others, in one read."""
    standings, active = _standings(session, group_id, {account_id, *others})
    rank = standings[account_id] if account_id in active else OUTSIDER
    return rank, {one: standings[one] for one in others}


def standing_of(session: Session, account_id: int | None, group_id: int | None) -> int:
    """Return somebody's rank in a group, or on the site when that is None, suspended or not."""
    return _standings(session, group_id, [account_id])[0][account_id]


def _standings(
    session: Session, group_id: int | None, account_ids: Collection[int | None]
) -> tuple[dict[int | None, int], set[int | None]]:
    """Return the standings of some people, and who of them is active.

    Nobody's rank, as of posts without an author, is there too.
    """
    in_group = and_(Membership.account_id == Account.id, Membership.group_id == group_id)
    found = (
        select(
            Account.id,
            Account.role,
            Membership.role.label("group_role"),
            is_active(Account.id).label("active"),
        )
        .outerjoin(Membership, in_group)
        .where(Account.id.in_([one for one in account_ids if one is not None]))
    )
    standings: dict[int | None, int] = dict.fromkeys(account_ids, OUTSIDER)
    active: set[int | None] = set()
    for row in session.execute(found):
        if row.active:
            active.add(row.id)
        if row.role == ADMINISTRATOR_ROLE:
            standings[row.id] = ADMINISTRATOR
        elif group_id is None:
            standings[row.id] = MEMBER
        elif row.group_role is not None:
            standings[row.id] = RANK[row.group_role]
    return standings, active
