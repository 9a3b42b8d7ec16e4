"""What happens to notifications."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class NotificationsRead:
    """Somebody has looked at what they were told."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class MembersNotified:
    """A background job has told these people of something."""

    account_ids: tuple[int, ...]


@dataclass(frozen=True)
class PreferencesSaved:
    """Somebody has chosen anew. Notifications of the types in `shown_again` are listed from now."""

    account_id: int
    shown_again: tuple[str, ...]
    at: datetime
