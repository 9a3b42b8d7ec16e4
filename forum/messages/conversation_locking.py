"""Steps that the verbs of conversations share: locking one, and writing a message into it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer, member_id
from forum.core import text
from forum.core.errors import Conflict, Forbidden
from forum.core.events import announce
from forum.core.translation import _, lazy
from forum.groups.membership import silence_checks
from forum.messages import queries
from forum.messages.content import queries as content_queries
from forum.messages.events import (
    ConversationChanged,
    PrivateMessageChanged,
    PrivateMessageSent,
    RequestAnswered,
)
from forum.messages.models import ACCEPTED, Conversation, Participant, PrivateMessage
from forum.messages.queries import ConversationView

KEY_MAX = 64
CLOSED = lazy(
    "You can't write here at the moment. The other person may have left this conversation, or "
    "you're no longer in a group together where private messages are on."
)
_AS_GIVEN = {"synchronize_session": False}


def lock(session: Session, viewer: Viewer, conversation_id: int) -> ConversationView:
    """Return a conversation of the viewer's, locked until the end. Raises LoginNeeded, NotFound."""
    member_id(viewer)
    session.execute(
        select(Conversation.id).where(Conversation.id == conversation_id).with_for_update()
    )
    return queries.conversation_for(viewer, conversation_id)


def require_may_write(found: ConversationView, now: datetime) -> None:
    """Raise Forbidden where somebody cannot write now, and Conflict before both have agreed."""
    if not found.is_open:
        raise Conflict(
            _("You can write more once they have accepted your request.")
            if found.asked_by_me
            else _("Accept the request first, then you can write."),
            code="not_accepted",
        )
    silence_checks.require_not_silenced(found.silenced_until, found.silence_reason, now)
    if not found.may_write:
        raise Forbidden(CLOSED, code="closed")


def lock_message(
    session: Session, viewer: Viewer, conversation_id: int, number: int
) -> tuple[ConversationView, Any]:
    """Return a message that still has its words, in its locked conversation.

    Raises LoginNeeded, NotFound, Conflict.
    """
    found = lock(session, viewer, conversation_id)
    message = content_queries.message_for(viewer, conversation_id, number)
    if message.deleted_at is not None:
        raise Conflict(_("This message has been deleted."), code="deleted")
    return found, message


class NewMessage(NamedTuple):
    """A message that is about to be written."""

    author_id: int
    to_id: int | None
    body: str
    content_note: str
    key: str
    at: datetime
    vanish_after_hours: int = 0
    is_request: bool = False


def insert_message(session: Session, conversation_id: int, message: NewMessage) -> int:
    """Write a message into a locked conversation, and return its id."""
    lasts = timedelta(hours=message.vanish_after_hours)
    counted = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(
            version=Conversation.version + 1,
            last_number=Conversation.last_number + 1,
            last_message_at=message.at,
        )
        .returning(Conversation.version, Conversation.last_number)
        .execution_options(**_AS_GIVEN)
    ).one()
    new = insert(PrivateMessage).values(
        conversation_id=conversation_id,
        author_id=message.author_id,
        number=counted.last_number,
        version=counted.version,
        body=message.body,
        html=text.render(message.body),
        renderer=text.RENDERER_VERSION,
        content_note=message.content_note,
        created_at=message.at,
        vanishes_at=message.at + lasts if lasts else None,
        idempotency_key=message.key,
    )
    message_id: int = session.execute(new.returning(PrivateMessage.id)).scalar_one()
    change_side(
        session,
        conversation_id,
        message.author_id,
        read_number=counted.last_number,
        draft_body="",
        draft_content_note="",
    )
    announce(
        PrivateMessageSent(
            message_id,
            conversation_id,
            message.author_id,
            message.to_id,
            message.is_request,
            message.at,
        )
    )
    return message_id


def change_message(
    session: Session,
    conversation_id: int,
    message_id: int,
    how: str,
    at: datetime,
    **changes: Any,
) -> None:
    """Change a message's columns under the conversation's next version, and announce it."""
    version = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(version=Conversation.version + 1)
        .returning(Conversation.version)
        .execution_options(**_AS_GIVEN)
    ).scalar_one()
    session.execute(
        update(PrivateMessage)
        .where(PrivateMessage.id == message_id)
        .values(version=version, **changes)
        .execution_options(**_AS_GIVEN)
    )
    announce(PrivateMessageChanged(message_id, conversation_id, how, at))


def change(session: Session, conversation_id: int, **changes: Any) -> None:
    """Change columns of a locked conversation."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(**changes)
        .execution_options(**_AS_GIVEN)
    )


def change_side(
    session: Session, conversation_id: int, account_id: int | None, **changes: Any
) -> None:
    """Change columns of one person's side of a conversation."""
    session.execute(
        update(Participant)
        .where(Participant.conversation_id == conversation_id, Participant.account_id == account_id)
        .values(**changes)
        .execution_options(**_AS_GIVEN)
    )


def open_for_both(session: Session, conversation_id: int, account_id: int) -> None:
    """Begin a locked conversation, to which this person has agreed last."""
    change(session, conversation_id, state=ACCEPTED)
    announce(RequestAnswered(conversation_id, account_id))
    announce(ConversationChanged(conversation_id))


def everybody_left(session: Session, conversation_id: int) -> bool:
    """Whether nobody is in a conversation any longer."""
    there = select(func.count()).where(
        Participant.conversation_id == conversation_id, Participant.left_at.is_(None)
    )
    return session.scalar(there) == 0
