"""What remains in rooms of somebody who goes: nothing, or words without a name."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import transaction
from forum.meetings import talking
from forum.meetings.models import Meeting
from forum.meetings.room_models import Attendance, Hand, RoomMessage, RoomWord


def erase(account_id: int, *, remove_words: bool) -> None:
    """Part somebody from all meetings.

    What they said is emptied, or stays as "a former member"'s where the transcript is kept; their
    attendance, hands and private words go.
    """
    with transaction() as session:
        for message_id, meeting_id, group_id in _messages_of(session, account_id):
            changes = (
                {"body": "", "html": "", "content_note": "", "deleted_at": clock.now()}
                if remove_words
                else {}
            )
            talking.restamp(
                session, meeting_id, group_id, message_id, None, "erased",
                author_id=None, idempotency_key=None, **changes,
            )  # fmt: skip
        for table, column in (
            (Hand, Hand.account_id), (Attendance, Attendance.account_id),
            (RoomWord, RoomWord.about_id), (RoomWord, RoomWord.author_id),
        ):  # fmt: skip
            gone = delete(table).where(column == account_id)
            session.execute(gone.execution_options(synchronize_session=False))


def _messages_of(session: Session, account_id: int) -> list[tuple[int, int, int]]:
    rows = session.execute(
        select(RoomMessage.id, RoomMessage.meeting_id, Meeting.group_id)
        .join(Meeting, Meeting.id == RoomMessage.meeting_id)
        .where(RoomMessage.author_id == account_id)
        .order_by(RoomMessage.id)
    )
    return [(row.id, row.meeting_id, row.group_id) for row in rows]
