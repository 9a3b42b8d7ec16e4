"""A post or an edit that waited for approval was approved or declined: its author is notified."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, not_

from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.notifications.notification_choices import DECISIONS
from forum.notifications.policy import own_post
from forum.notifications.registry import NotificationType, Visible
from forum.notifications.titles import thread_of_post
from forum.threads import policy as threads
from forum.threads.events import EditDecided, PostApproved, PostDeclined
from forum.threads.models import APPROVED, DECLINED, Post, PostReview

_SEES_POST = partial(own_post, seen=True)


def _reviewed(outcome: str) -> Visible:
    def visible(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        decided = row_exists(
            PostReview, PostReview.post_id == Post.id, PostReview.outcome == outcome
        )
        return row_exists(
            Post,
            Post.id == about_id,
            Post.author_id == account_id,
            not_(threads.is_deleted()),
            decided,
        )

    return visible


def _author(event: PostApproved | PostDeclined) -> Iterable[int]:
    return [event.author_id]


def _author_if(*, approved: bool) -> Callable[[EditDecided], Iterable[int]]:
    return lambda event: [event.author_id] if event.approved == approved else []


POST_APPROVED = NotificationType(
    name="post_approved",
    choice=DECISIONS,
    text=lazy("Your post in “%(title)s” was approved and is shown now"),
    outside=lazy("Your post was approved and is shown now."),
    icon="shield-check",
    title=thread_of_post,
    visible=_reviewed(APPROVED),
    about="post_id",
    sent_on={PostApproved: _author},
)
POST_DECLINED = NotificationType(
    name="post_declined",
    choice=DECISIONS,
    text=lazy("Your post in “%(title)s” wasn't approved. You can read why, and write again"),
    outside=lazy("Your post was not approved. You can read why."),
    icon="heart-handshake",
    title=thread_of_post,
    visible=_reviewed(DECLINED),
    about="post_id",
    sent_on={PostDeclined: _author},
)
EDIT_APPROVED = NotificationType(
    name="edit_approved",
    choice=DECISIONS,
    text=lazy("Your edit in “%(title)s” was approved and is shown now"),
    outside=lazy("Your edit was approved and is shown now."),
    icon="shield-check",
    title=thread_of_post,
    visible=_SEES_POST,
    about="post_id",
    sent_on={EditDecided: _author_if(approved=True)},
)
EDIT_DECLINED = NotificationType(
    name="edit_declined",
    choice=DECISIONS,
    text=lazy("Your edit in “%(title)s” wasn't approved. You can read why, and edit again"),
    outside=lazy("Your edit was not approved. You can read why."),
    address="/posts/{id}/edit",
    icon="heart-handshake",
    title=thread_of_post,
    visible=_SEES_POST,
    about="post_id",
    sent_on={EditDecided: _author_if(approved=False)},
)
