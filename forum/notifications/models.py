"""Table: what members have been told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

REPLY, MENTION, REACTION = "reply", "mention", "reaction"
NEW_THREAD = "new_thread"


class Notification(Base):
    """Something that concerns one member; which words to use is decided when it is shown.

    It is about a post, or about another row, as its type says: then it has an `about_id`. With a
    `thread_id` it is about that post and all that were said in its thread after it: a member who
    follows a thread has one such line until they have read it, however many replies come.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("account_id", "type", "post_id", "actor_id"),
        Index("ix_notifications_account_id_id", "account_id", "id"),
        index_where(
            "ix_notifications_unread",
            "account_id",
            where="read_at is null",
        ),
        index_where(
            "ix_notifications_unread_thread",
            "thread_id",
            "account_id",
            unique=True,
            where="read_at is null and thread_id is not null",
        ),
        index_where(
            "ix_notifications_about",
            "account_id",
            "type",
            "about_id",
            unique=True,
            where="about_id is not null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(24))
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), index=True
    )
    thread_id: Mapped[int | None]
    about_id: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(index=True)
