"""Pending actions on a thread follow it to another group, to the moderators there."""

from sqlalchemy import and_, or_, select, update

from forum.core.cooperative_yielding import give_way
from forum.core.db import transaction
from forum.core.events import announce
from forum.moderation.actions.targets import POST, THREAD
from forum.moderation.events import SecondApprovalRequested
from forum.moderation.models import PendingAction
from forum.threads.events import ThreadMoved
from forum.threads.models import Post


def follow_thread(event: ThreadMoved) -> None:
    """Bring pending actions to the new group, and notify the approvers there."""
    posts = select(Post.id).where(Post.thread_id == event.thread_id)
    about = or_(
        and_(PendingAction.target_kind == THREAD, PendingAction.target_id == event.thread_id),
        and_(PendingAction.target_kind == POST, PendingAction.target_id.in_(posts)),
    )
    with transaction() as session:
        give_way()  # this goes through the thread's posts
        moved = session.scalars(
            update(PendingAction)
            .where(PendingAction.group_id == event.from_group_id, about)
            .values(group_id=event.to_group_id)
            .returning(PendingAction.id)
            .execution_options(synchronize_session=False)
        ).all()
        for pending_action_id in moved:
            announce(SecondApprovalRequested(pending_action_id, event.at))
