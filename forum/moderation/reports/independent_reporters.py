"""How many members reported something independently of each other.

Somebody could bring friends, or accounts of their own, to silence a person. So new accounts do not
count, nor people who have left the group, and those count as one who share an address or came by an
invitation of each other's, or by the same one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import emails
from forum.accounts.models import Account
from forum.accounts.policy import is_active
from forum.groups.models import Invitation, Membership
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.models import Report

OLD_ENOUGH = timedelta(days=7)


def count(session: Session, item: QueueItem, now: datetime) -> int:
    """Return how many members of its group reported an item independently of each other."""
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
    found = session.execute(reporters).all()
    links: list[set[object]] = [
        {row.id} | ({f"at {emails.mailbox(row.email)}"} if row.email else set()) for row in found
    ]
    came = (
        select(Membership.account_id, Membership.invitation_id, Invitation.made_by_id)
        .outerjoin(Invitation, Invitation.id == Membership.invitation_id)
        .where(
            Membership.account_id.in_([row.id for row in found]),
            Membership.invitation_id.is_not(None),
        )
    )
    for row in session.execute(came):
        links.append({row.account_id, f"by {row.invitation_id}"})
        links.append({row.account_id, row.made_by_id or row.account_id})
    return _separate({row.id for row in found}, links)


def _separate(people: Iterable[int], links: Iterable[set[object]]) -> int:
    """Return into how many parts people fall when those who share anything belong together."""
    parts: list[set[object]] = []
    for link in links:
        touched = [part for part in parts if part & link]
        parts = [part for part in parts if not part & link]
        parts.append(link.union(*touched))
    ids = set(people)
    return sum(bool(part & ids) for part in parts)
