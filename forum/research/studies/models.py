"""Tables: who runs a study, why a moderator of its groups may, and what they do."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class Researcher(Base):
    """An account that a study names; nobody is a researcher in any other way."""

    __tablename__ = "study_researchers"

    study_id: Mapped[int] = mapped_column(
        ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    named_at: Mapped[datetime]


class RoleException(Base):
    """A studied group that a researcher may moderate, for a reason that is kept in the log."""

    __tablename__ = "researcher_exceptions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["study_id", "account_id"],
            ["study_researchers.study_id", "study_researchers.account_id"],
            ondelete="CASCADE",
        ),
    )

    study_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True
    )


class ResearchLogEntry(Base):
    """One action about a study. A trigger refuses to change or delete it; only names can go.

    `study` is the study's address, so the row outlives whatever happens to the study. `by_id` is
    empty for the operator; `about_id` is the account that was named or unnamed.
    """

    __tablename__ = "research_log"
    __table_args__ = (Index("ix_research_log_study_at", "study", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    about_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class ProposedDocument(Base):
    """A changed consent document that waits for an administrator; one for a study at most."""

    __tablename__ = "proposed_documents"

    study_id: Mapped[int] = mapped_column(
        ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
