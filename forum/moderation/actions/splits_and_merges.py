"""What splitting and merging threads have in common: undo, by the layout of their posts."""

from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.moderation.actions.action import Action
from forum.moderation.actions.targets import Target
from forum.moderation.models import AuditLogEntry
from forum.threads.posts import moderator_edits
from forum.threads.restructuring import split_merge, thread_layout
from forum.threads.restructuring.thread_layout import ThreadLayout


class Restructuring(Action):
    """An action that gives posts another place."""

    field = "posts"

    def lock_again(self, session: Session, entry: AuditLogEntry) -> None:
        """Lock the threads that it has left."""
        moderator_edits.lock_threads(session, ThreadLayout.from_json(entry.after).ends)

    def is_as_left(self, session: Session, target: Target, entry: AuditLogEntry) -> bool:
        """Whether every post is where it was put."""
        before, after = ThreadLayout.from_json(entry.before), ThreadLayout.from_json(entry.after)
        return thread_layout.is_unchanged(session, after, before)

    def undo(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        entry: AuditLogEntry,
        reason: str,
        *,
        appealed: bool,
    ) -> None:
        """Put the posts back. Raises Conflict where something has changed since."""
        before, after = ThreadLayout.from_json(entry.before), ThreadLayout.from_json(entry.after)
        split_merge.restore_layout(viewer, before, after)
