"""Whom each step calls: those on duty, then everybody who moderates, then administrators too."""

from sqlalchemy import ColumnElement, and_, not_, or_, select, true

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import row_exists
from forum.core import clock
from forum.core.db import current_session
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.crisis_calls.models import ADMINISTRATORS, MODERATORS
from forum.moderation.on_call import rota
from forum.moderation.on_call.models import OnCallBreak
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items.models import QueueItem


def called_at(step: int, item: QueueItem) -> list[int]:
    """Return the accounts that a step calls; who has been handed the item is among them.

    Each step calls those of the steps before, too. Whoever rests is left in peace until the last.
    """
    people = rota.accounts_on_call(item.id)
    if step >= MODERATORS:
        people += _handlers(item.id, _moderates_group() if step < ADMINISTRATORS else true(), step)
    if item.claimed_by_id is not None:
        people.append(item.claimed_by_id)
    return list(dict.fromkeys(people))


def _handlers(item_id: int, which: ColumnElement[bool], step: int) -> list[int]:
    """Return who may handle an item, of those of whom this is true."""
    group_id = select(QueueItem.group_id).where(QueueItem.id == item_id).correlate(None)
    rests = row_exists(
        OnCallBreak, OnCallBreak.account_id == Account.id, OnCallBreak.until > clock.now()
    )
    found = (
        select(Account.id)
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .join(Account, queue_policy.visible_to(Account.id))
        .where(
            QueueItem.id == item_id,
            Account.id.in_(groups.moderating_accounts(group_id.scalar_subquery())),
            which,
            true() if step == ADMINISTRATORS else not_(rests),
        )
    )
    return list(current_session().scalars(found))


def _moderates_group() -> ColumnElement[bool]:
    """Condition: more than an administrator, who moderates every group; or the item has no group.

    What concerns the whole site has no other moderators.
    """
    in_group = and_(QueueItem.group_id.is_not(None), groups.belongs(Account.id))
    return or_(QueueItem.group_id.is_(None), not_(accounts.administers(Account.id)), in_group)
