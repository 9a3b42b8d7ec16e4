"""Table: the secret addresses of calendars."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base, index_where


class Calendar(Base):
    """A secret address at which one person's calendar program reads when meetings are.

    `group_id` is empty for the calendar of all groups that its owner belongs to. Only a digest of
    the address is kept, so it is shown once.
    """

    __tablename__ = "calendars"
    __table_args__ = (
        Index("ix_calendars_account_id_group_id", "account_id", "group_id", unique=True),
        index_where(
            "ix_calendars_of_all_groups", "account_id", unique=True, where="group_id is null"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
