"""What happens as bells ring: ids and measures, never words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class BellRung:
    """These people are to be told that an item of the queue still waits."""

    item_id: int
    bell: str
    account_ids: tuple[int, ...]
    at: datetime
