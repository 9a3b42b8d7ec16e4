"""Changing the content note of a post."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import text
from forum.core.translation import _, lazy
from forum.moderation.actions.action import FormData, State, TextChange
from forum.moderation.actions.role_ranks import FACILITATOR
from forum.moderation.actions.targets import POST, Target
from forum.threads import queries as threads
from forum.threads.limits import CONTENT_NOTE_MAX
from forum.threads.posts import moderator_edits


class ContentNote(TextChange):
    """Give a post a content note, another one, or none."""

    name = "content_note"
    label = lazy("Change the content note")
    done = lazy("A content note was changed")
    about = lazy("The post is folded behind a few words, and readers choose whether to open it.")
    on = POST
    least = FACILITATOR
    position = 30
    field = "content_note"
    asks = "content_note"

    def check(self, value: str) -> str:
        """Return a content note. Raises Invalid."""
        return text.one_line(value, "value", most=CONTENT_NOTE_MAX, name=_("The content note"))

    def state(self, session: Session, target: Target) -> State:
        """Return the note as it was read when the post was locked."""
        return {"content_note": target.read_post.content_note}

    def put(
        self, session: Session, viewer: Viewer, target: Target, wanted: State, reason: str
    ) -> None:
        """Change the note."""
        note = wanted["content_note"]
        moderator_edits.set_content_note(viewer, target.id, note, post=target.post)

    def form(self, viewer: Viewer, target_id: int, page: int) -> FormData:
        """Show the note as it is."""
        return FormData(text=threads.post_for(viewer, target_id).content_note)
