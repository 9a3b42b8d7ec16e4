"""What happens to notifications."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class NotificationsRead:
    """Somebody has looked at what they were told."""

    account_id: int
    at: datetime
