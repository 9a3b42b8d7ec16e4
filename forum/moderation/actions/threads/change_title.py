"""Changing the title of a thread."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.translation import _, lazy
from forum.moderation.actions.action import FormData, State, TextChange
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import THREAD, Target
from forum.threads import limits, title_changes
from forum.threads import queries as threads
from forum.threads.models import Thread


class Title(TextChange):
    """Give a thread another title."""

    name = "title"
    label = lazy("Change the title")
    done = lazy("The title of a thread was changed")
    about = lazy("For when it says too much, such as a name. Only the log keeps the old title.")
    on = THREAD
    least = MODERATOR
    position = 10
    field = "title"
    asks = "title"
    message_hint = lazy("The person who started the thread reads it.")

    def check(self, value: str) -> str:
        """Return a title. Raises Invalid."""
        least, most = limits.TITLE_MIN, limits.TITLE_MAX
        return text.one_line(value, "value", least=least, most=most, name=_("The new title"))

    def state(self, session: Session, target: Target) -> State:
        """Return the title itself, also where readers see that it was removed."""
        return {"title": session.scalar(select(Thread.title).where(Thread.id == target.id))}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change the title."""
        title_changes.change_title_as_moderator(session, viewer, target.id, wanted["title"])

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Show the title as it is."""
        return FormData(text=threads.thread_for(viewer, target_id).title)
