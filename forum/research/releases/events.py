"""What happens to releases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReleaseAsked:
    """A release waits to be made."""

    job_id: int
