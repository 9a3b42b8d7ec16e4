"""Queue items about a thread follow it to another group, to the moderators there."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.core.cooperative_yielding import give_way
from forum.core.db import transaction
from forum.core.events import announce
from forum.core.text import stock_reasons
from forum.moderation.actions import role_ranks
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import POST
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.events import CrisisAlertRaised
from forum.moderation.queue_items.models import HANDED_OVER, QueueItem
from forum.moderation.queue_items.policy import CRISIS
from forum.threads.events import ThreadMoved
from forum.threads.models import Post


def follow_thread(event: ThreadMoved) -> None:
    """Bring queue items to the new group; claims of its own moderators hold."""
    posts = select(Post.id).where(Post.thread_id == event.thread_id)
    about = (
        QueueItem.target_kind == POST,
        QueueItem.target_id.in_(posts),
        QueueItem.group_id == event.from_group_id,
    )
    with transaction() as session:
        # A report that is being made goes to one group or the other.
        transitions.lock_queue(session)
        waiting = select(QueueItem).where(*about, QueueItem.resolved_at.is_(None))
        for item in session.scalars(waiting.order_by(QueueItem.id)).all():
            _move_item(session, item, event)
        give_way()  # each of these goes through the thread's posts
        session.execute(
            update(QueueItem)
            .where(*about)
            .values(group_id=event.to_group_id)
            .execution_options(synchronize_session=False)
        )


def _move_item(session: Session, item: QueueItem, event: ThreadMoved) -> None:
    claim: dict[str, Any] = {}
    if role_ranks.rank_of(session, item.claimed_by_id, event.to_group_id) < FACILITATOR:
        claim = {"claimed_by_id": None, "claimed_at": None}
    transitions.change_item(
        session,
        item,
        HANDED_OVER,
        event.by_id,
        event.at,
        stock_reasons.THREAD_MOVED,
        group_id=event.to_group_id,
        rung_step=0,  # its new moderators have heard of none
        **claim,
    )
    if item.urgency == CRISIS:
        announce(CrisisAlertRaised(item.id, event.at))
