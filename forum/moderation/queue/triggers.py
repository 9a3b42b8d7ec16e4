"""What comes into the queue by itself, and what the facts settle there.

`sweep` finds what a stopped server has missed, of posts too (`post_triggers`).
"""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, not_, or_, select
from sqlalchemy.orm import Session

from forum.accounts.policy import row_exists
from forum.core import clock
from forum.core.db import reading, transaction
from forum.core.db.compiled_sql import Prepared
from forum.groups.events import JoinRequestClosed, JoinRequested
from forum.groups.models import JoinRequest
from forum.moderation.queue import policy, post_triggers
from forum.moderation.queue import transitions as steps
from forum.moderation.queue.models import (
    HELD,
    JOIN_REQUEST,
    MEMBER,
    POST,
    RESOLVED,
    RISK,
    ROOM_MESSAGE,
    ROOM_WORD,
    Exposure,
    QueueEntry,
)
from forum.moderation.queue.transitions import Matter
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


def risk(event: PostCrisisDetected | RoomMessageCrisisDetected | PrivateNoteCrisisDetected) -> None:
    """Bring a post, or what was said in a room, whose author may be in danger."""
    if isinstance(event, PostCrisisDetected):
        kind, subject_id = POST, event.post_id
    elif isinstance(event, RoomMessageCrisisDetected):
        kind, subject_id = ROOM_MESSAGE, event.message_id
    else:
        kind, subject_id = ROOM_WORD, event.note_id
    matter = Matter(RISK, kind, subject_id, event.group_id, event.author_id, policy.CRISIS, True)
    with transaction() as session:
        steps.bring(session, matter, event.at)


def held(event: PostPending | EditPending) -> None:
    """Bring a post, or an edit of one, that nobody else sees before somebody has looked at it."""
    matter = Matter(HELD, POST, event.post_id, event.group_id, event.author_id, policy.TODAY)
    with transaction() as session:
        steps.bring(session, matter, event.at)


def decided(event: PostApproved | PostDeclined | EditDecided) -> None:
    """Close the entry of a held post or edit about which somebody has decided, as theirs."""
    approved = isinstance(event, PostApproved) or (
        isinstance(event, EditDecided) and event.approved
    )
    outcome = "approved" if approved else "declined"
    with transaction() as session:
        _close_held(session, event.post_id, event.at, outcome, event.by_id)


def taken_back(event: PostChanged) -> None:
    """Close the entry of a held post that is there no longer."""
    if event.how in {"deleted", "erased"}:
        with transaction() as session:
            waits = _HELD_ENTRY.first(post=event.post_id) is not None
            # Also a post that had only named somebody who is erased is told as erased.
            if waits and _STILL_WAITS.first(post=event.post_id) is None:
                _close_held(session, event.post_id, event.at, GONE, None)


_STILL_WAITS = Prepared(
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
_HELD_ENTRY = Prepared(
    select(QueueEntry.id).where(
        QueueEntry.kind == HELD,
        QueueEntry.subject_kind == POST,
        QueueEntry.subject_id == bindparam("post"),
        QueueEntry.resolved_at.is_(None),
    )
)


def edit_dropped(event: EditDiscarded) -> None:
    """Close the entry of an edit that waits no longer."""
    with transaction() as session:
        _close_held(session, event.post_id, event.at, GONE, None)


def _close_held(
    session: Session, post_id: int, at: datetime, outcome: str, by_id: int | None
) -> None:
    found = _HELD_ENTRY.first(post=post_id)
    if found is None:
        return
    entry = session.get_one(QueueEntry, found.id, populate_existing=True)
    steps.change(
        session, entry, RESOLVED, by_id, at,
        outcome=outcome, resolved_by_id=by_id, resolved_at=at,
        first_claimed_at=entry.first_claimed_at or at,
    )  # fmt: skip


def asked(event: JoinRequested) -> None:
    """Bring somebody who asks to be let in."""
    with transaction() as session:
        steps.bring(session, _asking(event.group_id, event.account_id), event.at)


def asked_no_more(event: JoinRequestClosed) -> None:
    """Close the entry of a request that was answered or taken back."""
    with transaction() as session:
        steps.take_turn(session)
        entry = steps.open_entry_of(session, JOIN_REQUEST, MEMBER, event.account_id, event.group_id)
        if entry is not None:
            steps.settle(session, entry, "settled", event.at)


def sweep() -> None:
    """Bring in and settle what was missed, and forget old exposures and kept messages."""
    now = clock.now()
    post_triggers.look_at_recent(now)
    missed = reading().execute(_REQUESTS_MISSED).all()
    with transaction() as session:
        for request in missed:
            matter = _asking(request.group_id, request.account_id)
            steps.bring(session, matter, request.created_at)
        session.execute(delete(Exposure).where(Exposure.at < now - EXPOSURES_KEPT))
        report_evidence.forget_old(session, now)


def _asking(group_id: int, account_id: int) -> Matter:
    return Matter(JOIN_REQUEST, MEMBER, account_id, group_id, account_id, policy.CALM)


_KNOWN = row_exists(
    QueueEntry,
    QueueEntry.kind == JOIN_REQUEST,
    QueueEntry.subject_id == JoinRequest.account_id,
    QueueEntry.group_id == JoinRequest.group_id,
    QueueEntry.opened_at >= JoinRequest.created_at,
)
_REQUESTS_MISSED = select(
    JoinRequest.group_id, JoinRequest.account_id, JoinRequest.created_at
).where(not_(_KNOWN))
