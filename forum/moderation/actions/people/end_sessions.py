"""Logging an account out everywhere."""

from sqlalchemy.orm import Session

from forum.accounts.login import sessions
from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import Action, Change, Given
from forum.moderation.actions.role_ranks import ADMINISTRATOR
from forum.moderation.actions.targets import PERSON, Target


class EndSessions(Action):
    """End all sessions of an account."""

    name = "end_sessions"
    label = lazy("Log out everywhere")
    done = lazy("An account was logged out everywhere")
    about = lazy("They'll have to log in again on each device.")
    on = PERSON
    least = ADMINISTRATOR
    position = 110
    on_site = True
    needs_reason = True

    def apply(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        given: Given,
        by_ids: tuple[int, ...],
    ) -> Change:
        """End them."""
        sessions.end(session, target.id)
        return Change({}, {})
