"""One line for all that is new in a thread, however many replies come before it is read.

A line for each reply would be thirty lines about one thread after a weekend away, and as many rows
to write for each reply as people follow the thread.
"""

from sqlalchemy import bindparam, literal, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Integer

from forum.core.db import UtcDateTime
from forum.core.db.compiled_sql import CompiledStatement
from forum.core.translation import lazy
from forum.groups.models import Group
from forum.notifications import broadcasts, policy, service
from forum.notifications.models import MENTION, REPLY, Notification
from forum.notifications.notification_choices import REPLIES
from forum.notifications.outbox import service as outbox
from forum.notifications.preferences import policy as preferences
from forum.notifications.registry import NotificationType
from forum.notifications.types import mention
from forum.threads.events import PostChanged, PostCreated, ThreadsRestructured
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.reader.models import ReadPosition

_THREAD = bindparam("thread", type_=Integer)
_POST = bindparam("post", type_=Integer)
# What the remaining ones may see is asked next, which takes longer.
_WATCHERS = (
    select(ReadPosition.account_id)
    .where(ReadPosition.thread_id == _THREAD, ReadPosition.following)
    .except_(
        select(Notification.account_id).where(
            Notification.thread_id == _THREAD, Notification.read_at.is_(None)
        ),
        select(Notification.account_id).where(
            Notification.post_id == _POST, Notification.type == MENTION
        ),
    )
    .subquery("watchers")
)
_WATCHER = _WATCHERS.c.account_id
_NEW_LINES = (
    select(_WATCHER, literal(REPLY), Post.id, Post.thread_id, bindparam("at", type_=UtcDateTime))
    .select_from(Post)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .join(_WATCHERS, true())
    .where(
        Post.id == _POST,
        preferences.heeds(_WATCHER, Thread.group_id),
        policy.concerns(_WATCHER, Post.author_id),
    )
)
_NOTIFY = CompiledStatement(  # saves 5 % of a reply
    insert(Notification)
    .from_select(["account_id", "type", "post_id", "thread_id", "created_at"], _NEW_LINES)
    .on_conflict_do_nothing()
)


def notify_watchers(event: PostCreated) -> None:
    """Notify people whom a post names, and then the others who follow its thread.

    A member with an unread line about the thread has been notified.
    """
    if not service.is_recent(event.at):
        return
    mention.notify(event)
    _NOTIFY.run(thread=event.thread_id, post=event.post_id, at=event.at)
    outbox.enqueue_about_post((REPLY, MENTION), event.post_id)


def _show_new(event: PostCreated) -> None:
    broadcasts.show_new_post(event.post_id)


def _show_changed(event: PostChanged) -> None:
    if event.how in {"hidden", "restored", "deleted", "erased"}:
        broadcasts.show_posts([event.post_id])


def _show_moved(event: ThreadsRestructured) -> None:
    broadcasts.show_posts(event.post_ids)


TYPE = NotificationType(
    name=REPLY,
    choice=REPLIES,
    outside=lazy("There's a new reply in a thread you follow."),
    watched=preferences.heeds,
    handled_on={PostCreated: notify_watchers},
    badge_on={PostCreated: _show_new, PostChanged: _show_changed, ThreadsRestructured: _show_moved},
)
