"""Every write about what is said in a conversation: sending, changing, deleting, reacting."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from forum.accounts.policy import Viewer, member_id
from forum.core import clock, text
from forum.core.db import current_session, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.groups.reaction_types import REACTIONS
from forum.messages import conversation_locking, policy
from forum.messages.content import queries as content_queries
from forum.messages.conversation_locking import NewMessage
from forum.messages.events import MessagesRemoved
from forum.messages.models import MessageReaction, MessageRemoval, PrivateMessage


def send_message(
    viewer: Viewer,
    conversation_id: int,
    *,
    body: str,
    idempotency_key: str,
    content_note: str = "",
) -> int:
    """Write in a conversation; return the message's id.

    Sent again with the same key, it returns what the first sending made. Raises Invalid,
    LoginNeeded, NotFound, Conflict (not accepted yet), Forbidden (silenced, or closed).
    """
    author_id, now = member_id(viewer), clock.now()
    key = checked_key(idempotency_key)
    body, note = checked(body, content_note)
    try:
        with transaction() as session:
            found = conversation_locking.lock(session, viewer, conversation_id)
            if (earlier := sent_before(author_id, key)) is not None:
                _require_sent_here(earlier, conversation_id)
                return earlier
            conversation_locking.require_may_write(found, now)
            new = NewMessage(
                author_id, found.other_id, body, note, key, now, found.vanish_after_hours
            )
            return conversation_locking.insert_message(session, conversation_id, new)
    except IntegrityError:
        if (twin := sent_before(author_id, key)) is not None:
            return twin
        raise


def edit_message(
    viewer: Viewer, conversation_id: int, number: int, *, body: str, content_note: str = ""
) -> None:
    """Change one's own message within an hour.

    Raises Invalid, LoginNeeded, NotFound, Forbidden, Conflict (deleted, or too long ago).
    """
    now = clock.now()
    body, note = checked(body, content_note)
    with transaction() as session:
        found, message = conversation_locking.lock_message(session, viewer, conversation_id, number)
        _require_own(viewer, message)
        conversation_locking.require_may_write(found, now)
        _require_recent(message)
        if (message.body, message.content_note) == (body, note):
            return
        conversation_locking.change_message(
            session,
            conversation_id,
            message.id,
            "edited",
            now,
            body=body,
            html=text.render(body),
            renderer=text.RENDERER_VERSION,
            content_note=note,
            edited_at=now,
        )


def delete_for_both(viewer: Viewer, conversation_id: int, number: int) -> None:
    """Take one's own message back within an hour; a gap remains.

    Raises LoginNeeded, NotFound, Forbidden, Conflict (deleted, or too long ago).
    """
    now = clock.now()
    with transaction() as session:
        _found, message = conversation_locking.lock_message(
            session, viewer, conversation_id, number
        )
        _require_own(viewer, message)
        _require_recent(message)
        session.execute(delete(MessageReaction).where(MessageReaction.message_id == message.id))
        conversation_locking.change_message(
            session,
            conversation_id,
            message.id,
            "deleted",
            now,
            body="",
            html="",
            content_note="",
            deleted_at=now,
        )


def delete_for_me(viewer: Viewer, conversation_id: int, number: int) -> None:
    """Remove a message, or the gap that it left, from what one sees oneself; nobody else learns.

    Raises LoginNeeded, NotFound.
    """
    me = member_id(viewer)
    with transaction() as session:
        conversation_locking.lock(session, viewer, conversation_id)
        message = content_queries.message_for(viewer, conversation_id, number)
        session.add(MessageRemoval(message_id=message.id, account_id=me))
        session.flush()
        announce(MessagesRemoved(conversation_id, (number,), me))


def react(viewer: Viewer, conversation_id: int, number: int, kind: str, *, on: bool) -> None:
    """Give a reaction to what the other wrote, or take it back; twice changes nothing.

    Raises Invalid, LoginNeeded, NotFound, Forbidden, Conflict.
    """
    me, now = member_id(viewer), clock.now()
    if kind not in REACTIONS:
        raise Invalid(fields={"kind": _("Choose one of: %(kinds)s.", kinds=", ".join(REACTIONS))})
    with transaction() as session:
        found, message = conversation_locking.lock_message(session, viewer, conversation_id, number)
        if message.author_id == me:
            raise Forbidden(_("You can't react to your own messages."), code="own")
        if on:
            conversation_locking.require_may_write(found, now)
        given = session.get(MessageReaction, (message.id, me, kind))
        if (given is not None) == on:
            return
        if given is not None:
            session.delete(given)
        else:
            session.add(
                MessageReaction(message_id=message.id, account_id=me, kind=kind, created_at=now)
            )
        session.flush()
        conversation_locking.change_message(session, conversation_id, message.id, "reacted", now)


def checked(body: str, content_note: str, most: int = policy.MESSAGE_MAX) -> tuple[str, str]:
    """Return words and content note as they are kept. Raises Invalid."""
    body = text.checked(body, "body", least=1, most=most, name=_("Your message"))
    return body, text.one_line(content_note, "content_note", most=policy.CONTENT_NOTE_MAX)


def checked_draft(body: str, content_note: str) -> tuple[str, str]:
    """Return what is not sent yet as it is kept. Raises Invalid."""
    body = text.checked(body, "body", most=policy.MESSAGE_MAX, name=_("Your message"))
    return body, text.one_line(content_note, "content_note", most=policy.CONTENT_NOTE_MAX)


def checked_key(idempotency_key: str) -> str:
    """Return the key of a sending. Raises Invalid."""
    return text.one_line(
        idempotency_key, "idempotency_key", least=1, most=conversation_locking.KEY_MAX
    )


def sent_before(author_id: int, key: str) -> int | None:
    """Return the id of what somebody has sent with this key, if there is such a message."""
    found = select(PrivateMessage.id).where(
        PrivateMessage.author_id == author_id, PrivateMessage.idempotency_key == key
    )
    return current_session().scalar(found)


def _require_sent_here(message_id: int, conversation_id: int) -> None:
    """Raise Conflict where a key names what was sent elsewhere: these words are not there yet."""
    here = select(PrivateMessage.conversation_id).where(PrivateMessage.id == message_id)
    if current_session().scalar(here) != conversation_id:
        raise Conflict(_("This wasn't sent. Please send it again."), code="key_used")


def _require_own(viewer: Viewer, message: Any) -> None:
    if message.author_id != viewer.id:
        raise Forbidden(_("You can only change your own messages."), code="not_yours")


def _require_recent(message: Any) -> None:
    if clock.now() - message.created_at > policy.CHANGE_WITHIN:
        raise Conflict(
            _(
                "It's more than an hour since you sent this, so it can't be changed any more. "
                "You can still delete it for yourself."
            ),
            code="too_late",
        )
