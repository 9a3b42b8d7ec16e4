"""Table: tombstones that are not in the file yet."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class Tombstone(Base):
    """Something that was erased or withdrawn; the row goes once the file has it."""

    __tablename__ = "tombstones"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
