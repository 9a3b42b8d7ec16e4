"""How many members reported something independently of each other.

Somebody could bring friends, or accounts of their own, to silence a person. So new accounts do not
count, nor people who have left the group, and those count as one who share an address, of whom one
invited the other, also through others, or who came by the same invitation. Who moderates the group
invites everybody: that alone connects nobody.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer

from forum.accounts.identity import emails
from forum.accounts.models import Account
from forum.accounts.policy import is_active
from forum.groups import policy as groups
from forum.groups.models import Group, Invitation, Membership
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.models import Report

OLD_ENOUGH = timedelta(days=7)


def count(session: Session, item: QueueItem, now: datetime, by: datetime | None = None) -> int:
    """Return how many members of its group reported an item independently of each other.

    With `by`, count those alone who had reported it by then.
    """
    reporters = (
        select(Account.id, Account.email)
        .join(Report, Report.reporter_id == Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Report.item_id == item.id,
            Membership.group_id == item.group_id,
            Account.created_at <= now - OLD_ENOUGH,
            is_active(Account.id),
        )
    )
    if by is not None:
        reporters = reporters.where(Report.created_at <= by)
    found = session.execute(reporters).all()
    links: list[set[object]] = [
        {row.id} | ({f"at {emails.mailbox(row.email)}"} if row.email else set()) for row in found
    ]
    people = {row.id for row in found}
    links += _invitations(session, people, item.group_id)
    return _separate(people, links)


def _invitations(
    session: Session, people: Collection[int], group_id: int | None
) -> list[set[object]]:
    """Return what connects people by invitations, up to who invited first."""
    team = set(session.scalars(_moderators(group_id)))
    links: list[set[object]] = []
    known, ahead = set[int](), set(people)
    while ahead:
        known |= ahead
        came = (
            select(Membership.account_id, Membership.invitation_id, Invitation.made_by_id)
            .outerjoin(Invitation, Invitation.id == Membership.invitation_id)
            .where(Membership.account_id.in_(ahead), Membership.invitation_id.is_not(None))
        )
        inviters = set[int]()
        for row in session.execute(came):
            links.append({row.account_id, f"by {row.invitation_id}"})
            if row.made_by_id in people or (row.made_by_id and row.made_by_id not in team):
                links.append({row.account_id, row.made_by_id})
                inviters.add(row.made_by_id)
        ahead = inviters - known
    return links


def _moderators(group_id: int | None) -> Select[int]:
    return (
        select(Account.id)
        .join(Group, groups.moderates(Account.id))
        .where(
            Group.id == group_id,
            Account.id.in_(groups.moderating_accounts(literal(group_id, Integer))),
        )
    )


def _separate(people: Iterable[int], links: Iterable[set[object]]) -> int:
    """Return into how many parts people fall when those who share anything belong together."""
    parts: list[set[object]] = []
    for link in links:
        touched = [part for part in parts if part & link]
        parts = [part for part in parts if not part & link]
        parts.append(link.union(*touched))
    ids = set(people)
    return sum(bool(part & ids) for part in parts)
