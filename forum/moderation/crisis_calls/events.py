"""What happens as people are called: ids and measures, never words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PeopleCalled:
    """These people are called to an item now, whether or not they were called before."""

    item_id: int
    call_id: int
    account_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class CrisisAcknowledged:
    """Somebody has said that they are there."""

    item_id: int
    by_id: int
    at: datetime
