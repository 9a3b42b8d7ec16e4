"""Who may write to whom in private, and who sees a conversation: only the two, while they meet.

No role opens a conversation: moderators read what was reported, and nothing else. Conditions take a
viewer id that may be one person's or a column of accounts.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts import policy as accounts
from forum.accounts.models import Account
from forum.accounts.policy import ViewerId, row_exists
from forum.core import clock
from forum.core.db import this_moment
from forum.groups.models import Group, Membership
from forum.groups.policy import MODERATING_ROLES
from forum.messages.models import (
    ACCEPTED,
    DECLINED,
    REQUESTED,
    Conversation,
    MessageOptOut,
    MessageRemoval,
    Participant,
    PrivateMessage,
)
from forum.threads import policy as threads
from forum.threads.models import Post

REQUEST_MAX, MESSAGE_MAX, CONTENT_NOTE_MAX = 500, 4_000, 80
OPEN_REQUESTS_MAX = 5
COUNTS_AS_OPEN = timedelta(days=30)  # a request that nobody answers
ASK_AGAIN_AFTER = timedelta(days=7)  # the same person
CHANGE_WITHIN = timedelta(hours=1)
NEW_FOR, POSTS_NEEDED = timedelta(days=7), 3
_SIDE, _OTHER_SIDE = aliased(Participant), aliased(Participant)
_HERS, _THEIRS, _HERE = aliased(Membership), aliased(Membership), aliased(Group)


def other_of(viewer_id: ViewerId) -> ColumnElement[Any]:
    """Return the other person of a Conversation; NULL once they have erased their account."""
    return case(
        (Conversation.lower_id == viewer_id, Conversation.higher_id), else_=Conversation.lower_id
    )


def visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Conversation: the one rule for every channel that shows it.

    One of its two, who has not left and is not suspended, and meets the other. A request that was
    withdrawn is nobody's.
    """
    side = row_exists(
        _SIDE,
        _SIDE.conversation_id == Conversation.id,
        _SIDE.account_id == viewer_id,
        _SIDE.left_at.is_(None),
    )
    asker = row_exists(
        _OTHER_SIDE,
        _OTHER_SIDE.conversation_id == Conversation.id,
        _OTHER_SIDE.account_id == Conversation.asked_by_id,
        _OTHER_SIDE.left_at.is_(None),
    )
    return and_(
        side,
        accounts.is_active(viewer_id),
        or_(Conversation.state == ACCEPTED, asker),
        or_(
            not_(accounts.has_any_mute_or_block(viewer_id)),
            meets(viewer_id, other_of(viewer_id)),
        ),
    )


def meets(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: neither has blocked the other, and the viewer does not mute them."""
    avoids = accounts.mutes_or_blocks(viewer_id, other_id)
    return and_(not_(avoids), is_not_blocked_by(viewer_id, other_id))


def is_not_blocked_by(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the other has not blocked the viewer."""
    return not_(accounts.is_blocked_by(viewer_id, other_id))


def message_visible_to(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on PrivateMessage, Conversation: the viewer sees it, and has not deleted it."""
    return and_(may_see_unless_removed(viewer_id), not_(was_removed_by(viewer_id)))


def may_see_unless_removed(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: would see the message, unless they have deleted it for themselves."""
    cleared = (
        select(_SIDE.cleared_number)
        .where(_SIDE.conversation_id == Conversation.id, _SIDE.account_id == viewer_id)
        .scalar_subquery()
    )
    return and_(visible_to(viewer_id), PrivateMessage.number > cleared, is_still_there())


def is_still_there() -> ColumnElement[bool]:
    """Condition on PrivateMessage: its time to vanish has not come."""
    return or_(PrivateMessage.vanishes_at.is_(None), PrivateMessage.vanishes_at > this_moment())


def was_removed_by(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on PrivateMessage: the viewer has deleted it for themselves."""
    return row_exists(
        MessageRemoval,
        MessageRemoval.message_id == PrivateMessage.id,
        MessageRemoval.account_id == viewer_id,
    )


def may_exchange(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: the two share a group that allows private messages, and no role is between them.

    A facilitator who writes to a member in private has power over them that nobody sees. Where one
    of the two moderates a group of both, that group must allow it, whatever else they share.
    """
    return and_(
        _share_a_group(viewer_id, other_id, _HERE.private_messages.is_(True)),
        not_(_share_a_group(viewer_id, other_id, _has_role_apart(viewer_id, other_id))),
    )


def share_any_group(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    """Condition: both are members of the same group."""
    return _share_a_group(viewer_id, other_id)


def _share_a_group(
    viewer_id: ViewerId, other_id: ViewerId, *where: ColumnElement[bool]
) -> ColumnElement[bool]:
    return (
        select(_HERE.id)
        .join(_HERS, and_(_HERS.group_id == _HERE.id, _HERS.account_id == viewer_id))
        .join(_THEIRS, and_(_THEIRS.group_id == _HERE.id, _THEIRS.account_id == other_id))
        .where(*where)
        .correlate_except(_HERE, _HERS, _THEIRS)
        .exists()
    )


def _has_role_apart(viewer_id: ViewerId, other_id: ViewerId) -> ColumnElement[bool]:
    one = or_(_HERS.role.in_(MODERATING_ROLES), accounts.administers(viewer_id))
    two = or_(_THEIRS.role.in_(MODERATING_ROLES), accounts.administers(other_id))
    apart = or_(and_(one, not_(two)), and_(two, not_(one)))
    return and_(_HERE.messages_with_moderators.is_(False), apart)


def silence_between(viewer_id: ViewerId, other_id: ViewerId) -> tuple[Any, Any]:
    """Return until when, and why, the viewer is silenced longest in a group that the two share."""
    hers, theirs = aliased(Membership), aliased(Membership)
    beside = row_exists(theirs, theirs.account_id == other_id, theirs.group_id == hers.group_id)
    longest = (
        select(hers.silenced_until, hers.silence_reason)
        .where(hers.account_id == viewer_id, hers.silenced_until > this_moment(), beside)
        .order_by(hers.silenced_until.desc())
        .limit(1)
    )
    until = longest.with_only_columns(hers.silenced_until).scalar_subquery()
    return until, longest.with_only_columns(hers.silence_reason).scalar_subquery()


def is_newcomer(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition: has been here for less than a week, or has written fewer than three posts."""
    account = aliased(Account)
    new = row_exists(account, account.id == viewer_id, account.created_at > clock.now() - NEW_FOR)
    posts = (
        select(func.count())
        .select_from(Post)
        .where(Post.author_id == viewer_id, threads.is_published())
        .scalar_subquery()
    )
    return or_(new, posts < POSTS_NEEDED)


def has_opted_out(account_id: ViewerId) -> ColumnElement[bool]:
    """Condition: wants no new private conversations."""
    return row_exists(MessageOptOut, MessageOptOut.account_id == account_id)


def is_open_request_of(viewer_id: ViewerId) -> ColumnElement[bool]:
    """Condition on Conversation: counts among the open requests of the viewer.

    A declined one counts as one that waits does, since who asked is not told.
    """
    return and_(
        Conversation.asked_by_id == viewer_id,
        Conversation.state.in_((REQUESTED, DECLINED)),
        Conversation.asked_at > clock.now() - COUNTS_AS_OPEN,
        visible_to(viewer_id),
    )
