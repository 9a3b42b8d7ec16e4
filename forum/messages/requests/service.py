"""Answering a request, and leaving: every write about whether two people talk.

Nothing here tells who has asked of a refusal.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts import service as accounts
from forum.accounts.events import RelationshipChanged
from forum.accounts.models import BLOCK, AccountRelationship
from forum.accounts.policy import Viewer, member_id, row_exists
from forum.core import clock
from forum.core.db import transaction
from forum.core.errors import Conflict, Forbidden
from forum.core.events import announce
from forum.core.translation import _
from forum.messages import conversation_locking, queries
from forum.messages.events import ConversationChanged, RequestAnswered
from forum.messages.models import DECLINED, REQUESTED, Conversation, PrivateMessage
from forum.messages.queries import ConversationView


def accept(viewer: Viewer, conversation_id: int) -> None:
    """Agree to a conversation, also after one has declined it; harmless when it is agreed to.

    Raises LoginNeeded, NotFound, Forbidden (one's own request, or closed).
    """
    me = member_id(viewer)
    with transaction() as session:
        found = conversation_locking.lock(session, viewer, conversation_id)
        if found.is_open:
            return
        _require_asked(found)
        if not found.may_exchange:
            raise Forbidden(conversation_locking.CLOSED, code="closed")
        conversation_locking.open_for_both(session, conversation_id, me)


def decline(viewer: Viewer, conversation_id: int) -> None:
    """Say no, and nobody is told; harmless when it is declined.

    Raises LoginNeeded, NotFound, Forbidden (one's own request), Conflict (accepted meanwhile).
    """
    me = member_id(viewer)
    with transaction() as session:
        found = conversation_locking.lock(session, viewer, conversation_id)
        if found.is_open:
            raise Conflict(
                _("You've already accepted this. You can leave the conversation instead."),
                code="accepted",
            )
        _require_asked(found)
        conversation_locking.change(session, conversation_id, state=DECLINED)
        announce(RequestAnswered(conversation_id, me))


def block(viewer: Viewer, conversation_id: int) -> None:
    """Block the other person: then there is no conversation for either of the two.

    Raises LoginNeeded, NotFound, Conflict (they have left the forum).
    """
    me = member_id(viewer)
    with transaction() as session:
        found = conversation_locking.lock(session, viewer, conversation_id)
        if found.other_id is None:
            raise Conflict(_("This person has left the forum."), code="gone")
        accounts.block(viewer, found.other_id)
        announce(RequestAnswered(conversation_id, me))


def decline_blocked(event: RelationshipChanged) -> None:
    """Decline a request that waits when whoever asked is blocked, by whatever door.

    So it does not come back with their name when the block is taken back.
    """
    me, them = event.viewer_id, event.other_id
    blocked = row_exists(
        AccountRelationship,
        AccountRelationship.viewer_id == me,
        AccountRelationship.other_id == them,
        AccountRelationship.kind == BLOCK,
    )
    waiting = select(Conversation.id).where(
        *queries.pair_of(me, them),
        Conversation.state == REQUESTED,
        Conversation.asked_by_id == them,
        blocked,
    )
    with transaction() as session:
        for conversation_id in session.scalars(waiting.with_for_update(of=Conversation)).all():
            conversation_locking.change(session, conversation_id, state=DECLINED)


def leave(viewer: Viewer, conversation_id: int) -> None:
    """Leave a conversation, or withdraw one's request; its messages are gone for oneself.

    When both have left, they are deleted. Raises LoginNeeded, NotFound, Conflict (a request to
    oneself, which one declines).
    """
    me, now = member_id(viewer), clock.now()
    with transaction() as session:
        found = conversation_locking.lock(session, viewer, conversation_id)
        if not found.is_open and not found.asked_by_me:
            raise Conflict(_("You can decline this request instead."), code="not_accepted")
        conversation_locking.change_side(
            session,
            conversation_id,
            me,
            left_at=now,
            cleared_number=found.last_number,
            muted=False,
            vanish_after_hours=0,
            draft_body="",
            draft_content_note="",
        )
        announce(RequestAnswered(conversation_id, me))
        if not found.is_open:
            # Nobody sees it any longer; that they asked is kept, so they cannot ask again at once.
            _delete_messages(session, conversation_id)
        elif conversation_locking.everybody_left(session, conversation_id):
            session.execute(delete(Conversation).where(Conversation.id == conversation_id))
        announce(ConversationChanged(conversation_id))


def _require_asked(found: ConversationView) -> None:
    if found.asked_by_me:
        raise Forbidden(_("It's for the other person to answer your request."), code="own")


def _delete_messages(session: Session, conversation_id: int) -> None:
    gone = delete(PrivateMessage).where(PrivateMessage.conversation_id == conversation_id)
    session.execute(gone.execution_options(synchronize_session=False))
