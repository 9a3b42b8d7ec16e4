"""Whom to tell of a queue item, or of a group: those on call, else others who moderate it."""

from sqlalchemy import ColumnElement, Integer, and_, literal, not_, or_, select, true

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import row_exists
from forum.core import clock
from forum.core.db import current_session
from forum.groups import policy as groups
from forum.groups.models import Group
from forum.moderation.on_call import policy
from forum.moderation.on_call.models import Shift
from forum.moderation.queue_items import policy as queue_policy
from forum.moderation.queue_items.models import QueueItem


def accounts_on_call(item_id: int) -> list[int]:
    """Return the accounts to tell of an item: who is on call for it, else who may handle it.

    Moderators on a break are included when there is nobody else at all.
    """
    for those in (policy.on_call_for_item(), not_(policy.rests()), true()):
        if found := handlers(item_id, those):
            return found
    return []


def handlers(item_id: int, *which: ColumnElement[bool]) -> list[int]:
    """Return the accounts that may handle an item, of those of whom this is true.

    The conditions are on Account, and on QueueItem with its Group, if it has one.
    """
    group_id = select(QueueItem.group_id).where(QueueItem.id == item_id).correlate(None)
    some = groups.moderating_accounts(group_id.scalar_subquery())
    found = (
        select(Account.id)
        .select_from(QueueItem)
        .outerjoin(Group, Group.id == QueueItem.group_id)
        .join(Account, queue_policy.visible_to(Account.id))
        .where(QueueItem.id == item_id, Account.id.in_(some), *which)
    )
    return list(current_session().scalars(found))


def moderates_group(account_id: int | None, group_id: int) -> bool:
    """Whether this account moderates a group now; nobody does who has left or is suspended."""
    if account_id is None:
        return False
    here = groups.moderates(literal(account_id, Integer))
    return bool(current_session().scalar(select(here).where(Group.id == group_id)))


def moderators_to_tell(group_id: int) -> list[int]:
    """Return who is told of what concerns a group and is no item of its queue.

    That is who is on call for it; else who moderates it; else administrators. Moderators on a break
    are included when there is nobody else at all.
    """
    now = clock.now()
    on_call = row_exists(
        Shift,
        Shift.account_id == Account.id,
        policy.is_running(now),
        or_(Shift.group_id.is_(None), Shift.group_id == group_id),
    )
    own = or_(groups.belongs(Account.id), not_(accounts.administers(Account.id)))
    found = (
        select(Account.id)
        .select_from(Group)
        .join(Account, groups.moderates(Account.id))
        .where(
            Group.id == group_id,
            Account.id.in_(groups.moderating_accounts(literal(group_id, Integer))),
        )
    )
    for those in (on_call, and_(own, not_(policy.rests())), not_(policy.rests()), true()):
        if told := list(current_session().scalars(found.where(those))):
            return told
    return []
