"""Table: who asked to be reminded of a meeting."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class Reminder(Base):
    """Somebody asked to be told shortly before a meeting begins, and when it is moved."""

    __tablename__ = "meeting_reminders"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]
