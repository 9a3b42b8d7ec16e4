"""Tables: audit log, access log, pending actions, appeals."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where

TARGET_KINDS = ("post", "thread", "person", "room_message", "room")


class AuditLogEntry(Base):
    """One action. A trigger refuses to change or delete it; only names and words can be taken out.

    `before` and `after` are the one part of the subject's state that the action set. An undo is a
    row of its own that names the action in `undoes_id`: unique, so nothing is undone twice.
    """

    __tablename__ = "audit_log_entries"
    __table_args__ = (
        Index("ix_audit_log_entries_target_kind_target_id", "target_kind", "target_id"),
        CheckConstraint(f"target_kind in {TARGET_KINDS!r}", name="target_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    approver_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="SET NULL"), index=True
    )
    target_kind: Mapped[str] = mapped_column(String(12))
    target_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("audit_log_entries.id"), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)


class AccessLogEntry(Base):
    """Somebody has looked at words that most people do not see; a trigger keeps it as it is.

    `what` says why others do not: see `access_log`. One row for each person, thing and `hour`,
    counted from 1970; `person_id` is whose words they are.
    """

    __tablename__ = "access_log_entries"
    __table_args__ = (
        UniqueConstraint("by_id", "target_kind", "target_id", "reason", "hour"),
        Index("ix_access_log_entries_target_kind_target_id", "target_kind", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="SET NULL"), index=True
    )
    target_kind: Mapped[str] = mapped_column(String(12))
    target_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(String(12))
    hour: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class PendingAction(Base):
    """An action that waits for a second person.

    People know it by its number, which is not given again when it goes with an account.
    """

    __tablename__ = "pending_actions"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), index=True
    )
    target_kind: Mapped[str] = mapped_column(String(12))
    target_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(default="")
    shown_version: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    approved: Mapped[bool] = mapped_column(default=False)


class Appeal(Base):
    """What the person concerned says against an action, and what somebody else made of it."""

    __tablename__ = "appeals"
    __table_args__ = (index_where("ix_appeals_open", "log_entry_id", where="answered_at is null"),)

    log_entry_id: Mapped[int] = mapped_column(
        ForeignKey("audit_log_entries.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    statement: Mapped[str]
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    overturned: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(default="")
