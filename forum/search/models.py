"""Tables: what is found, what has changed since it was indexed, and the words of each group.

The index itself, `search_index`, is of another kind in each database: see `index`.
"""

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base

POST, THREAD = "post", "thread"


class SearchEntry(Base):
    """A post, or the title of a thread, as it is in the index.

    `place` grows with the time at which it was written, so the index has the latest last. `words`
    are its folded words in order, with a space around each. `analysis` is the version by which they
    were found.
    """

    __tablename__ = "search_entries"
    __table_args__ = (UniqueConstraint("kind", "ref_id"),)

    place: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    ref_id: Mapped[int]
    group_id: Mapped[int]
    author_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2))
    analysis: Mapped[int]
    words: Mapped[str]


class SearchChange(Base):
    """A post or a thread that may have changed, from the transaction in which it did."""

    __tablename__ = "search_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    ref_id: Mapped[int]


class SearchWord(Base):
    """A word that is in a post of a group, to suggest where somebody mistypes it."""

    __tablename__ = "search_words"

    group_id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(32), primary_key=True)
