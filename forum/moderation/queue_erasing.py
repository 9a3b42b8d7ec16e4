"""What is left in the queue of somebody who erases themselves: counts, and nobody's words."""

from sqlalchemy import select, update

from forum.accounts.models import Account
from forum.core.db import transaction
from forum.meetings.erasing import FORMER
from forum.moderation import kept, queue
from forum.moderation.queue_models import QueueStep, Report


def erase(account_id: int) -> None:
    """Part somebody from their reports, notes and claims; shifts go with their account.

    What an open report keeps of what they said goes, whatever becomes of their other words.
    """
    with transaction() as session:
        handle = session.scalars(select(Account.handle).where(Account.id == account_id)).one()
        kept.erase(session, account_id, handle.casefold(), FORMER)
        queue.pass_on(session, account_id, "")
        session.execute(
            update(Report)
            .where(Report.reporter_id == account_id)
            .values(words="", answer="", reporter_id=None)
        )
        session.execute(
            update(QueueStep).where(QueueStep.by_id == account_id).values(note="", by_id=None)
        )
