"""The verb of bells: ringing what is due, once for each item and step.

An item notes in its own row which step has rung, in the transaction that writes down whom that
tells. So two processes, or one that was killed, ring nothing twice and lose nothing.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.core import clock
from forum.core.cooperative_yielding import give_way
from forum.core.db import current_session, transaction
from forum.core.events import announce
from forum.moderation.bells import policy
from forum.moderation.bells.bell_times import BELLS
from forum.moderation.bells.events import BellRung
from forum.moderation.on_call import policy as on_call_policy
from forum.moderation.on_call import recipients as on_call_recipients
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.events import ReportMade


def ring_due() -> None:
    """Ring every bell that is due."""
    now = clock.now()
    waiting = select(QueueItem.id).where(
        or_(*(policy.is_due(bell, now) for bell in BELLS)), policy.is_waiting()
    )
    for item_id in current_session().scalars(waiting.order_by(QueueItem.id)).all():
        give_way()
        with transaction() as session:
            transitions.lock_queue(session)
            _ring(session, item_id)


def ring_reported(event: ReportMade) -> None:
    """Ring at once for a report that is urgent; its transaction has the queue's turn."""
    with transaction() as session:
        session.flush()
        _ring(session, event.item_id)


def _ring(session: Session, item_id: int) -> None:
    """Ring the last bell of an item that is due, in place of those before it."""
    now = clock.now()
    for bell in sorted(BELLS, key=lambda one: one.step, reverse=True):
        this = (QueueItem.id == item_id, policy.is_due(bell, now), policy.is_waiting())
        rung = update(QueueItem).where(*this).values(rung_step=bell.step).returning(QueueItem.id)
        if session.execute(rung.execution_options(synchronize_session=False)).first():
            announce(BellRung(item_id, bell.name, tuple(_recipients(item_id)), now))
            return


def _recipients(item_id: int) -> Sequence[int]:
    """Return who is told: the group's moderators, else administrators too."""
    hears = policy.rings_for(Account.id)
    return on_call_recipients.handlers(
        item_id, hears, on_call_policy.moderates_its_group()
    ) or on_call_recipients.handlers(item_id, hears)
