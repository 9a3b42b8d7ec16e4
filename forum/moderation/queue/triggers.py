"""What comes into the queue by itself, and what the facts settle there.

`sweep` finds what a stopped server has missed, of posts too (`post_triggers`).
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, not_, or_, select
from sqlalchemy.orm import Session

from forum.accounts.policy import row_exists
from forum.core import clock
from forum.core.db import current_connection, current_session, transaction
from forum.groups.events import JoinRequestClosed, JoinRequested
from forum.groups.models import JoinRequest
from forum.moderation.on_call.models import DistressExposure
from forum.moderation.queue import post_triggers
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.models import (
    CONTACT_REQUEST,
    CRISIS_ALERT,
    JOIN_REQUEST,
    MEMBER,
    PENDING_POST,
    POST,
    PRIVATE_NOTE,
    RESOLVED,
    ROOM_MESSAGE,
    QueueItem,
)
from forum.moderation.queue_items.transitions import NewItem
from forum.moderation.reports import report_evidence
from forum.safety.events import (
    PostCrisisDetected,
    PrivateNoteCrisisDetected,
    RoomMessageCrisisDetected,
)
from forum.threads import policy as threads
from forum.threads.events import (
    EditDecided,
    EditDiscarded,
    EditPending,
    PostApproved,
    PostChanged,
    PostDeclined,
    PostPending,
)
from forum.threads.models import PendingEdit, Post

GONE = "gone"
EXPOSURES_KEPT = timedelta(days=30)


def add_crisis_alert(
    event: PostCrisisDetected | RoomMessageCrisisDetected | PrivateNoteCrisisDetected,
) -> None:
    """Bring a post, or what was said in a room, whose author may be in danger."""
    if isinstance(event, PostCrisisDetected):
        kind, target_id = POST, event.post_id
    elif isinstance(event, RoomMessageCrisisDetected):
        kind, target_id = ROOM_MESSAGE, event.message_id
    else:
        kind, target_id = PRIVATE_NOTE, event.note_id
    new = NewItem(
        CRISIS_ALERT, kind, target_id, event.group_id, event.author_id, policy.CRISIS, True
    )
    with transaction() as session:
        transitions.add_item(session, new, event.at)


def add_contact_request(account_id: int, group_id: int, at: datetime) -> None:
    """Bring somebody who asks the people who moderate a group for contact, as urgent as a crisis.

    They themselves have asked for it; nobody is told why.
    """
    new = NewItem(CONTACT_REQUEST, MEMBER, account_id, group_id, account_id, policy.CRISIS)
    with transaction() as session:
        transitions.add_item(session, new, at)


def add_pending_post(event: PostPending | EditPending) -> None:
    """Bring a post, or an edit of one, that nobody else sees before somebody has looked at it."""
    new = NewItem(PENDING_POST, POST, event.post_id, event.group_id, event.author_id, policy.TODAY)
    with transaction() as session:
        transitions.add_item(session, new, event.at)


def resolve_decided(event: PostApproved | PostDeclined | EditDecided) -> None:
    """Resolve the item of a pending post or edit, as the one's who has decided."""
    approved = isinstance(event, PostApproved) or (
        isinstance(event, EditDecided) and event.approved
    )
    outcome = "approved" if approved else "declined"
    with transaction() as session:
        _resolve_pending(session, event.post_id, event.at, outcome, event.by_id)


def resolve_withdrawn(event: PostChanged) -> None:
    """Resolve the item of a pending post that is there no longer."""
    if event.how in {"deleted", "erased"}:
        with transaction() as session:
            waits = (
                current_connection().execute(_PENDING_ITEM, {"post": event.post_id}).first()
                is not None
            )
            # A post that had only named an erased member is also announced as erased.
            if (
                waits
                and current_connection().execute(_STILL_PENDING, {"post": event.post_id}).first()
                is None
            ):
                _resolve_pending(session, event.post_id, event.at, GONE, None)


_STILL_PENDING = (
    select(Post.id)
    .outerjoin(PendingEdit, PendingEdit.post_id == Post.id)
    .where(
        Post.id == bindparam("post"),
        not_(threads.is_deleted()),
        Post.author_id.is_not(None),
        or_(
            threads.is_pending(),
            and_(PendingEdit.post_id.is_not(None), PendingEdit.declined_at.is_(None)),
        ),
    )
)
_PENDING_ITEM = select(QueueItem.id).where(
    QueueItem.kind == PENDING_POST,
    QueueItem.target_kind == POST,
    QueueItem.target_id == bindparam("post"),
    QueueItem.resolved_at.is_(None),
)


def resolve_dropped_edit(event: EditDiscarded) -> None:
    """Close the item of an edit that waits no longer."""
    with transaction() as session:
        _resolve_pending(session, event.post_id, event.at, GONE, None)


def _resolve_pending(
    session: Session, post_id: int, at: datetime, outcome: str, by_id: int | None
) -> None:
    found = current_connection().execute(_PENDING_ITEM, {"post": post_id}).first()
    if found is None:
        return
    item = session.get_one(QueueItem, found.id, populate_existing=True)
    transitions.change_item(
        session,
        item,
        RESOLVED,
        by_id,
        at,
        outcome=outcome,
        resolved_by_id=by_id,
        resolved_at=at,
        first_claimed_at=item.first_claimed_at or at,
    )


def add_join_request(event: JoinRequested) -> None:
    """Bring a join request to the queue."""
    with transaction() as session:
        transitions.add_item(session, _join_request(event.group_id, event.account_id), event.at)


def resolve_join_request(event: JoinRequestClosed) -> None:
    """Close the item of a request that was answered or taken back."""
    with transaction() as session:
        transitions.lock_queue(session)
        item = transitions.open_item_of(
            session, JOIN_REQUEST, MEMBER, event.account_id, event.group_id
        )
        if item is not None:
            transitions.resolve_by_facts(session, item, "settled", event.at)


def sweep() -> None:
    """Bring in and settle what was missed, and forget old exposures and kept messages."""
    now = clock.now()
    post_triggers.check_recent(now)
    missed = current_session().execute(_REQUESTS_MISSED).all()
    with transaction() as session:
        for request in missed:
            new = _join_request(request.group_id, request.account_id)
            transitions.add_item(session, new, request.created_at)
        session.execute(delete(DistressExposure).where(DistressExposure.at < now - EXPOSURES_KEPT))
        report_evidence.delete_old(session, now)


def _join_request(group_id: int, account_id: int) -> NewItem:
    return NewItem(JOIN_REQUEST, MEMBER, account_id, group_id, account_id, policy.LOW)


_ALREADY_THERE = row_exists(
    QueueItem,
    QueueItem.kind == JOIN_REQUEST,
    QueueItem.target_id == JoinRequest.account_id,
    QueueItem.group_id == JoinRequest.group_id,
    QueueItem.opened_at >= JoinRequest.created_at,
)
_REQUESTS_MISSED = select(
    JoinRequest.group_id, JoinRequest.account_id, JoinRequest.created_at
).where(not_(_ALREADY_THERE))
