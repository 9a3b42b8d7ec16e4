"""Every write about one's own side of a conversation, and about being asked at all."""

from sqlalchemy import delete

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.accounts.policy import Viewer, member_id
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import announce
from forum.core.translation import _
from forum.messages import conversation_locking, queries, service
from forum.messages.events import ConversationChanged, ConversationRead
from forum.messages.models import VANISHING, MessageOptOut


def set_muted(viewer: Viewer, conversation_id: int, *, on: bool) -> None:
    """Be told of no new messages in a conversation, or be told again.

    Raises LoginNeeded, NotFound.
    """
    with transaction() as session:
        conversation_locking.lock(session, viewer, conversation_id)
        conversation_locking.change_side(session, conversation_id, member_id(viewer), muted=on)


def set_vanishing(viewer: Viewer, conversation_id: int, hours: int) -> None:
    """Choose after how many hours new messages vanish, 0 for never; it counts when both agree.

    Raises Invalid, LoginNeeded, NotFound, Conflict before the conversation has begun.
    """
    with transaction() as session:
        found = conversation_locking.lock(session, viewer, conversation_id)
        if hours not in VANISHING:
            raise Invalid(fields={"hours": _("Choose one of the options.")})
        if not found.is_open:
            raise Conflict(_("You can choose this once you've both agreed to talk."))
        conversation_locking.change_side(
            session, conversation_id, member_id(viewer), vanish_after_hours=hours
        )
        announce(ConversationChanged(conversation_id))


def mark_read(viewer: Viewer, conversation_id: int, number: int) -> None:
    """Count messages as read up to a number. Nobody else learns. Raises LoginNeeded, NotFound."""
    me = member_id(viewer)
    found = queries.conversation_for(viewer, conversation_id)
    number = min(number, found.last_number)
    if number <= found.read_number:
        return
    with transaction() as session:
        conversation_locking.change_side(session, conversation_id, me, read_number=number)
        announce(ConversationRead(conversation_id, me, clock.now()))


def save_draft(viewer: Viewer, conversation_id: int, *, body: str, content_note: str = "") -> None:
    """Keep what is not sent yet, for oneself. Raises Invalid, LoginNeeded, NotFound."""
    body, note = service.checked_draft(body, content_note)
    with transaction() as session:
        conversation_locking.lock(session, viewer, conversation_id)
        conversation_locking.change_side(
            session,
            conversation_id,
            member_id(viewer),
            draft_body=body,
            draft_content_note=note,
        )


def set_wants_messages(viewer: Viewer, *, on: bool) -> None:
    """Let people ask for a conversation, or nobody new. Raises LoginNeeded, Forbidden."""
    me = member_id(viewer)
    with transaction() as session:
        if on:
            session.execute(delete(MessageOptOut).where(MessageOptOut.account_id == me))
        else:
            mine = {"account_id": me, "since": clock.now()}
            session.execute(insert(MessageOptOut).on_conflict_do_nothing(), [mine])
