"""Tables: devices that take push messages, and what each has had of a delivery to several."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Base


class PushDevice(Base):
    """A browser in which somebody has turned push messages on.

    It takes them as long as its session is open: whoever logs out, or is suspended, leaves none
    behind. `endpoint` is its address at a push service, and the two keys encrypt for it alone.
    `key_digest` tells which key of the forum it takes messages from. `name` is a coarse label, such
    as "Firefox on Android"; of what the browser calls itself no more is kept.
    """

    __tablename__ = "push_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[int] = mapped_column(
        ForeignKey("login_sessions.id", ondelete="CASCADE"), index=True
    )
    endpoint: Mapped[str]
    endpoint_digest: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    key_digest: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class PushReceipt(Base):
    """A device has had this delivery, which other devices of its owner still wait for."""

    __tablename__ = "push_receipts"

    device_id: Mapped[int] = mapped_column(
        ForeignKey("push_devices.id", ondelete="CASCADE"), primary_key=True
    )
    delivery_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
