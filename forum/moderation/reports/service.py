"""Reporting: every write about reports, whatever the door."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock, text
from forum.core.db import current_session, transaction
from forum.core.errors import Invalid, TooMany
from forum.core.events import announce
from forum.core.translation import _
from forum.moderation.queue_items import policy, transitions
from forum.moderation.queue_items.models import POST, REPORT, QueueItem
from forum.moderation.queue_items.transitions import NewItem
from forum.moderation.reports import policy as report_policy
from forum.moderation.reports import report_evidence, reportables
from forum.moderation.reports.events import ReportAnswered, ReportMade
from forum.moderation.reports.models import Report
from forum.threads.posts import post_changes

WORDS_MAX = 1_000
MAX_PER_HOUR = 20


def report(viewer: Viewer, kind: str, target_id: int, *, reason: str, words: str = "") -> int:
    """Report what the viewer may see, and return the report's id.

    Several reports of one thing are one item of the queue. Who reports the same thing again while
    it waits changes their report. Raises Invalid, LoginNeeded, Forbidden, NotFound, Conflict, and
    TooMany past 20 an hour.
    """
    reporter_id, now = reportables.reporter_id(viewer, kind), clock.now()
    if reason not in report_policy.REASONS:
        raise Invalid(fields={"reason": _("Choose what fits best.")})
    words = text.checked(words, "words", most=WORDS_MAX, name=_("What you write"))
    with transaction() as session:
        if kind == POST:  # enough reports hide it, and threads are locked before the queue
            post_changes.lock_thread_of(target_id)
        transitions.lock_queue(session)
        reported = reportables.reported_for(viewer, kind, target_id)
        urgency = report_policy.URGENCY_OF_REASON.get(reason, policy.TODAY)
        new = NewItem(
            REPORT,
            reported.kind,
            reported.id,
            reported.group_id,
            reported.about_id,
            urgency,
            reason in report_policy.DISTRESSING,
        )
        _require_not_too_many(reporter_id, now)
        item = transitions.add_item(session, new, now)
        mine = session.scalar(
            select(Report).where(Report.item_id == item.id, Report.reporter_id == reporter_id)
        )
        if mine is None:
            mine = Report(item_id=item.id, reporter_id=reporter_id, created_at=now, answer="")
            session.add(mine)
            item.reports += 1
        mine.reason, mine.details = reason, words
        session.flush()
        report_evidence.keep_evidence(session, item)
        announce(ReportMade(mine.id, item.id, reporter_id, reported.kind, reason, now))
        return mine.id


def answer_reporters(
    session: Session, item: QueueItem, outcome: str, words: str, at: datetime
) -> None:
    """Tell all who reported an item what came of it, and keep no longer what it was about."""
    report_evidence.delete_evidence(session, item.id)
    told = (
        update(Report)
        .where(Report.item_id == item.id)
        .values(answer=words, answered_at=at)
        .returning(Report.id, Report.reporter_id)
    )
    for row in session.execute(told).all():
        if row.reporter_id is not None:
            announce(ReportAnswered(row.id, item.id, row.reporter_id, outcome, at))


def withdraw_answers(session: Session, item: QueueItem) -> None:
    """Say no more of what came of an item that is open again."""
    report_evidence.keep_evidence_again(session, item)
    session.execute(
        update(Report).where(Report.item_id == item.id).values(answer="", answered_at=None)
    )


def _require_not_too_many(reporter_id: int, now: datetime) -> None:
    lately = select(func.count()).where(
        Report.reporter_id == reporter_id, Report.created_at > now - timedelta(hours=1)
    )
    if (current_session().scalar(lately) or 0) >= MAX_PER_HOUR:
        raise TooMany(
            _(
                "If someone is in danger, the page Get help now has numbers to call. You've sent "
                "a lot of reports in the last hour. Please try again in a little while."
            )
        )
