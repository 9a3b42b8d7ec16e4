"""Tables of the queue: what needs attention, what was done about it, and who has claimed it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

REPORT, PENDING_POST, CRISIS_ALERT, WATCHED_WORD = (
    "report",
    "pending_post",
    "crisis_alert",
    "watched_word",
)
EDITED_SINCE, UNANSWERED, JOIN_REQUEST = "edited_since", "unanswered", "join_request"
MANY_HIDDEN = "many_hidden"  # several posts of one person, after reports
CONTACT_REQUEST = "contact_request"  # by a member of a study, who asked for it
POST, MEMBER, PROFILE, ROOM_MESSAGE = "post", "member", "profile", "room_message"
PRIVATE_NOTE = "private_note"  # a private note to the facilitators
CARE_MESSAGE = "care_message"
PRIVATE_MESSAGE = "private_message"
OPENED, CLAIMED, HANDED_OVER, RESOLVED, REOPENED = (
    "opened",
    "claimed",
    "handed_over",
    "resolved",
    "reopened",
)
CALLED = "called"  # those on call, by the forum or by a colleague once more
# The forum's next steps while nobody answers, and what ends them.
CALLED_AGAIN, CALLED_TEAM, CALLED_ALL = "called_again", "called_team", "called_all"
CALLED_MORE = "called_more"
HERE = "here"


class QueueItem(Base):
    """One thing that wants a human. `group_id` is empty for what concerns the whole site.

    `target_id` is a post, a message or a private word in a room, a care message, a private message
    or an account, by `target_kind`; `about_id` is the person whom it concerns. `version` is the
    queue's counter at the item's last change (rule 4). Who has resolved it is also who may have
    claimed it; what follows from facts has no `resolved_by_id`. `rung_step` is the
    last of its bells that has rung.
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
        Index("ix_queue_items_target_id", "target_id", "target_kind"),
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
    rung_step: Mapped[int] = mapped_column(default=0, server_default="0")


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
