"""Banning an account: a suspension without an end, by two administrators."""

from sqlalchemy.orm import Session

from forum.accounts import policy as accounts
from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import Given, State
from forum.moderation.actions.people.suspend import Suspend
from forum.moderation.actions.targets import Target


class Ban(Suspend):
    """Suspend an account for good."""

    name = "ban"
    label = lazy("Ban")
    done = lazy("An account was banned")
    about = lazy("Like a suspension, but with no end date.")
    position = 90
    asks = ""
    needs_second = True

    def check(self, value: str) -> str:
        """Return nothing that needs checking."""
        return value

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return a suspension without an end."""
        return {"until": accounts.PERMANENT.isoformat(), "because": given.reason}

    def summary(self, viewer: Viewer, value: str) -> str:
        """Say nothing more."""
        return ""
