"""Tables: the log of acts and of looks, what waits for a second, objections, canned reasons."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

SUBJECT_KINDS = ("post", "thread", "person", "room_message", "room")


class LogRow(Base):
    """One act. A trigger refuses to change or delete it; only names and words can be taken out.

    `before` and `after` are the one part of the subject's state that the act set. An undo is a
    row of its own that names the act in `undoes_id`: unique, so that nothing is undone twice.
    """

    __tablename__ = "moderation_log"
    __table_args__ = (
        Index("ix_moderation_log_subject_kind_subject_id", "subject_kind", "subject_id"),
        CheckConstraint(f"subject_kind in {SUBJECT_KINDS!r}", name="subject_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    second_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="SET NULL"), index=True
    )
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_log.id"), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Look(Base):
    """Somebody has looked at words that most people do not see; a trigger keeps it as it is.

    `what` says why others do not: see `access_log`. One row for each person, thing and `hour`,
    counted from 1970; `person_id` is whose words they are.
    """

    __tablename__ = "moderation_looks"
    __table_args__ = (
        UniqueConstraint("by_id", "subject_kind", "subject_id", "what", "hour"),
        Index("ix_moderation_looks_subject_kind_subject_id", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="SET NULL"), index=True
    )
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    what: Mapped[str] = mapped_column(String(12))
    hour: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class Proposal(Base):
    """An act that waits for a second person.

    People are told of it by its number, which is not given again when it goes with an account.
    """

    __tablename__ = "moderation_proposals"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), index=True
    )
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    shown: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    confirmed: Mapped[bool] = mapped_column(default=False)


class Objection(Base):
    """What the person concerned says against an act, and what somebody else made of it."""

    __tablename__ = "moderation_objections"
    __table_args__ = (
        index_where("ix_moderation_objections_open", "log_id", where="answered_at is null"),
    )

    log_id: Mapped[int] = mapped_column(
        ForeignKey("moderation_log.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str]
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    overturned: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(default="")


class CannedReason(Base):
    """A reason that is offered for acts; while there are none, those built in are."""

    __tablename__ = "canned_reasons"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(String(200))
