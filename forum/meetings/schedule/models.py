"""Tables: who asked to be reminded, and who facilitates; of one meeting or of all of a series."""

from datetime import datetime

from sqlalchemy import ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class Reminder(Base):
    """Somebody asked to be reminded of one meeting, and told when it is moved.

    Without `wanted`, of this one they do not want to be, though they asked for its series.
    """

    __tablename__ = "meeting_reminders"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    wanted: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime]


class SeriesReminder(Base):
    """Somebody asked to be reminded of every meeting of a series."""

    __tablename__ = "series_reminders"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]


class SeriesFacilitator(Base):
    """Somebody facilitates a series together with the one who planned it."""

    __tablename__ = "series_facilitators"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_series.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MeetingFacilitator(Base):
    """Somebody said of one meeting that they come to facilitate it, or that they can't."""

    __tablename__ = "meeting_facilitators"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    comes: Mapped[bool]
    said_at: Mapped[datetime]
