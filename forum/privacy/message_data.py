"""What is held about one person's private conversations; what others wrote there is theirs."""

from sqlalchemy import ColumnElement, Integer, case, literal, or_, select

from forum.accounts.models import Account
from forum.core.translation import lazy
from forum.messages import policy
from forum.messages.models import (
    DECLINED,
    REQUESTED,
    Conversation,
    MessageOptOut,
    MessageReaction,
    MessageRemoval,
    Participant,
    PrivateMessage,
)
from forum.privacy.data_category import DataCategory, Rows


def _other(me: int) -> ColumnElement[str | None]:
    """Who a conversation is with, as far as one still meets them: they may be called otherwise."""
    viewer = literal(me, Integer)
    return (
        select(Account.handle)
        .where(Account.id == policy.other_of(viewer), policy.is_not_blocked_by(viewer, Account.id))
        .correlate(Conversation)
        .scalar_subquery()
        .label("with")
    )


def _conversations(me: int) -> Rows:
    # Who asked is told of no refusal, here neither.
    own_request = (Conversation.asked_by_id == me) & (Conversation.state == DECLINED)
    return (
        select(
            _other(me),
            case((own_request, REQUESTED), else_=Conversation.state).label("state"),
            (Conversation.asked_by_id == me).label("asked_by_you"),
            Conversation.asked_at,
            Participant.read_number,
            Participant.cleared_number,
            Participant.muted,
            Participant.left_at,
            Participant.vanish_after_hours,
            Participant.draft_body,
            Participant.draft_content_note,
        )
        .join(Participant, Participant.conversation_id == Conversation.id)
        .where(
            Participant.account_id == me,
            or_(
                Conversation.lower_id == me,
                Conversation.higher_id == me,
                Conversation.asked_by_id == me,
            ),
        )
        .order_by(Conversation.id)
    )


def _messages(me: int) -> Rows:
    return (
        select(
            _other(me),
            PrivateMessage.number,
            PrivateMessage.body,
            PrivateMessage.html,
            PrivateMessage.content_note,
            PrivateMessage.created_at,
            PrivateMessage.edited_at,
            PrivateMessage.deleted_at,
            PrivateMessage.vanishes_at,
        )
        .join(Conversation, Conversation.id == PrivateMessage.conversation_id)
        .where(PrivateMessage.author_id == me)
        .order_by(PrivateMessage.id)
    )


def _reactions(me: int) -> Rows:
    return (
        select(
            _other(me),
            PrivateMessage.number,
            MessageReaction.kind,
            MessageReaction.created_at,
        )
        .join(PrivateMessage, PrivateMessage.id == MessageReaction.message_id)
        .join(Conversation, Conversation.id == PrivateMessage.conversation_id)
        .where(MessageReaction.account_id == me)
        .order_by(PrivateMessage.id, MessageReaction.kind)
    )


def _removals(me: int) -> Rows:
    return (
        select(_other(me), PrivateMessage.number)
        .join(MessageRemoval, MessageRemoval.message_id == PrivateMessage.id)
        .join(Conversation, Conversation.id == PrivateMessage.conversation_id)
        .where(MessageRemoval.account_id == me)
        .order_by(PrivateMessage.id)
    )


def _opt_out(me: int) -> Rows:
    return select(MessageOptOut.since).where(MessageOptOut.account_id == me)


MESSAGE_DATA = (
    DataCategory(
        "conversations",
        lazy("Your private conversations, and your requests for one"),
        (
            "conversations.lower_id",
            "conversations.higher_id",
            "conversations.asked_by_id",
            "conversation_participants.account_id",
        ),
        _conversations,
    ),
    DataCategory(
        "private_messages",
        lazy("What you wrote in private conversations"),
        ("private_messages.author_id",),
        _messages,
    ),
    DataCategory(
        "message_reactions",
        lazy("Your reactions to private messages"),
        ("message_reactions.account_id",),
        _reactions,
    ),
    DataCategory(
        "deleted_for_you",
        lazy("Private messages that you deleted for yourself"),
        ("message_removals.account_id",),
        _removals,
    ),
    DataCategory(
        "message_opt_out",
        lazy("Since when nobody new can write to you"),
        ("message_opt_outs.account_id",),
        _opt_out,
    ),
)
