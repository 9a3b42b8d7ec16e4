"""Tables of the queue: what wants a human, what was done about it, and who carries it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

REPORT, PENDING_POST, CRISIS_ALERT, WATCHED_WORD = (
    "report",
    "pending_post",
    "crisis_alert",
    "watched_word",
)
EDITED_SINCE, UNANSWERED, JOIN_REQUEST = "edited_since", "unanswered", "join_request"
POST, MEMBER, PROFILE, ROOM_MESSAGE = "post", "member", "profile", "room_message"
PRIVATE_NOTE = "private_note"  # a private note to the facilitators
CARE_MESSAGE = "care_message"
OPENED, CLAIMED, HANDED_OVER, RESOLVED, REOPENED = (
    "opened",
    "claimed",
    "handed_over",
    "resolved",
    "reopened",
)


class QueueItem(Base):
    """One thing that wants a human. `group_id` is empty for what concerns the whole site.

    `target_id` is a post, a message or a private word in a room, a care message or an account, by
    `target_kind`; `about_id` is the person whom it concerns. `version` is the queue's counter at
    the item's last change (rule 4). Who has resolved it is also who may have claimed it; what
    follows from facts has no `resolved_by_id`.
    """

    __tablename__ = "queue_items"
    __table_args__ = (
        index_where(
            "ix_queue_items_open_in_group",
            "kind",
            "target_kind",
            "target_id",
            "group_id",
            unique=True,
            where="resolved_at is null and group_id is not null",
        ),
        index_where(
            "ix_queue_items_open_on_site",
            "kind",
            "target_kind",
            "target_id",
            unique=True,
            where="resolved_at is null and group_id is null",
        ),
        Index("ix_queue_items_group_id", "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    target_kind: Mapped[str] = mapped_column(String(16))
    target_id: Mapped[int]
    about_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    urgency: Mapped[int]
    distressing: Mapped[bool] = mapped_column(default=False)
    reports: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(index=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    claimed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    claimed_at: Mapped[datetime | None]
    first_claimed_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    resolved_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(16), default="")


class QueueTransition(Base):
    """What was done with an item, by whom, and the note left with it; rows are only added."""

    __tablename__ = "queue_transitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("queue_items.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    transition: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class QueueCounter(Base):
    """One row, which counts every change of the queue; who changes the queue locks it first."""

    __tablename__ = "queue_counter"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class Report(Base):
    """One person's report, and what came of it; the reporter is known to nobody but themselves."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("item_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("queue_items.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(String(16))
    details: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]


class Shift(Base):
    """Somebody's hours on duty for one group, or for the site; `note` is for whoever comes next."""

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")


class OnCallBreak(Base):
    """Somebody rests until then, and is not called while there is anybody else."""

    __tablename__ = "on_call_breaks"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    until: Mapped[datetime]


class ReportEvidence(Base):
    """What was said in a room or in a care message, while a report about it is open.

    From a room also what was said before it. `message_id` is the room's, where it may have vanished
    meanwhile, or the care message's, which goes with the account of whoever got it.
    """

    __tablename__ = "report_evidence"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("queue_items.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str]
    content_note: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime]


class WatchedWord(Base):
    """A word, or a few, that bring a post of the group to the queue."""

    __tablename__ = "watched_words"

    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class DistressExposure(Base):
    """Somebody has opened a distressing item; for their own eyes, and forgotten after a month."""

    __tablename__ = "distress_exposures"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("queue_items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
