"""Table: what is to be sent outside the forum, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

WAITING, SENDING, SENT, FAILED, DROPPED = "waiting", "sending", "sent", "failed", "dropped"
GATHERED = "gathered"


class Delivery(Base):
    """One thing that one account is told on one channel: at most once for each event.

    `event_key` is the event; of a notification, its id. With the notification it goes, too: what is
    withdrawn is not sent. Without one, `type` names who composes it; see `contents`. `due_at` is
    from when on it may be sent, or tried again. While it is being sent, `leased_by` names the
    worker. `ended_at` is when it was sent, has failed for good, was dropped, or was gathered with
    others into one that tells of all.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("account_id", "event_key", "channel"),
        index_where(
            "ix_deliveries_open",
            "state",
            "channel",
            "urgency",
            "due_at",
            where="ended_at is null",
        ),
        Index("ix_deliveries_notification_id", "notification_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    event_key: Mapped[str] = mapped_column(String(36))
    notification_id: Mapped[int | None] = mapped_column(
        ForeignKey("notifications.id", ondelete="CASCADE")
    )
    type: Mapped[str] = mapped_column(String(24))
    urgency: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    leased_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
