"""The ledger of what left the house, and who is in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class LedgerEntry(Base):
    """One release: who made it, when, why, for whom, and how it withstood attack.

    Entries are only ever added. `participants` is a band, as the exact number would tell one
    release from the next by one person. `epsilon` is what it spent of its participants' privacy
    budget, where its numbers have noise. `linkage` is the purpose for which it follows people over
    releases to the same recipient, if it does.
    """

    __tablename__ = "releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    study: Mapped[str] = mapped_column(String(64), index=True)
    tier: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(String(200))
    agreement_digest: Mapped[str | None] = mapped_column(String(64))
    consent_versions: Mapped[list[int]] = mapped_column(JSON)
    participants: Mapped[str] = mapped_column(String(32))
    attacks: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    checksums: Mapped[dict[str, str]] = mapped_column(JSON)
    epsilon: Mapped[float | None]
    linkage: Mapped[str] = mapped_column(String(200), default="", server_default="")


class ReleasedRow(Base):
    """What a release said of one participant, to attack later releases with and to recall it.

    `intervals` holds the interval of each variable by its name; it is empty for events. `digest`
    is the HMAC-SHA-256 of who and what was said, with a random `digest_key` that goes when they are
    erased: bands have so few values that a plain digest could be tried out.
    """

    __tablename__ = "released_rows"

    release_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("releases.id"), primary_key=True, autoincrement=False
    )
    participant: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, index=True
    )
    intervals: Mapped[Any] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    digest_key: Mapped[str] = mapped_column(String(64), server_default="")


class LinkageClass(Base):
    """People who are followed together: in every linked release their rows say the same.

    There is a set of classes for each study, recipient and purpose. `people` is how many were in it
    in the latest of these releases, also of those whose key has been deleted since.
    """

    __tablename__ = "linkage_classes"
    __table_args__ = (Index("ix_linkage_classes_of", "study_id", "recipient", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(200))
    people: Mapped[int]


class LinkageKey(Base):
    """The number of one participant in the linked releases for one recipient and purpose.

    It is deleted when they stop agreeing to it, are erased, or the study ends.
    """

    __tablename__ = "linkage_keys"

    class_id: Mapped[int] = mapped_column(
        ForeignKey("linkage_classes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    participant: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("participants.key", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    key: Mapped[str] = mapped_column(String(20))
