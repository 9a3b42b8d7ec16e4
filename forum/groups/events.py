"""What happens to groups and memberships."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class GroupCreated:
    """A group was founded; `account_id` is None when the operator did it."""

    group_id: int
    account_id: int | None
    at: datetime


@dataclass(frozen=True)
class MemberJoined:
    """Somebody became a member of a group."""

    group_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True)
class MemberLeft:
    """Somebody is no longer a member of a group."""

    group_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True)
class JoinRequested:
    """Somebody asked to be let in."""

    group_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True)
class JoinRequestClosed:
    """A request to be let in was accepted, declined or taken back."""

    group_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True)
class JoinRequestAnswered:
    """A moderator has let somebody in who asked, or not."""

    group_id: int
    account_id: int
    accepted: bool
    at: datetime


@dataclass(frozen=True)
class RoleChanged:
    """Somebody's role in a group changed."""

    group_id: int
    account_id: int
    role: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True)
class HiddenContentViewed:
    """A moderator of a group is shown what others there do not see.

    `kind` is post or room_message; `seen` holds for each its id, whose words they are, and why
    others do not see them: a word of `hidden_content_access`.
    """

    by_id: int
    group_id: int | None
    kind: str
    seen: tuple[tuple[int, int | None, str], ...]
    at: datetime
