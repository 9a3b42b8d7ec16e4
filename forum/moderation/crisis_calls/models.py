"""Tables: whom a crisis still has to call and when, and who has said that they are there."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

# The steps of a call, in their order; the last comes again and again.
ON_CALL, AGAIN, MODERATORS, ADMINISTRATORS, REPEATED = range(5)


class CrisisCall(Base):
    """One step of calling people to an item of the queue.

    It is due at `due_at`, and over once it was made or is needed no longer: `called_at` or
    `ended_at`. The steps that belong together share `started_at`; `staffed` says whether somebody
    was on duty then. At `page_due_at` the operator's own pager is to be told of it, if at all.
    """

    __tablename__ = "crisis_calls"
    __table_args__ = (
        index_where(
            "ix_crisis_calls_open",
            "due_at",
            where="called_at is null and ended_at is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("queue_items.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[int]
    staffed: Mapped[bool]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    page_due_at: Mapped[datetime | None] = mapped_column(index=True)
    page_attempts: Mapped[int] = mapped_column(default=0)


class CrisisAcknowledgement(Base):
    """Somebody has said that they are there for an item, until they pass it on at `ended_at`."""

    __tablename__ = "crisis_acknowledgements"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("queue_items.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
