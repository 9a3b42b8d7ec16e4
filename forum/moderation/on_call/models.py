"""Tables of the rota: shifts, breaks, and who has opened distressing items."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class Shift(Base):
    """A shift for one group, or for the site; `note` is for the next shift."""

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")


class OnCallBreak(Base):
    """Somebody rests until then, and is not called while there is anybody else."""

    __tablename__ = "on_call_breaks"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    until: Mapped[datetime]


class DistressExposure(Base):
    """Somebody has opened a distressing item; for their own eyes, and forgotten after a month."""

    __tablename__ = "distress_exposures"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("queue_items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
