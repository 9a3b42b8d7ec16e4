"""Posts that the forum hides after reports of three members while nobody is awake.

Nobody is while no shift runs, or who is on call has not claimed the report for a quarter of an
hour. Else it is for them to look, and they are told that it is urgent.

Never words of somebody who may be in danger: those are to be read. Once a moderator has looked, it
is theirs to hide the post, unless its author has changed it since.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.policy import VISITOR
from forum.core import clock
from forum.core.cooperative_yielding import give_way
from forum.core.db import current_session, transaction
from forum.core.errors import Refusal
from forum.moderation.actions import log_entries, targets
from forum.moderation.actions.action import Given
from forum.moderation.actions.registry import ACTIONS
from forum.moderation.actions.targets import Target
from forum.moderation.models import AuditLogEntry
from forum.moderation.on_call import policy as on_call_policy
from forum.moderation.on_call import recipients as on_call_recipients
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.models import (
    MANY_HIDDEN,
    MEMBER,
    POST,
    REPORT,
    RESOLVED,
    QueueItem,
    QueueTransition,
)
from forum.moderation.queue_items.transitions import NewItem
from forum.moderation.reports import independent_reporters
from forum.moderation.reports.events import ReportMade
from forum.moderation.reports.models import Report
from forum.moderation.reports.policy import HARM_SELF
from forum.safety import detector
from forum.safety.models import CrisisAlert
from forum.threads.models import Post
from forum.threads.posts import post_changes
from forum.threads.posts.post_states import PostState
from forum.threads.queries import PostView

HIDE_BY_REPORTS = "hide_by_reports"
REPORTERS_NEEDED = 3
LOOKS_WITHIN = timedelta(minutes=15)
MANY, NIGHT = 5, timedelta(hours=12)


def hide_if_reported(event: ReportMade) -> None:
    """Hide a post if this report was one of enough; its thread is locked by who reports.

    Somebody who is on call decides instead, and hears at once that it is urgent.
    """
    if event.target_kind != POST:
        return
    with transaction() as session:
        item = session.get_one(QueueItem, event.item_id)
        post = _post_to_hide(session, item, event.reporter_id, event.at)
        if post is None:
            return
        if _is_awake(session, item, event.at):
            transitions.raise_urgency(session, item, policy.SOON, event.at)
        else:
            _hide(session, post, event.at)


def hide_unanswered() -> None:
    """Hide what enough members have reported and nobody who was on call has claimed in time."""
    waiting = select(QueueItem.id, QueueItem.target_id).where(
        QueueItem.kind == REPORT,
        QueueItem.target_kind == POST,
        QueueItem.resolved_at.is_(None),
        QueueItem.claimed_by_id.is_(None),
        QueueItem.reports >= REPORTERS_NEEDED,
    )
    for row in current_session().execute(waiting.order_by(QueueItem.id)).all():
        give_way()
        with transaction() as session:
            post_changes.lock_thread_of(row.target_id)  # threads are locked before the queue
            transitions.lock_queue(session)
            item = session.get_one(QueueItem, row.id, populate_existing=True)
            _hide_if_nobody_came(session, item)


def _hide_if_nobody_came(session: Session, item: QueueItem) -> None:
    now = clock.now()
    if item.resolved_at is not None or _is_awake(session, item, now):
        return
    reporters = select(Report.reporter_id).where(Report.item_id == item.id)
    for reporter_id in session.scalars(reporters.order_by(Report.id)).all():
        with suppress(Refusal):  # one of them may not meet the author any longer
            if post := _post_to_hide(session, item, reporter_id, now):
                _hide(session, post, now)
            return


def _post_to_hide(
    session: Session, item: QueueItem, reporter_id: int | None, now: datetime
) -> PostView | None:
    """Return a post that enough members reported, as one of them reads it; None if it stays."""
    reporter = accounts.viewer(reporter_id) if reporter_id is not None else None
    if (
        reporter is None
        or item.about_id is None
        or item.claimed_by_id is not None
        or independent_reporters.count(session, item, now) < REPORTERS_NEEDED
    ):
        return None
    post = post_changes.lock_post(session, reporter, item.target_id)
    stays = (
        post.state != PostState.PUBLISHED
        or _may_be_in_danger(session, post, item)
        or _has_been_looked_at(session, post)
    )
    return None if stays else post


def _is_awake(session: Session, item: QueueItem, now: datetime) -> bool:
    """Whether somebody is on call who can look, and has still time to."""
    late = independent_reporters.count(session, item, now, by=now - LOOKS_WITHIN)
    return late < REPORTERS_NEEDED and bool(
        on_call_recipients.handlers(item.id, on_call_policy.on_call_for_item())
    )


def _hide(session: Session, post: PostView, at: datetime) -> None:
    given, target = Given("", "", ""), targets.of_post(post)
    change = ACTIONS[HIDE_BY_REPORTS].apply(session, VISITOR, target, given, ())
    log_entries.add_entry(session, HIDE_BY_REPORTS, target, given, change, by_id=None)
    _report_many(session, target, at)


def _may_be_in_danger(session: Session, post: PostView, item: QueueItem) -> bool:
    """Whether anybody, or the word lists, takes a post for the words of somebody in danger."""
    said = f"{post.thread_title}\n{post.body}" if post.number == 1 else post.body
    told = select(Report.id).where(Report.item_id == item.id, Report.reason == HARM_SELF).limit(1)
    spotted = select(CrisisAlert.id).where(CrisisAlert.post_id == post.id).limit(1)
    return (
        detector.detects_crisis(said)
        or session.scalar(told) is not None
        or session.scalar(spotted) is not None
    )


def _has_been_looked_at(session: Session, post: PostView) -> bool:
    """Whether a moderator has acted on a post, or resolved a report of it, as it is now."""
    acted = select(func.max(AuditLogEntry.at)).where(
        AuditLogEntry.target_kind == POST,
        AuditLogEntry.target_id == post.id,
        or_(
            AuditLogEntry.action == log_entries.UNDO,
            AuditLogEntry.action.in_([one.name for one in ACTIONS.values() if not one.by_itself]),
        ),
    )
    # Also one that was opened again since: somebody has looked.
    resolved = (
        select(func.max(QueueTransition.at))
        .join(QueueItem, QueueItem.id == QueueTransition.item_id)
        .where(
            QueueItem.kind == REPORT,
            QueueItem.target_kind == POST,
            QueueItem.target_id == post.id,
            QueueTransition.transition == RESOLVED,
        )
    )
    looks = [at for at in (session.scalar(acted), session.scalar(resolved)) if at is not None]
    edited_at = session.scalar(select(Post.edited_at).where(Post.id == post.id))
    return bool(looks) and (edited_at is None or edited_at <= max(looks))


def _report_many(session: Session, target: Target, at: datetime) -> None:
    """Bring a person to the queue of whom many posts were hidden in a night."""
    account_id = target.person_id
    if account_id is None or _hidden_lately(account_id, target.group_id, at) < MANY:
        return
    new = NewItem(MANY_HIDDEN, MEMBER, account_id, target.group_id, account_id, policy.SOON)
    transitions.add_item(session, new, at)


def _hidden_lately(account_id: int, group_id: int | None, at: datetime) -> int:
    """Return how many posts of a person were hidden since the night began, or since the last
    time that was told of in their group.
    """
    session = current_session()
    told = select(func.max(QueueItem.opened_at)).where(
        QueueItem.kind == MANY_HIDDEN,
        QueueItem.target_kind == MEMBER,
        QueueItem.target_id == account_id,
        QueueItem.group_id.is_not_distinct_from(group_id),
    )
    last = session.scalar(told)
    since = max(at - NIGHT, last) if last else at - NIGHT
    hidden = select(func.count()).where(
        AuditLogEntry.action == HIDE_BY_REPORTS,
        AuditLogEntry.person_id == account_id,
        AuditLogEntry.at > since,
    )
    return session.scalar(hidden) or 0
