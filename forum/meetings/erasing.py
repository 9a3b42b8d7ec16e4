"""What remains in rooms of somebody who goes: nothing, or words without a name."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import Account
from forum.core import clock, text
from forum.core.db import transaction
from forum.meetings import talking
from forum.meetings.models import Meeting
from forum.meetings.room_models import Attendance, Hand, RoomMessage, RoomWord

FORMER = "a former member"


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
        handle = session.scalars(select(Account.handle).where(Account.id == account_id)).one()
        _take_name_out(session, handle.casefold())
        for table, column in (
            (Hand, Hand.account_id), (Attendance, Attendance.account_id),
            (RoomWord, RoomWord.about_id), (RoomWord, RoomWord.author_id),
        ):  # fmt: skip
            gone = delete(table).where(column == account_id)
            session.execute(gone.execution_options(synchronize_session=False))


def _take_name_out(session: Session, name: str) -> None:
    """Take a name out of what others said, here and on the private line."""
    for said in session.execute(
        select(RoomMessage.id, RoomMessage.meeting_id, Meeting.group_id, RoomMessage.body)
        .join(Meeting, Meeting.id == RoomMessage.meeting_id)
        .where(RoomMessage.body.contains("@"))
        .order_by(RoomMessage.id)
    ).all():
        body = text.renamed(said.body, name, FORMER)
        if body != said.body:
            talking.restamp(
                session, said.meeting_id, said.group_id, said.id, None, "renamed",
                body=body, html=text.render(body), renderer=text.RENDERER_VERSION,
            )  # fmt: skip
    for table, column in (
        (RoomMessage, RoomMessage.content_note), (RoomWord, RoomWord.body),
    ):  # fmt: skip
        for row in session.execute(
            select(table.id, column.label("words")).where(column.contains("@"))
        ).all():
            words = text.renamed(row.words, name, FORMER)[: column.type.length]
            session.execute(
                update(table)
                .where(table.id == row.id)
                .values({column.key: words})
                .execution_options(synchronize_session=False)
            )


def _messages_of(session: Session, account_id: int) -> list[tuple[int, int, int]]:
    rows = session.execute(
        select(RoomMessage.id, RoomMessage.meeting_id, Meeting.group_id)
        .join(Meeting, Meeting.id == RoomMessage.meeting_id)
        .where(RoomMessage.author_id == account_id)
        .order_by(RoomMessage.meeting_id, RoomMessage.id)
    )
    return [(row.id, row.meeting_id, row.group_id) for row in rows]
