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
class ActProposed:
    """An act waits for a second person, or has come to the group of other second persons."""

    proposal_id: int
    at: datetime


@dataclass(frozen=True)
class ProposalClosed:
    """What `by_id` proposed waits no longer; `how` is CONFIRMED or one of `policy.NOT_DONE`."""

    proposal_id: int
    log_id: int
    by_id: int
    how: str
    at: datetime


@dataclass(frozen=True)
class ObjectionMade:
    """The person whom an act concerns asks for another look at it."""

    log_id: int
    at: datetime


@dataclass(frozen=True)
class ObjectionAnswered:
    """Somebody else has looked at an act again."""

    log_id: int
    person_id: int
    overturned: bool
    at: datetime
