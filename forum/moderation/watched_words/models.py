"""Table: the watched words of each group."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class WatchedWord(Base):
    """A word, or a few, that bring a post of the group to the queue."""

    __tablename__ = "watched_words"

    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(String(60), primary_key=True)
