"""A post names a member.

It has no event of its own: `reply` has the mentions of a post written before its replies, which
leave out the people it names.
"""

from sqlalchemy import bindparam
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.core.db import transaction
from forum.core.translation import lazy
from forum.notifications import service
from forum.notifications.models import MENTION
from forum.notifications.notification_choices import DIRECT, MENTIONS
from forum.notifications.registry import NotificationType
from forum.threads.events import PostCreated
from forum.threads.models import Post

_MENTIONED = bindparam("mentioned", type_=Integer, expanding=True)
_NOTIFY = service.about_post(
    MENTION, Account.id, Post.author_id, (Account, Account.id.in_(_MENTIONED))
)


def notify(event: PostCreated) -> None:
    """Notify those whom a post names."""
    if event.mentioned:
        named = {"post": event.post_id, "at": event.at, "mentioned": list(event.mentioned)}
        with transaction() as session:
            session.execute(_NOTIFY, named)


TYPE = NotificationType(
    name=MENTION,
    choice=MENTIONS,
    urgency=DIRECT,
    outside=lazy("Someone mentioned you in a post."),
)
