"""Tables: what members have chosen about being told."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base

# All threads of a group, those that one follows, or none of it.
ALL, MINE, NOTHING = "all", "mine", "nothing"
WATCH_LEVELS = (ALL, MINE, NOTHING)
# For who has chosen nothing else.
ZONE, DIGEST_HOUR = "UTC", 8


class NotificationChoice(Base):
    """How often somebody wants to be told of something on one channel; without a row, the default.

    `choice` is the name of one of `notification_choices`.
    """

    __tablename__ = "notification_choices"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    choice: Mapped[str] = mapped_column(String(24), primary_key=True)
    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    frequency: Mapped[str] = mapped_column(String(12))


class NotificationSettings(Base):
    """When somebody is told nothing outside the forum, and when their digest comes.

    `quiet_from` and `quiet_until` are minutes since midnight in `zone`; where they are equal or
    missing there are no quiet hours. Until `break_until` nothing is sent at all. `digest_day` is
    from 0 for Monday, and `digest_hour` an hour in `zone`. `shows_details` lets mails name the
    group, and the content note of a post; those of hidden groups never do.
    """

    __tablename__ = "notification_settings"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    zone: Mapped[str] = mapped_column(String(64), default=ZONE, server_default=ZONE)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    break_until: Mapped[datetime | None]
    digest_day: Mapped[int] = mapped_column(default=0, server_default="0")
    digest_hour: Mapped[int] = mapped_column(default=DIGEST_HOUR, server_default=str(DIGEST_HOUR))
    shows_details: Mapped[bool] = mapped_column(default=False, server_default=false())


class GroupWatch(Base):
    """Of what in a group somebody is told: one of WATCH_LEVELS; without a row, by their role."""

    __tablename__ = "group_watches"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = mapped_column(
        ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[str] = mapped_column(String(8))
