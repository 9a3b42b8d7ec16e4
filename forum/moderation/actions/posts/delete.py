"""Deleting a post for good, with its history."""

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core.translation import lazy
from forum.moderation.actions.action import Action, Change, Given
from forum.moderation.actions.role_ranks import MODERATOR
from forum.moderation.actions.targets import POST, THREAD, Target
from forum.moderation.models import AuditLogEntry
from forum.threads.models import Post
from forum.threads.posts import moderator_edits


class Delete(Action):
    """Delete a post for good, where its author has deleted it too. Nobody can undo it."""

    name = "delete"
    label = lazy("Delete for good")
    done = lazy("A post was deleted for good")
    about = lazy("Its text is gone, and so is its history. This can't be undone.")
    on = POST
    least = MODERATOR
    position = 50
    needs_second = True
    on_deleted = True

    def apply(
        self,
        session: Session,
        viewer: Viewer,
        target: Target,
        given: Given,
        by_ids: tuple[int, ...],
    ) -> Change:
        """Delete it, and take its words and its title's out of the log."""
        moderator_edits.purge_post(viewer, target.id, post=target.post)
        opened = select(Post.thread_id).where(Post.id == target.id, Post.number == 1)
        entries = or_(
            and_(AuditLogEntry.target_kind == POST, AuditLogEntry.target_id == target.id),
            and_(
                AuditLogEntry.target_kind == THREAD,
                AuditLogEntry.target_id.in_(opened),
                AuditLogEntry.before["title"].as_string().is_not(None),
            ),
        )
        emptied = update(AuditLogEntry).where(entries).values(before={}, after={})
        session.execute(emptied.execution_options(synchronize_session=False))
        return Change({}, {})
