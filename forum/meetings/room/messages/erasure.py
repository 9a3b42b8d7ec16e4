"""What remains in rooms of a member who leaves for good: nothing, or words without a name.

Their hands, attendance and private words go with their account.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.background.jobs.job_types import StepDone, Steps
from forum.meetings.models import Meeting
from forum.meetings.room.messages import service as messages
from forum.meetings.room.models import RoomMessage

BATCH = 20
_MESSAGES = (
    select(RoomMessage.id, RoomMessage.meeting_id, Meeting.group_id, RoomMessage.body)
    .join(Meeting, Meeting.id == RoomMessage.meeting_id)
    .order_by(RoomMessage.id)
)


def erase_messages(session: Session, account_id: int, *, remove: bool) -> Steps:
    """Empty what somebody said in rooms, or leave it to "a former member"."""
    mine = _MESSAGES.where(RoomMessage.author_id == account_id).limit(BATCH)
    changes = {"body": "", "html": "", "content_note": "", "deleted_at": clock.now()}
    while found := session.execute(mine).all():
        for said in found:
            messages.update_message(
                session,
                said.meeting_id,
                said.group_id,
                said.id,
                None,
                "erased",
                author_id=None,
                idempotency_key=None,
                **(changes if remove else {}),
            )
            yield StepDone()


def count_messages(session: Session, account_id: int) -> int:
    """Return how often somebody has said something in rooms."""
    return session.scalars(select(func.count()).where(RoomMessage.author_id == account_id)).one()
