"""What waits about a conversation follows it to another group, to those who look after it there."""

from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from forum.core.background.yielding import give_way
from forum.core.db import transaction
from forum.core.events import announce
from forum.moderation.actions import action_targets
from forum.moderation.actions.content_actions import FACILITATOR, POST, THREAD
from forum.moderation.events import ActProposed
from forum.moderation.models import Proposal
from forum.moderation.queue import transitions as steps
from forum.moderation.queue.events import CrisisWaits
from forum.moderation.queue.models import HANDED_OVER, QueueEntry
from forum.moderation.queue.policy import CRISIS
from forum.threads.events import ThreadMoved
from forum.threads.models import Post

NOTE = "Its conversation was moved here from another group."


def moved(event: ThreadMoved) -> None:
    """Bring entries of the queue and proposals to the new group; claims of its own people hold."""
    posts = select(Post.id).where(Post.thread_id == event.thread_id)
    about = (
        QueueEntry.subject_kind == POST, QueueEntry.subject_id.in_(posts),
        QueueEntry.group_id == event.from_group_id,
    )  # fmt: skip
    with transaction() as session:
        steps.take_turn(session)  # a report that is being made goes to one group or the other
        waiting = select(QueueEntry).where(*about, QueueEntry.resolved_at.is_(None))
        for entry in session.scalars(waiting.order_by(QueueEntry.id)).all():
            _bring(session, entry, event)
        waits_too = or_(
            and_(Proposal.subject_kind == THREAD, Proposal.subject_id == event.thread_id),
            and_(Proposal.subject_kind == POST, Proposal.subject_id.in_(posts)),
        )
        give_way()
        session.execute(
            update(QueueEntry)
            .where(*about)
            .values(group_id=event.to_group_id)
            .execution_options(synchronize_session=False)
        )
        give_way()  # each of these goes through the conversation's posts
        proposed = session.scalars(
            update(Proposal)
            .where(Proposal.group_id == event.from_group_id, waits_too)
            .values(group_id=event.to_group_id)
            .returning(Proposal.id)
            .execution_options(synchronize_session=False)
        ).all()
        for proposal_id in proposed:
            announce(ActProposed(proposal_id, event.at))


def _bring(session: Session, entry: QueueEntry, event: ThreadMoved) -> None:
    claim: dict[str, Any] = {}
    if action_targets.rank_of(session, entry.claimed_by_id, event.to_group_id) < FACILITATOR:
        claim = {"claimed_by_id": None, "claimed_at": None}
    steps.change(
        session, entry, HANDED_OVER, event.by_id, event.at, NOTE,
        group_id=event.to_group_id, **claim,
    )  # fmt: skip
    if entry.urgency == CRISIS:
        announce(CrisisWaits(entry.id, event.at))
