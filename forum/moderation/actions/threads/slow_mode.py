"""Slow mode: each member waits between two posts in a thread."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import ids
from forum.core.errors import Invalid
from forum.core.translation import _, lazy, ngettext
from forum.moderation.actions.action import Action, Given, State
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import THREAD, Target
from forum.threads.posts import moderator_edits

SECONDS_MAX = 3_600


class Slow(Action):
    """Slow a thread down, or with 0 seconds let it run as before."""

    name = "slow"
    label = lazy("Slow down")
    done = lazy("A thread was slowed down")
    about = lazy("Each member waits a while between two posts.")
    on = THREAD
    least = FACILITATOR
    position = 40
    field = "slow_seconds"
    asks = "seconds"
    most = SECONDS_MAX

    def check(self, value: str) -> str:
        """Return a number of seconds. Raises Invalid."""
        number = ids.number(value, 99_999)
        if number is None or number > self.most:
            raise Invalid(fields={"value": _("Enter a number from 0 to %(most)s.", most=self.most)})
        return value

    def state(self, session: Session, target: Target) -> State:
        """Return the seconds, as they were read when the thread was locked."""
        return {"slow_seconds": target.read_thread.slow_seconds}

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return the seconds that were asked for."""
        return {"slow_seconds": int(given.value)}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change the seconds."""
        moderator_edits.update_thread(session, target.id, slow_seconds=wanted["slow_seconds"])

    def summary(self, viewer: Viewer, value: str) -> str:
        """Say how slow."""
        return ngettext("For %(count)s second", "For %(count)s seconds", int(value))
