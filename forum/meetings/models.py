"""Tables: what a group has planned, and each single meeting."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base

SCHEDULED, DOORS_OPEN, RUNNING, CLOSING = "scheduled", "doors_open", "running", "closing"
OVER, CANCELLED = "over", "cancelled"
STATES = (SCHEDULED, DOORS_OPEN, RUNNING, CLOSING, OVER, CANCELLED)
OPEN_STATES = (DOORS_OPEN, RUNNING, CLOSING)


class Series(Base):
    """A meeting that a group holds once or again and again.

    `starts_at` is the wall clock in `zone`, without any offset: a group that meets at seven meets
    at seven in summer and in winter. `rule` is an RFC 5545 RRULE, empty for a single meeting;
    `left_out` are the wall-clock starts at which it does not meet.
    """

    __tablename__ = "meeting_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(String(150))
    agenda: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    rule: Mapped[str] = mapped_column(String(200), default="")
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Meeting(Base):
    """One meeting: scheduled from a series, or a drop-in room when `series_id` is empty.

    `version` counts, from 1 on, every change to what is said in its room (rule 4). Room settings
    are copied from the series when the meeting is made, and may be changed while it runs.
    `announced_at`, `reminded_at` and `opening_told_at` are when people were reminded the day
    before, shortly before and as the room opened; `moved_from` is when it was to begin before its
    last move. While nobody is to facilitate it, `cover_asked_at` is when its moderators were asked,
    and `uncovered_told_at` when members were told.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        Index("ix_meetings_group_id_starts_at", "group_id", "starts_at"),
        Index("ix_meetings_series_id_starts_at", "series_id", "starts_at", unique=True),
        Index("ix_meetings_state_starts_at", "state", "starts_at"),
        CheckConstraint(f"state in {STATES!r}", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting_series.id", ondelete="CASCADE")
    )
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(String(150))
    agenda: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    leader_kind: Mapped[str] = mapped_column(String(12), default="peer")
    room_size: Mapped[int] = mapped_column(default=50)
    transcript_kept: Mapped[bool] = mapped_column(default=False)
    vanishes_after_hours: Mapped[int] = mapped_column(default=24)
    greeting: Mapped[str] = mapped_column(default="")
    turns_only: Mapped[bool] = mapped_column(default=False)
    slow_mode_s: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default=SCHEDULED)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    facilitator_seen_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    opening_told_at: Mapped[datetime | None]
    moved_from: Mapped[datetime | None]
    cover_asked_at: Mapped[datetime | None]
    uncovered_told_at: Mapped[datetime | None]
    closing_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(String(20), default="", server_default="")
