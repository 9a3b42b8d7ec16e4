"""Table: canned reasons."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class CannedReason(Base):
    """A reason that is offered for actions; while there are none, those built in are."""

    __tablename__ = "canned_reasons"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(200))
