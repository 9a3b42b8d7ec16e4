"""New and changed posts that come into the queue: watch words, newcomers without an answer.

They are checked a moment after they are stored, many at once, and no writer waits for it.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from forum.accounts.policy import row_exists
from forum.core import clock
from forum.core.background import periodic
from forum.core.cooperative_yielding import give_way
from forum.core.db import AnyRow, at_most, current_session, transaction
from forum.groups.models import Membership
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.models import (
    EDITED_SINCE,
    POST,
    UNANSWERED,
    WATCHED_WORD,
    QueueItem,
)
from forum.moderation.queue_items.transitions import NewItem
from forum.moderation.watched_words import service as watched_words
from forum.threads import policy as threads
from forum.threads.events import (
    PostChanged,
    PostCreated,
)
from forum.threads.models import Post, PostReview, PostRevision, Thread

CHECK_AFTER_S = 1.0
CHECKED_AT_ONCE = 50
GONE = "gone"
IS_NEWS_FOR = timedelta(days=1)
NEWCOMER_THREADS = 3
_unchecked: set[int] = set()


def check_soon(event: PostCreated | PostChanged) -> None:
    """Look at a new or changed post soon: watch words, words changed after a first look, and
    newcomers without an answer."""
    if isinstance(event, PostChanged) and event.how == "reacted":
        return
    if clock.now() - event.at > IS_NEWS_FOR:
        return  # brought in from elsewhere
    _unchecked.add(event.post_id)
    periodic.soon(CHECK_AFTER_S, "queue_intake", _check)


def check_recent(now: datetime) -> None:
    """Look at all posts of a day, and settle what is over in any group."""
    since = now - IS_NEWS_FOR
    lately = select(Post.id).join(Thread, Thread.id == Post.thread_id)
    recent = lately.where(Thread.last_post_at > since, Post.created_at > since)
    _add_and_resolve(current_session().scalars(recent).all(), _OVER, _IS_OVER, {})


def is_settled() -> ColumnElement[bool]:
    """Condition on QueueItem: a newcomer without an answer who waits no longer, as posts say."""
    over = row_exists(_first, _first.id == QueueItem.target_id, _WAITS_NO_LONGER)
    return and_(QueueItem.kind == UNANSWERED, over)


def _check() -> None:
    posts = {_unchecked.pop() for _ in range(min(len(_unchecked), CHECKED_AT_ONCE))}
    if _unchecked:  # the rest after others have had their turn
        periodic.soon(CHECK_AFTER_S, "queue_intake", _check)
    _add_and_resolve(posts, _OVER_BESIDE, _IS_OVER_BESIDE, {"posts": list(posts)})


def _add_and_resolve(
    post_ids: Collection[int],
    over: Select[QueueItem, bool],
    is_over: Select[int],
    given: Mapping[str, Any],
) -> None:
    """Bring what is among these posts, and settle what is over; writes only what it must.

    `is_over` asks whether anything is, and both statements are `given` their values.
    """
    wanted: list[tuple[AnyRow, str, int]] = []
    ids = sorted(post_ids)
    for first in range(0, len(ids), CHECKED_AT_ONCE):
        wanted += _triggered(ids[first : first + CHECKED_AT_ONCE])
    if not wanted and current_session().scalar(is_over, given) is None:
        return
    with transaction() as session:
        transitions.lock_queue(session)
        for row, kind, urgency in wanted:
            _add_once(session, row, kind, urgency)
        for item, answered in session.execute(over.order_by(QueueItem.id), given).all():
            transitions.resolve_by_facts(
                session, item, "answered" if answered else GONE, clock.now()
            )


def _triggered(post_ids: Collection[int]) -> Iterator[tuple[AnyRow, str, int]]:
    rows = current_session().execute(_POSTS, {"posts": list(post_ids)}).all()
    words = watched_words.words_by_group({row.group_id for row in rows})
    for row in rows:
        give_way()
        first = row.number == 1
        if first and not row.answered and row.started <= NEWCOMER_THREADS:
            yield row, UNANSWERED, policy.LOW
        said = f"{row.title}\n{row.body}" if first else row.body
        if row.group_id in words and watched_words.find(said, words[row.group_id]):
            yield row, WATCHED_WORD, policy.TODAY
        if row.reworded_at:
            yield row, EDITED_SINCE, policy.TODAY


def _add_once(session: Session, row: AnyRow, kind: str, urgency: int) -> None:
    """Bring a post unless it has been in the queue for this reason, as it is now."""
    earlier = select(func.max(QueueItem.opened_at)).where(
        QueueItem.kind == kind,
        QueueItem.target_kind == POST,
        QueueItem.target_id == row.id,
        QueueItem.outcome.is_distinct_from(GONE),
    )
    before = session.scalar(earlier)
    written_at = row.reworded_at if kind == EDITED_SINCE else row.edited_at or row.created_at
    if before is None or (kind in {WATCHED_WORD, EDITED_SINCE} and before < written_at):
        new = NewItem(kind, POST, row.id, row.group_id, row.author_id, urgency)
        transitions.add_item(session, new, written_at)


def _answered(thread_id: Any, author_id: Any) -> ColumnElement[bool]:
    answer = aliased(Post)
    return row_exists(
        answer,
        answer.thread_id == thread_id,
        answer.number > 1,
        answer.author_id.is_distinct_from(author_id),
        threads.is_published(answer),
    )


_THESE: BindParameter[int] = bindparam("posts", expanding=True)
_first, _theirs = aliased(Post), aliased(Thread)
# An innocent first post must not give a free hand after it.
_REWORDED_AT = (
    select(func.max(PostRevision.created_at))
    .join(PostReview, PostReview.post_id == PostRevision.post_id)
    .where(
        PostRevision.post_id == Post.id,
        PostRevision.action.in_(("edited", "retitled")),
        PostRevision.by_id == Post.author_id,
        PostRevision.created_at > PostReview.decided_at,
    )
    .scalar_subquery()
)
_POSTS = (
    select(
        Post.id,
        Post.number,
        Post.body,
        Post.author_id,
        Post.created_at,
        Post.edited_at,
        Thread.title,
        Thread.group_id,
        select(func.count())
        .where(_theirs.author_id == Post.author_id)
        .scalar_subquery()
        .label("started"),
        _answered(Post.thread_id, Post.author_id).label("answered"),
        _REWORDED_AT.label("reworded_at"),
    )
    .join(Thread, Thread.id == Post.thread_id)
    .where(Post.id.in_(_THESE), threads.is_published(), Post.author_id.is_not(None))
    .order_by(Post.id)
)
_BELONGS = row_exists(
    Membership,
    Membership.account_id == _first.author_id,
    Membership.group_id == QueueItem.group_id,
)
# Condition on QueueItem and its post `_first`: the newcomer waits no longer.
_WAITS_NO_LONGER = or_(
    _answered(_first.thread_id, _first.author_id),
    threads.is_deleted(_first),
    threads.is_hidden(_first),
    not_(_BELONGS),
)
_OVER = (
    select(QueueItem, _answered(_first.thread_id, _first.author_id))
    .join(_first, _first.id == QueueItem.target_id)
    .where(QueueItem.kind == UNANSWERED, QueueItem.resolved_at.is_(None), _WAITS_NO_LONGER)
)
_OVER_BESIDE = _OVER.where(_first.thread_id.in_(select(Post.thread_id).where(Post.id.in_(_THESE))))
_IS_OVER, _IS_OVER_BESIDE = (
    each.with_only_columns(QueueItem.id).limit(at_most(1)) for each in (_OVER, _OVER_BESIDE)
)
