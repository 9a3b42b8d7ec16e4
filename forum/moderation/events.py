"""What happens in moderation: ids, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ActionTaken:
    """Something was done to somebody or their words; `person_id` is to be told, if anybody."""

    log_entry_id: int
    action: str
    person_id: int | None
    at: datetime


@dataclass(frozen=True)
class SecondApprovalRequested:
    """An action waits for a second person, or has come to the group of other second persons."""

    pending_action_id: int
    at: datetime


@dataclass(frozen=True)
class PendingActionClosed:
    """What `by_id` proposed waits no longer; `outcome` is CONFIRMED or one of `policy.CLOSED`."""

    pending_action_id: int
    log_entry_id: int
    by_id: int
    outcome: str
    at: datetime


@dataclass(frozen=True)
class AppealMade:
    """The person whom an action concerns asks for another look at it."""

    log_entry_id: int
    at: datetime


@dataclass(frozen=True)
class AppealAnswered:
    """Somebody else has looked at an action again."""

    log_entry_id: int
    person_id: int
    overturned: bool
    at: datetime
