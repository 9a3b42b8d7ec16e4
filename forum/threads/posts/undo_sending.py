"""Taking back what was sent a moment ago: the post goes, and its words are in the editor again."""

from datetime import timedelta

from sqlalchemy import select

from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict
from forum.core.translation import _
from forum.threads import service
from forum.threads.models import Post
from forum.threads.posts import post_changes
from forum.threads.queries import PostView
from forum.threads.reader import drafts

# Long enough for a screen reader or a slow hand, and short enough that few have answered.
MAY_UNDO_FOR = timedelta(minutes=1)


def undo_sending(viewer: Viewer, post_id: int) -> PostView:
    """Delete one's own new post and keep its words as a draft; return the post as it was.

    Raises LoginNeeded, NotFound, Forbidden, and Conflict when it is too late, or too many drafts
    are there.
    """
    with transaction() as session:
        post = post_changes.lock_own_post(session, viewer, post_id)
        sent_at = session.execute(select(Post.created_at).where(Post.id == post_id)).scalar_one()
        if clock.now() >= sent_at + MAY_UNDO_FOR:
            raise Conflict(
                _("It's too late to undo this. You can delete the post in its menu."),
                code="too_late",
            )
        service.delete_post(viewer, post_id)
        drafts.save_draft(
            viewer,
            post.group_id,
            0 if post.opens_thread else post.thread_id,
            title=post.thread_title if post.opens_thread else "",
            body=post.body,
            content_note=post.content_note,
        )
        return post
