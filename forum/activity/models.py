"""Table: the record of activity, in typed columns that the catalogue describes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class ActivityEvent(Base):
    """One act of one participant, without words and without who they are.

    PostgreSQL keeps each month in a partition of its own, for which the moment must be part of
    the key. A row goes with its participant, or with the consent that permits it.
    """

    __tablename__ = "activity_events"
    __table_args__ = (
        Index("ix_activity_events_participant_at", "participant", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    participant: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("participants.key", ondelete="CASCADE")
    )
    consent_id: Mapped[int]
    group_id: Mapped[int | None]
    thread_id: Mapped[int | None]
    post_id: Mapped[int | None]
    meeting_id: Mapped[int | None]
    previous_author: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("participants.key", ondelete="SET NULL"), index=True
    )
    words: Mapped[int | None]
    minutes_since: Mapped[float | None]
    to_newcomer: Mapped[bool | None]
    reaction: Mapped[str | None] = mapped_column(String(12))
    seconds_low: Mapped[float | None]
    seconds_high: Mapped[float | None]
    posts_seen: Mapped[int | None]
    minutes_present: Mapped[float | None]
    turns: Mapped[int | None]
