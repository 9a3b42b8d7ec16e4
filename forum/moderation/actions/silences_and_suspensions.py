"""What silences and suspensions have in common: an end, a reason, and that they can be lifted."""

from datetime import timedelta

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock, ids
from forum.core.errors import Invalid
from forum.core.translation import _, ngettext
from forum.moderation.actions.action import Action, Given, State
from forum.moderation.actions.targets import PERSON, Target

DAYS_MAX = 365


class Restriction(Action):
    """An action that keeps somebody from something for some days."""

    on = PERSON
    needs_reason = True
    most = DAYS_MAX

    def check(self, value: str) -> str:
        """Return a number of days. Raises Invalid."""
        number = ids.number(value, 99_999)
        if number is None or not 1 <= number <= self.most:
            raise Invalid(fields={"value": _("Enter a number from 1 to %(most)s.", most=self.most)})
        return value

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return the end, so many days from now, and the reason."""
        until = clock.now() + timedelta(days=int(given.value))
        return {"until": until.isoformat(), "because": given.reason}

    def summary(self, viewer: Viewer, value: str) -> str:
        """Say for how long."""
        return ngettext("For %(count)s day", "For %(count)s days", int(value))


class Lifting(Restriction):
    """An action that lifts a restriction, and fits only where there is one."""

    asks = ""

    def check(self, value: str) -> str:
        """Return nothing that needs checking."""
        return value

    def wanted(
        self, session: Session, target: Target, given: Given, by_ids: tuple[int, ...]
    ) -> State:
        """Return no restriction."""
        return {"until": None, "because": ""}

    def changes(self, before: State, after: State) -> bool:
        """Whether there is a restriction."""
        return before["until"] is not None

    def fits(self, session: Session, target: Target) -> bool:
        """Whether there is a restriction."""
        return self.state(session, target)["until"] is not None

    def summary(self, viewer: Viewer, value: str) -> str:
        """Say nothing more."""
        return ""
