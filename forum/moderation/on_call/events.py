"""What happens on the rota."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class BreakTaken:
    """Somebody has passed on what they had, and is off duty."""

    account_id: int
    at: datetime
