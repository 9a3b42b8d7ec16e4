"""Tables: posts that need a look soon, and notes of moderators to a person."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base

SELF_HARM = "self_harm"


class CrisisAlert(Base):
    """A post that the detector has spotted; `detector_version` says by which word list.

    For moderators alone. It is no judgement of its author, and leaves the house in no download,
    release or export.
    """

    __tablename__ = "crisis_alerts"
    __table_args__ = (UniqueConstraint("post_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    detector_version: Mapped[int]
    raised_at: Mapped[datetime]


class CareMessage(Base):
    """A private word from moderators to one person, with that person's answer."""

    __tablename__ = "care_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("posts.id", ondelete="SET NULL"), index=True
    )
    body: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
