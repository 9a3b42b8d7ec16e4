"""Tables of the room: what is said in it, who asks for a turn, and who was there how long."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where


class RoomMessage(Base):
    """What someone said in a meeting: Markdown beside the HTML that it became.

    `number`, its place, is the meeting's count when it was said; `version` is the count at its
    last change (rule 4). An id is never given again when its message has vanished, since the log
    and the queue may still speak of it.
    """

    __tablename__ = "room_messages"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        UniqueConstraint("meeting_id", "version"),
        index_where(
            "ix_room_messages_author_id_idempotency_key",
            "author_id",
            "idempotency_key",
            unique=True,
            where="idempotency_key is not null",
        ),
        Index("ix_room_messages_author_id", "author_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    number: Mapped[int]
    version: Mapped[int]
    body: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[int]
    content_note: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(64))


class PrivateNote(Base):
    """A private note between one person (`about_id`) and facilitators.

    The queue knows a note by its id, so no id is given again once notes have been deleted.
    """

    __tablename__ = "private_notes"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), index=True
    )
    about_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str]
    created_at: Mapped[datetime]


class RaisedHand(Base):
    """Somebody in the speaking queue, or speaking: one person at a time has `speaking_since`."""

    __tablename__ = "raised_hands"
    __table_args__ = (
        index_where(
            "ix_raised_hands_one_speaker",
            "meeting_id",
            unique=True,
            where="speaking_since is not null",
        ),
    )

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
    speaking_since: Mapped[datetime | None]


class Attendance(Base):
    """Somebody's part in one meeting; it stays when the transcript has vanished.

    `present_ms` grows each time the person is seen, over gaps of up to two minutes too.
    """

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    facilitated: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    present_ms: Mapped[int] = mapped_column(default=0)
    speaking_turns: Mapped[int] = mapped_column(default=0)
    message_count: Mapped[int] = mapped_column(default=0)
    word_count: Mapped[int] = mapped_column(default=0)
    last_message_at: Mapped[datetime | None]
    muted_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    draft_body: Mapped[str] = mapped_column(default="")
    draft_content_note: Mapped[str] = mapped_column(String(80), default="")
