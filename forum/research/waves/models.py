"""Tables: the waves of a study, what participants answered in them, and what they were sent.

Answers belong to a participant's key, never to an account, and go with the participant. Nothing of
them is in the activity record, in events or in logs.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base

OPEN, COMPLETED, DECLINED = "open", "completed", "declined"
ANSWERED, NOT_REACHED = "answered", "not_reached"
INVITATION, REMINDER = "invitation", "reminder"


class WavePlan(Base):
    """What a study with questionnaires says beside them: who watches danger answers, and when."""

    __tablename__ = "wave_plans"

    study_id: Mapped[int] = mapped_column(
        ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True
    )
    danger_watch: Mapped[str] = mapped_column(String(300), default="")


class Wave(Base):
    """One time at which participants answer: `day` days after their day 0, which is baseline.

    It opens `opens_before_days` before its due date and closes when the last day of
    `closes_after_days` after it is over.
    """

    __tablename__ = "waves"
    __table_args__ = (UniqueConstraint("study_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    day: Mapped[int]
    opens_before_days: Mapped[int]
    closes_after_days: Mapped[int]


class WaveResponse(Base):
    """What one participant did with one wave.

    `started_at` is empty until they saved an answer, `danger_at` is when an answer last named
    danger, and nothing is sent about the wave before `snoozed_until`.
    """

    __tablename__ = "wave_responses"
    __table_args__ = (
        UniqueConstraint("wave_id", "participant"),
        CheckConstraint("state in ('open', 'completed', 'declined')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"))
    participant: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("participants.key", ondelete="CASCADE"), index=True
    )
    day0: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default=OPEN)
    started_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    danger_at: Mapped[datetime | None]


class ItemResponse(Base):
    """One item of a wave: answered, declined, or not reached.

    `words` holds what somebody wrote in their own words, in items that ask for it.
    """

    __tablename__ = "item_responses"
    __table_args__ = (
        CheckConstraint("status in ('answered', 'declined', 'not_reached')", name="status"),
    )

    wave_response_id: Mapped[int] = mapped_column(
        ForeignKey("wave_responses.id", ondelete="CASCADE"), primary_key=True
    )
    instrument_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    value: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None]


class InstrumentScore(Base):
    """A score, computed when a wave was completed, and by which version of the instrument."""

    __tablename__ = "instrument_scores"

    wave_response_id: Mapped[int] = mapped_column(
        ForeignKey("wave_responses.id", ondelete="CASCADE"), primary_key=True
    )
    instrument_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    value: Mapped[float | None]
    answered: Mapped[int]
    missing: Mapped[int]
    is_prorated: Mapped[bool]
    subscales: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class WavePrompt(Base):
    """An invitation or reminder, noted before it is sent; a second one of the same is refused."""

    __tablename__ = "wave_prompts"
    __table_args__ = (UniqueConstraint("participant", "wave_id", "kind", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("participants.key", ondelete="CASCADE")
    )
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    ordinal: Mapped[int]
    at: Mapped[datetime]
