"""What comes into the queue by itself, and what the facts settle there.

Posts are looked at a moment after they are stored, many at once, so that nobody waits for it;
`sweep` finds what a stopped server has missed.
"""

import time
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.policy import only
from forum.core import background, clock
from forum.core.db import AnyRow, reading, transaction
from forum.core.prepared import Prepared
from forum.groups.events import JoinRequestClosed, JoinRequested
from forum.groups.models import JoinRequest, Membership
from forum.moderation import kept, watchwords
from forum.moderation import queue_policy as policy
from forum.moderation import queue_steps as steps
from forum.moderation.queue_models import (
    FLAGGED,
    HELD,
    JOIN_REQUEST,
    MEMBER,
    POST,
    RESOLVED,
    REWORDED,
    RISK,
    ROOM_MESSAGE,
    ROOM_WORD,
    UNANSWERED,
    Exposure,
    QueueEntry,
)
from forum.moderation.queue_steps import Matter
from forum.safety.events import PrivateRiskSpotted, RiskSpotted, RoomRiskSpotted
from forum.threads.events import (
    EditDecided,
    EditDropped,
    EditPending,
    PostApproved,
    PostChanged,
    PostCreated,
    PostDeclined,
    PostHeld,
)
from forum.threads.models import PendingEdit, Post, PostReview, PostRevision, Thread

LOOK_AFTER_S = 1.0
LOOKED_AT_ONCE = 50
GONE = "gone"
IS_NEWS_FOR = timedelta(days=1)
NEWCOMER_THREADS = 3
EXPOSURES_KEPT = timedelta(days=30)
_seen: set[int] = set()


def risk(event: RiskSpotted | RoomRiskSpotted | PrivateRiskSpotted) -> None:
    """Bring a post, or what was said in a room, whose author may be in danger."""
    if isinstance(event, RiskSpotted):
        kind, subject_id = POST, event.post_id
    elif isinstance(event, RoomRiskSpotted):
        kind, subject_id = ROOM_MESSAGE, event.message_id
    else:
        kind, subject_id = ROOM_WORD, event.word_id
    matter = Matter(RISK, kind, subject_id, event.group_id, event.author_id, policy.CRISIS, True)
    with transaction() as session:
        steps.bring(session, matter, event.at)


def held(event: PostHeld | EditPending) -> None:
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
        Post.deleted_at.is_(None),
        Post.author_id.is_not(None),
        or_(
            Post.held_at.is_not(None),
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


def edit_dropped(event: EditDropped) -> None:
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


def noticed(event: PostCreated | PostChanged) -> None:
    """Look at a new or changed post soon: watch words, words changed after a first look, and
    newcomers without an answer."""
    if isinstance(event, PostChanged) and event.how == "reacted":
        return
    if clock.now() - event.at > IS_NEWS_FOR:
        return  # brought in from elsewhere
    _seen.add(event.post_id)
    background.soon(LOOK_AFTER_S, "queue_intake", _look)


def sweep() -> None:
    """Bring in and settle what was missed, and forget old exposures and kept messages."""
    now = clock.now()
    since = now - IS_NEWS_FOR
    lately = select(Post.id).join(Thread, Thread.id == Post.thread_id)
    recent = lately.where(Thread.last_post_at > since, Post.created_at > since)
    _take_in(reading().scalars(recent).all(), _OVER)
    missed = reading().execute(_REQUESTS_MISSED).all()
    with transaction() as session:
        for request in missed:
            matter = _asking(request.group_id, request.account_id)
            steps.bring(session, matter, request.created_at)
        session.execute(delete(Exposure).where(Exposure.at < now - EXPOSURES_KEPT))
        kept.forget_old(session, now)


def _look() -> None:
    posts = {_seen.pop() for _ in range(min(len(_seen), LOOKED_AT_ONCE))}
    if _seen:  # the rest after others have had their turn
        background.soon(LOOK_AFTER_S, "queue_intake", _look)
    threads = select(Post.thread_id).where(Post.id.in_(posts))
    _take_in(posts, _OVER.where(_first.thread_id.in_(threads)))


def _take_in(post_ids: Collection[int], over: Select[QueueEntry, bool]) -> None:
    """Bring what is among these posts, and settle what is over; writes only what it must."""
    wanted: list[tuple[AnyRow, str, int]] = []
    ids = sorted(post_ids)
    for first in range(0, len(ids), LOOKED_AT_ONCE):
        wanted += _wanted(ids[first : first + LOOKED_AT_ONCE])
        time.sleep(0)  # in the server, this is when everybody else's requests go on
    if not wanted and reading().scalar(over.with_only_columns(QueueEntry.id)) is None:
        return
    with transaction() as session:
        steps.take_turn(session)
        for row, kind, urgency in wanted:
            _bring_once(session, row, kind, urgency)
        for entry, answered in session.execute(over.order_by(QueueEntry.id)).all():
            steps.settle(session, entry, "answered" if answered else GONE, clock.now())


def _wanted(post_ids: Collection[int]) -> Iterator[tuple[AnyRow, str, int]]:
    rows = reading().execute(_POSTS.where(Post.id.in_(post_ids))).all()
    words = watchwords.by_group({row.group_id for row in rows})
    for row in rows:
        first = row.number == 1
        if first and not row.answered and row.started <= NEWCOMER_THREADS:
            yield row, UNANSWERED, policy.CALM
        said = f"{row.title}\n{row.body}" if first else row.body
        if watchwords.found(said, words.get(row.group_id, ())):
            yield row, FLAGGED, policy.TODAY
        if row.reworded_at:
            yield row, REWORDED, policy.TODAY


def _bring_once(session: Session, row: AnyRow, kind: str, urgency: int) -> None:
    """Bring a post unless it has been in the queue for this reason, as it is now."""
    earlier = select(func.max(QueueEntry.opened_at)).where(
        QueueEntry.kind == kind, QueueEntry.subject_kind == POST, QueueEntry.subject_id == row.id,
        QueueEntry.outcome.is_distinct_from(GONE),
    )  # fmt: skip
    before = session.scalar(earlier)
    written_at = row.reworded_at if kind == REWORDED else row.edited_at or row.created_at
    if before is None or (kind in {FLAGGED, REWORDED} and before < written_at):
        matter = Matter(kind, POST, row.id, row.group_id, row.author_id, urgency)
        steps.bring(session, matter, written_at)


def _asking(group_id: int, account_id: int) -> Matter:
    return Matter(JOIN_REQUEST, MEMBER, account_id, group_id, account_id, policy.CALM)


def _answered(thread_id: Any, author_id: Any) -> ColumnElement[bool]:
    answer = aliased(Post)
    return only(
        answer,
        answer.thread_id == thread_id,
        answer.number > 1,
        answer.author_id.is_distinct_from(author_id),
        answer.deleted_at.is_(None),
        answer.hidden_at.is_(None),
        answer.held_at.is_(None),
    )


_first, _theirs = aliased(Post), aliased(Thread)
# Whoever waited for an innocent post to be shown must not have a free hand after that.
_REWORDED_AT = (
    select(func.max(PostRevision.created_at))
    .join(PostReview, PostReview.post_id == PostRevision.post_id)
    .where(
        PostRevision.post_id == Post.id,
        PostRevision.act == "edited",
        PostRevision.by_id == Post.author_id,
        PostRevision.created_at > PostReview.decided_at,
    )
    .scalar_subquery()
)
_POSTS = (
    select(
        Post.id, Post.number, Post.body, Post.author_id, Post.created_at, Post.edited_at,
        Thread.title, Thread.group_id,
        select(func.count()).where(_theirs.author_id == Post.author_id).scalar_subquery()
        .label("started"),
        _answered(Post.thread_id, Post.author_id).label("answered"),
        _REWORDED_AT.label("reworded_at"),
    )
    .join(Thread, Thread.id == Post.thread_id)
    .where(Post.deleted_at.is_(None), Post.hidden_at.is_(None), Post.held_at.is_(None),
           Post.author_id.is_not(None))
    .order_by(Post.id)
)  # fmt: skip
_BELONGS = only(
    Membership,
    Membership.account_id == _first.author_id,
    Membership.group_id == QueueEntry.group_id,
)
_OVER = (
    select(QueueEntry, _answered(_first.thread_id, _first.author_id))
    .join(_first, _first.id == QueueEntry.subject_id)
    .where(
        QueueEntry.kind == UNANSWERED,
        QueueEntry.resolved_at.is_(None),
        or_(
            _answered(_first.thread_id, _first.author_id),
            _first.deleted_at.is_not(None),
            _first.hidden_at.is_not(None),
            not_(_BELONGS),
        ),
    )
)
_KNOWN = only(
    QueueEntry,
    QueueEntry.kind == JOIN_REQUEST,
    QueueEntry.subject_id == JoinRequest.account_id,
    QueueEntry.group_id == JoinRequest.group_id,
    QueueEntry.opened_at >= JoinRequest.created_at,
)
_REQUESTS_MISSED = select(
    JoinRequest.group_id, JoinRequest.account_id, JoinRequest.created_at
).where(not_(_KNOWN))
