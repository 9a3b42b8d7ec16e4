"""Tables: studies, their consent documents, who takes part, and what each agreed to."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where
from forum.core.translation import lazy

PLANNED, OPEN, CLOSED = "planned", "open", "closed"
CLAUSES = {
    "record": lazy("Record my participation, and how long I read, from the day I agree"),
    "past": lazy("Include what I did here before that day"),
    "share": lazy("Share my data, anonymised, in data sets that may be published"),
    "events": lazy(
        "Give what is recorded about me, event by event, to researchers who are named in an "
        "agreement. These data aren't anonymous: someone who knows me could find me in them"
    ),
    "linkage": lazy(
        "Give me the same random number in later releases for the same researcher and purpose, "
        "so changes over time can be studied"
    ),
    "contact": lazy("Contact me about this study"),
    "answer": lazy(
        "Ask me to answer questionnaires at set times, and remind me of them. I can skip any "
        "question, or a whole questionnaire"
    ),
}


def clauses_asked(*, linkage: bool, answer: bool) -> dict[str, str]:
    """Return the clauses that a study asks for, in their order.

    Not all of them want linkage, and not all of them have questionnaires.
    """
    asked = {"linkage": linkage, "answer": answer}
    return {name: words for name, words in CLAUSES.items() if asked.get(name, True)}


class Study(Base):
    """Research in some groups, with people who agree to it.

    It can be opened from `starts_on`, and is closed by itself when `ends_on` is over. Days are
    those of its time zone. With `linkage` it asks whether people may be followed over releases.
    """

    __tablename__ = "studies"
    __table_args__ = (CheckConstraint("state in ('planned', 'open', 'closed')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(150))
    about: Mapped[str]
    run_by: Mapped[str] = mapped_column(String(200))
    ethics: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), default=PLANNED)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    linkage: Mapped[bool] = mapped_column(default=False, server_default=false())


class StudyGroup(Base):
    """A group in which a study takes place, or took place until the group left it."""

    __tablename__ = "study_groups"

    study_id: Mapped[int] = mapped_column(
        ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    left_at: Mapped[datetime | None]


class StudyInstrument(Base):
    """A questionnaire of a study, in every wave or at baseline only.

    Version and hash are those of its file when it was chosen; they are locked as the study opens.
    """

    __tablename__ = "study_instruments"
    __table_args__ = (UniqueConstraint("study_id", "place"),)

    study_id: Mapped[int] = mapped_column(
        ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True
    )
    instrument_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int]
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    is_baseline_only: Mapped[bool] = mapped_column(default=False, server_default=false())


class ConsentDocument(Base):
    """What people are asked to agree to; a changed text is a new version."""

    __tablename__ = "consent_documents"
    __table_args__ = (UniqueConstraint("study_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    version: Mapped[int]
    text: Mapped[str]
    created_at: Mapped[datetime]


class Participant(Base):
    """The only place that ties a key of the record to a member; it goes with the account."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("account_id", "study_id"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    zone: Mapped[str | None] = mapped_column(String(64))  # their own, where they have set one


class Visit(Base):
    """A participant's latest visit, and up to when their reading time has been counted.

    `row_id` and `started_at` name the visit's row of the record. They were certainly there until
    `certain_until`, and `possible_until` is the last moment at which they may have been.
    """

    __tablename__ = "visits"

    participant: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("participants.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    consent_id: Mapped[int]
    row_id: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    certain_until: Mapped[datetime]
    possible_until: Mapped[datetime]
    read_until: Mapped[datetime]


class Consent(Base):
    """What a participant agreed to, clause by clause, and until when; one is in force at most."""

    __tablename__ = "consents"
    __table_args__ = (
        index_where(
            "ix_consents_in_force",
            "participant",
            unique=True,
            where="ended_at is null",
        ),
        Index("ix_consents_participant", "participant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("participants.key", ondelete="CASCADE")
    )
    document_id: Mapped[int] = mapped_column(
        ForeignKey("consent_documents.id", ondelete="CASCADE"), index=True
    )
    record: Mapped[bool]
    past: Mapped[bool]
    share: Mapped[bool]
    events: Mapped[bool] = mapped_column(default=False, server_default=false())
    linkage: Mapped[bool] = mapped_column(default=False, server_default=false())
    contact: Mapped[bool]
    answer: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whoever agreed before the record counted private messages was not told of it.
    private_messages: Mapped[bool] = mapped_column(default=True, server_default=false())
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
