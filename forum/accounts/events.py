"""What happens to accounts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AccountCreated:
    """Someone signed up."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class AccountClosed:
    """Someone erases their account; nobody can log in to it from now on."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class LoggedIn:
    """Someone logged in."""

    account_id: int
    session_id: int
    at: datetime


@dataclass(frozen=True)
class AccountProtectionChanged:
    """Something about an account's protection that its owner should know; `kind` says what."""

    account_id: int
    event_id: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class SessionsEnded:
    """These sessions are over, whatever the reason: their sockets must be cut."""

    account_id: int
    session_ids: tuple[int, ...]


@dataclass(frozen=True)
class RelationshipChanged:
    """Two people meet differently from now on: a mute or block was made or lifted."""

    viewer_id: int
    other_id: int


@dataclass(frozen=True)
class HandleChanged:
    """Someone goes by another handle now."""

    account_id: int
    at: datetime
