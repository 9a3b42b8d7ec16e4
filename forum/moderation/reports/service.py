"""Reporting: every write about reports, whatever the door."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.accounts.policy import Viewer
from forum.core import clock, text
from forum.core.db import reading, transaction
from forum.core.errors import Invalid, TooMany
from forum.core.events import announce
from forum.moderation.queue import policy
from forum.moderation.queue import transitions as steps
from forum.moderation.queue.events import ReportAnswered, ReportMade
from forum.moderation.queue.models import REPORT, QueueEntry, Report
from forum.moderation.queue.transitions import Matter
from forum.moderation.reports import report_evidence, reportables

WORDS_MAX = 1_000
AN_HOUR = 20


def report(viewer: Viewer, kind: str, subject_id: int, *, reason: str, words: str = "") -> int:
    """Report what the viewer may see, and return the report's id.

    Several reports of one thing are one entry of the queue. Who reports the same thing again while
    it waits changes their report. Raises Invalid, LoginNeeded, Forbidden, NotFound, Conflict, and
    TooMany past 20 an hour.
    """
    reporter_id, now = reportables.reporter_id(viewer, kind), clock.now()
    if reason not in policy.REASONS:
        raise Invalid(fields={"reason": "Please choose what fits best."})
    words = text.checked(words, "words", most=WORDS_MAX, name="What you write")
    with transaction() as session:
        steps.take_turn(session)
        subject = reportables.subject_for(viewer, kind, subject_id)
        urgency = policy.REASON_URGENCY.get(reason, policy.TODAY)
        matter = Matter(
            REPORT, subject.kind, subject.id, subject.group_id, subject.about_id, urgency,
            reason in policy.DISTRESSING,
        )  # fmt: skip
        _not_too_many(reporter_id, now)
        entry = steps.bring(session, matter, now)
        mine = session.scalar(
            select(Report).where(Report.entry_id == entry.id, Report.reporter_id == reporter_id)
        )
        if mine is None:
            mine = Report(entry_id=entry.id, reporter_id=reporter_id, created_at=now, answer="")
            session.add(mine)
            entry.reports += 1
        mine.reason, mine.words = reason, words
        session.flush()
        report_evidence.keep(session, entry)
        announce(ReportMade(mine.id, entry.id, reporter_id, subject.kind, reason, now))
        return mine.id


def answer(session: Session, entry: QueueEntry, outcome: str, words: str, at: datetime) -> None:
    """Tell all who reported an entry what came of it, and keep no longer what it was about."""
    report_evidence.let_go(session, entry.id)
    told = (
        update(Report)
        .where(Report.entry_id == entry.id)
        .values(answer=words, answered_at=at)
        .returning(Report.id, Report.reporter_id)
    )
    for row in session.execute(told).all():
        if row.reporter_id is not None:
            announce(ReportAnswered(row.id, entry.id, row.reporter_id, outcome, at))


def take_answer_back(session: Session, entry: QueueEntry) -> None:
    """Say no more of what came of an entry that is open again."""
    report_evidence.keep(session, entry)
    session.execute(
        update(Report).where(Report.entry_id == entry.id).values(answer="", answered_at=None)
    )


def _not_too_many(reporter_id: int, now: datetime) -> None:
    lately = select(func.count()).where(
        Report.reporter_id == reporter_id, Report.created_at > now - timedelta(hours=1)
    )
    if (reading().scalar(lately) or 0) >= AN_HOUR:
        raise TooMany(
            "You have reported a lot within an hour. Please wait a little. If somebody is in "
            "danger, the page Get help now has numbers to call."
        )
