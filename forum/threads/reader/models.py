"""Tables: what readers keep for themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class ReadPosition(Base):
    """Up to which number somebody has read a thread, and whether they follow it.

    A reader who has `unfollowed` a thread does not follow it again by writing there.
    """

    __tablename__ = "read_positions"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    number: Mapped[int] = mapped_column(default=0)
    following: Mapped[bool] = mapped_column(default=False)
    unfollowed: Mapped[bool] = mapped_column(default=False)


class ReadRange(Base):
    """Posts of a thread, from `first` to `last`, that somebody has read further on.

    Between their read position and these, and between two of these, something is not read yet.
    """

    __tablename__ = "read_ranges"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Bookmark(Base):
    """A post that somebody wants to find again."""

    __tablename__ = "bookmarks"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]


class Draft(Base):
    """What somebody has written and not sent: a reply, or (thread_id 0) a new thread.

    There is another (`key`) where two pages wrote at once; `writer` is the page that saved it last.
    """

    __tablename__ = "drafts"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    thread_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    writer: Mapped[str] = mapped_column(String(32), default="")
    title: Mapped[str] = mapped_column(String(150), default="")
    body: Mapped[str]
    content_note: Mapped[str] = mapped_column(String(80), default="")
    saved_at: Mapped[datetime]
