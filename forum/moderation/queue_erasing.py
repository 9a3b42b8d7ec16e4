"""What is left in the queue of somebody who erases themselves: counts, and nobody's words."""

from sqlalchemy import update

from forum.core.db import transaction
from forum.moderation import queue
from forum.moderation.queue_models import QueueStep, Report


def erase(account_id: int) -> None:
    """Part somebody from their reports, notes and claims; shifts go with their account."""
    with transaction() as session:
        queue.pass_on(session, account_id, "")
        session.execute(
            update(Report)
            .where(Report.reporter_id == account_id)
            .values(words="", answer="", reporter_id=None)
        )
        session.execute(
            update(QueueStep).where(QueueStep.by_id == account_id).values(note="", by_id=None)
        )
