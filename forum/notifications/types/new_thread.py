"""A thread begins in a group that a member watches: one line, about its first post.

A thread that waited for approval is told when it is approved; replies are told by `reply`.
"""

from sqlalchemy import bindparam
from sqlalchemy.types import Integer

from forum.core.db import transaction
from forum.core.translation import lazy
from forum.groups.models import Group, Membership
from forum.notifications import service
from forum.notifications.models import NEW_THREAD
from forum.notifications.notification_choices import NEW_THREADS
from forum.notifications.outbox import service as outbox
from forum.notifications.preferences import policy as preferences
from forum.notifications.preferences.models import ALL
from forum.notifications.registry import NotificationType
from forum.threads.events import PostCreated
from forum.threads.models import Post

FIRST = 1
# Who is named in it is told so, and of nothing else.
_NAMED = bindparam("named", type_=Integer, expanding=True)
_NOTIFY = service.about_post(
    NEW_THREAD,
    Membership.account_id,
    Post.author_id,
    (
        Membership,
        (Membership.group_id == Group.id)
        & (preferences.watch_level() == ALL)
        & Membership.account_id.not_in(_NAMED),
    ),
)


def notify_watchers(event: PostCreated) -> None:
    """Notify people who watch all of the group that a thread has begun."""
    if event.number != FIRST or not service.is_recent(event.at):
        return
    told = {"post": event.post_id, "at": event.at, "named": list(event.mentioned)}
    with transaction() as session:
        session.execute(_NOTIFY, told)
    outbox.enqueue_about_post((NEW_THREAD,), event.post_id)


TYPE = NotificationType(
    name=NEW_THREAD,
    choice=NEW_THREADS,
    outside=lazy("There's a new thread in a group you watch."),
    watched=preferences.watches_all,
    handled_on={PostCreated: notify_watchers},
)
