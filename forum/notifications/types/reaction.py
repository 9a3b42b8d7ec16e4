"""Somebody reacted to a member's post; several reactions of one person are one notification.

Outside the forum they are told in digests alone, so nothing is written into the outbox here.
"""

from sqlalchemy import bindparam, delete, exists, not_
from sqlalchemy.types import Integer

from forum.accounts.models import Account
from forum.core.db import transaction
from forum.core.translation import lazy
from forum.notifications import broadcasts, service
from forum.notifications.models import REACTION, Notification
from forum.notifications.notification_choices import REACTIONS
from forum.notifications.registry import NotificationType
from forum.threads.events import ReactionGiven, ReactionRemoved
from forum.threads.models import Post, Reaction

_NOTIFY = service.about_post(
    REACTION,
    Account.id,
    bindparam("actor", type_=Integer),
    (Account, Account.id == Post.author_id),
)


def _notify(event: ReactionGiven) -> None:
    if service.is_recent(event.at):
        given = {"post": event.post_id, "actor": event.account_id, "at": event.at}
        with transaction() as session:
            session.execute(_NOTIFY, given)


def _withdraw(event: ReactionRemoved) -> None:
    """Say no more of a reaction when its giver has no other on the same post."""
    another = exists().where(
        Reaction.post_id == event.post_id, Reaction.account_id == event.account_id
    )
    with transaction() as session:
        session.execute(
            delete(Notification)
            .where(
                Notification.type == REACTION,
                Notification.post_id == event.post_id,
                Notification.actor_id == event.account_id,
                not_(another),
            )
            .execution_options(synchronize_session=False)
        )


def _show(event: ReactionGiven | ReactionRemoved) -> None:
    broadcasts.show_new_post(event.post_id)


TYPE = NotificationType(
    name=REACTION,
    choice=REACTIONS,
    outside=lazy("Someone reacted to your post."),
    handled_on={ReactionGiven: _notify, ReactionRemoved: _withdraw},
    badge_on={ReactionGiven: _show, ReactionRemoved: _show},
)
