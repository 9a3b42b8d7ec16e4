"""What happens to releases."""

from dataclasses import dataclass
from datetime import datetime

RECALLED = "taken_back"


@dataclass(frozen=True)
class ReleaseRequested:
    """A release waits to be made."""

    job_id: int


@dataclass(frozen=True)
class ReleaseEnded:
    """A release is ready, refused or failed, as its job's state is then, or was taken back."""

    job_id: int
    how: str
    at: datetime


@dataclass(frozen=True)
class ReleaseExpires:
    """A release's files will be removed in a few days."""

    job_id: int
    at: datetime


@dataclass(frozen=True)
class ReleaseRemoved:
    """A release's files and page are no longer there."""

    job_id: int
