"""What a digest counts: notifications that came since the last one, and news of one's groups."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.groups import queries as groups
from forum.groups.models import Group
from forum.notifications import policy
from forum.notifications.models import Notification
from forum.notifications.preferences import queries as preferences
from forum.notifications.preferences.models import NOTHING
from forum.threads.lists import home_lists
from forum.threads.models import Post, Thread

UNANSWERED_MAX = 25


def count_waiting(viewer: Viewer, types: Sequence[str], since: datetime) -> int:
    """Return how many unread notifications of these types somebody got since, and may see now."""
    if not types:
        return 0
    new_post = (
        exists()
        .where(
            policy.shows(Notification),
            Thread.id == Post.thread_id,
            Group.id == Thread.group_id,
            or_(Notification.created_at > since, Post.created_at > since),
        )
        .correlate(Notification, policy.Named)
    )
    new_row = and_(
        Notification.created_at > since,
        policy.about_visible(Notification.type, Notification.account_id, Notification.about_id),
    )
    waiting = (
        select(func.count())
        .select_from(Notification)
        .outerjoin(policy.Named, policy.Named.id == Notification.post_id)
        .where(
            Notification.account_id == viewer.id,
            Notification.type.in_(types),
            Notification.read_at.is_(None),
            or_(and_(Notification.post_id.is_not(None), new_post), new_row),
        )
    )
    return current_session().scalar(waiting) or 0


def count_new(viewer: Viewer, since: datetime) -> tuple[int, int]:
    """Return in how many threads of one's groups something is new since, and how many are without
    a reply; of groups that one ignores, none.
    """
    ignored = {one.id for one in preferences.watched_groups(viewer) if one.level == NOTHING}
    mine = [group for group in groups.groups_of(viewer) if group.id not in ignored]
    new = home_lists.unread_in_groups(viewer, [group.id for group in mine])
    unread = [row.id for rows in new.values() for row in rows]
    threads = select(func.count()).where(Thread.id.in_(unread), Thread.last_post_at > since)
    unanswered = home_lists.unanswered_ids(viewer, mine, UNANSWERED_MAX)
    return current_session().scalar(threads) or 0, len(unanswered)
