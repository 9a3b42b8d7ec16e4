"""Changing the text of a post."""

from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.translation import _, lazy
from forum.groups.membership import hidden_content_access
from forum.moderation.actions.action import FormData, State, TextChange
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import POST, Target
from forum.threads import queries as threads
from forum.threads.limits import BODY_MAX
from forum.threads.posts import moderator_edits


class Edit(TextChange):
    """Give a post another text; it is marked as edited."""

    name = "edit"
    label = lazy("Edit the post")
    done = lazy("A post was edited by a moderator")
    about = lazy("To remove something that should not be there. The post is marked as edited.")
    on = POST
    least = MODERATOR
    position = 40
    field = "body"
    asks = "body"

    def value_of(self, form: Any) -> str:
        """Return the text."""
        return str(form.get("body", ""))

    def check(self, value: str) -> str:
        """Return a text. Raises Invalid."""
        return text.checked(value, "body", least=1, most=BODY_MAX, name=_("The new text"))

    def state(self, session: Session, target: Target) -> State:
        """Return the text as it was read when the post was locked."""
        return {"body": target.read_post.body}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change the text."""
        moderator_edits.set_body(viewer, target.id, wanted["body"], post=target.post)

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Show the text as it is; who reads hidden words here is in the access log."""
        post = threads.post_for(viewer, target_id)
        hidden_content_access.record(viewer, post.group_id, POST, [post])
        return FormData(text=post.body)
