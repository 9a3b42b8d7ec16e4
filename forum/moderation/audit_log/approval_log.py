"""What was decided about held posts and edits, in the log."""

from sqlalchemy import select

from forum.core.db import transaction
from forum.moderation.actions import log_entries
from forum.moderation.actions.action import Change, Given
from forum.moderation.actions.targets import POST, Target
from forum.threads.events import EditDecided, PostApproved, PostDeclined
from forum.threads.models import PendingEdit, PostReview


def log_edit_decision(event: EditDecided) -> None:
    """Keep who looked at an edit, and what came of it."""
    name = log_entries.APPROVE_EDIT if event.approved else log_entries.DECLINE_EDIT
    target = Target(POST, event.post_id, event.group_id, event.author_id)
    with transaction() as session:
        why = select(PendingEdit.declined_because).where(PendingEdit.post_id == event.post_id)
        given = Given(session.scalar(why) or "", "", "")
        log_entries.add_entry(session, name, target, given, Change({}, {}), by_id=event.by_id)


def log_post_decision(event: PostApproved | PostDeclined) -> None:
    """Keep who looked at a held post, and what came of it."""
    name = log_entries.APPROVE if isinstance(event, PostApproved) else log_entries.DECLINE
    target = Target(POST, event.post_id, event.group_id, event.author_id)
    with transaction() as session:
        why = select(PostReview.reason).where(PostReview.post_id == event.post_id)
        given = Given(session.scalar(why) or "", "", "")
        log_entries.add_entry(session, name, target, given, Change({}, {}), by_id=event.by_id)
