"""Table: what is to be done in steps, and how far each job is."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class BackgroundJob(Base):
    """One piece of long work, from the transaction that asks for it until a week after its end.

    `stage` counts the stages of its kind that are over. In the current one, `after` is the key of
    the last row that is done, and `done` of `size` rows are. The process named in `leased_by` works
    on it until `leased_until`; when it has died, another goes on from here. `params` are emptied at
    the end. The address of its page holds a token of which only a digest is kept.
    """

    __tablename__ = "background_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    stage: Mapped[int] = mapped_column(default=0)
    after: Mapped[list[int]] = mapped_column(JSON, default=list)
    done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
