"""Hiding a post that several members have reported, until a moderator looks at it."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.text import stock_reasons
from forum.core.translation import lazy
from forum.moderation.actions.action import State
from forum.moderation.actions.posts.hide import Hide
from forum.moderation.actions.targets import Target
from forum.threads.posts import post_changes


class HideByReports(Hide):
    """Hide a post by itself; moderators undo it or show the post again."""

    name = "hide_by_reports"
    label = lazy("Hidden after reports")
    done = lazy("A post was hidden after three members had reported it")
    about = lazy("The forum does this by itself, until a moderator looks at the post.")
    position = 15
    by_itself = True

    @property
    def told(self) -> str:
        """Tell the author that nobody has judged them."""
        return lazy(
            "Several members reported your post, so it's hidden until a moderator has looked at "
            "it. Nobody has made a decision yet."
        )

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Hide it as the forum itself; a moderator who undoes that shows it again."""
        if not wanted["hidden"]:
            super().put(session, viewer, target, wanted, reason)
            return
        why = stock_reasons.BY_REPORTS
        now = clock.now()
        post_changes.hide_or_restore(session, target.read_post, None, now, hide=True, reason=why)
