"""The releases that are asked for on a study's page, until they are thirty days old."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base
from forum.research.releases.requests.translatable_text import TranslatableText

WAITING, RUNNING, READY, REFUSED, FAILED = "waiting", "running", "ready", "refused", "failed"


class ReleaseJob(Base):
    """One release that is to be made, is being made, or can be downloaded.

    `step` says how far it is, and `problem` why there is none, in words for the person who asked.
    `heartbeat_at` is when the process that makes it last said that it lives. The agreement's file
    is kept only until the release is made; the ledger keeps its digest.
    """

    __tablename__ = "release_jobs"
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'running', 'ready', 'refused', 'failed')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    requested_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    tier: Mapped[str] = mapped_column(String(16))
    made_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(String(200))
    agreement: Mapped[bytes | None] = mapped_column(LargeBinary)
    hours: Mapped[int]
    spss: Mapped[bool]
    epsilon: Mapped[float | None]
    class_size: Mapped[int | None]
    guesses: Mapped[int | None]
    columns: Mapped[str] = mapped_column(Text, default="", server_default="")
    linkage: Mapped[str] = mapped_column(String(200), default="", server_default="")
    state: Mapped[str] = mapped_column(String(12), default=WAITING, index=True)
    step: Mapped[str] = mapped_column(String(12), default="")
    problem: Mapped[str] = mapped_column(TranslatableText, default="")
    release_id: Mapped[int | None] = mapped_column(ForeignKey("releases.id"))
    requested_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
