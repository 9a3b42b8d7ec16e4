"""Whom each step calls: those on duty, then everybody who moderates, then administrators too."""

from sqlalchemy import not_

from forum.moderation.crisis_calls.models import ADMINISTRATORS, MODERATORS
from forum.moderation.on_call import policy as on_call_policy
from forum.moderation.on_call import recipients as on_call_recipients
from forum.moderation.queue_items.models import QueueItem


def called_at(step: int, item: QueueItem) -> list[int]:
    """Return the accounts that a step calls; who has been handed the item is among them.

    Each step calls those of the steps before, too. Whoever rests is left in peace until the last.
    """
    people = on_call_recipients.accounts_on_call(item.id)
    if step >= ADMINISTRATORS:
        people += on_call_recipients.handlers(item.id)
    elif step >= MODERATORS:
        people += on_call_recipients.handlers(
            item.id, on_call_policy.moderates_its_group(), not_(on_call_policy.rests())
        )
    if item.claimed_by_id is not None:
        people.append(item.claimed_by_id)
    return list(dict.fromkeys(people))
