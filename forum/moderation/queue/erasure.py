"""What is left in the queue of a member who erases their account: counts, and nobody's words.

What an open report keeps of what they said goes with their account, whatever becomes of their
other words; so do their shifts.
"""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from forum.core.background.jobs import rows
from forum.core.background.jobs.job_types import StepDone, Steps
from forum.moderation.queue_items import transitions
from forum.moderation.queue_items.models import QueueTransition
from forum.moderation.reports.models import Report, ReportEvidence

TEXT_COLUMNS = (ReportEvidence.body, ReportEvidence.content_note)


def anonymise_reports(session: Session, account_id: int) -> Steps:
    """Give back what somebody has claimed, and part them from their reports and notes."""
    if passed := transitions.release_claims(session, account_id, ""):
        yield StepDone(passed)
    reports = cast("Table", Report.__table__)
    steps = cast("Table", QueueTransition.__table__)
    yield from rows.change(
        session, reports, Report.reporter_id == account_id, details="", answer="", reporter_id=None
    )
    yield from rows.change(session, steps, QueueTransition.by_id == account_id, note="", by_id=None)
