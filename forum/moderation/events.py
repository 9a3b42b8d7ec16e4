"""What happens when somebody looks after others: ids, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ActTaken:
    """Something was done to somebody or their words; `person_id` is to be told, if anybody."""

    log_id: int
    act: str
    person_id: int | None
    at: datetime


@dataclass(frozen=True)
class ObjectionAnswered:
    """Somebody else has looked at an act again."""

    log_id: int
    person_id: int
    overturned: bool
    at: datetime
