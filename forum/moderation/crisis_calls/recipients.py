"""Whom each step calls: those on duty, then everybody who moderates, then administrators too."""

from sqlalchemy import ColumnElement, and_, not_, or_

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.groups import policy as groups
from forum.moderation.crisis_calls.models import ADMINISTRATORS, MODERATORS
from forum.moderation.on_call import rota
from forum.moderation.queue_items.models import QueueItem


def called_at(step: int, item: QueueItem) -> list[int]:
    """Return the accounts that a step calls; who has been handed the item is among them.

    Each step calls those of the steps before, too. Whoever rests is left in peace until the last.
    """
    people = rota.accounts_on_call(item.id)
    if step >= ADMINISTRATORS:
        people += rota.handlers(item.id)
    elif step >= MODERATORS:
        people += rota.handlers(item.id, _moderates_group(), not_(rota.rests()))
    if item.claimed_by_id is not None:
        people.append(item.claimed_by_id)
    return list(dict.fromkeys(people))


def _moderates_group() -> ColumnElement[bool]:
    """Condition: more than an administrator, who moderates every group; or the item has no group.

    What concerns the whole site has no other moderators.
    """
    in_group = and_(QueueItem.group_id.is_not(None), groups.belongs(Account.id))
    return or_(QueueItem.group_id.is_(None), not_(accounts.administers(Account.id)), in_group)
