"""Reads of reports: for moderators without the reporter, and for the reporters."""

from collections.abc import Sequence

from sqlalchemy import func, select

from forum.core.db import AnyRow, current_session
from forum.moderation.queue_items.models import QueueItem
from forum.moderation.reports.models import Report


def reports_of(item_id: int) -> Sequence[AnyRow]:
    """Return the reasons and details of an item's reports, without who wrote them."""
    found = select(Report.reason, Report.details, Report.created_at)
    return (
        current_session().execute(found.where(Report.item_id == item_id).order_by(Report.id)).all()
    )


def own_reports(viewer_id: int, most: int = 100) -> Sequence[AnyRow]:
    """Return what somebody has reported, newest first, and what came of it.

    `number` counts one's own: the rows' ids would tell how much others have reported meanwhile.
    """
    number = func.row_number().over(order_by=Report.id).label("number")
    return (
        current_session()
        .execute(
            select(
                number,
                Report.reason,
                Report.details,
                Report.created_at,
                Report.answer,
                Report.answered_at,
                QueueItem.target_kind,
                QueueItem.outcome,
                QueueItem.claimed_by_id.is_not(None).label("taken"),
            )
            .join(QueueItem, QueueItem.id == Report.item_id)
            .where(Report.reporter_id == viewer_id)
            .order_by(Report.id.desc())
            .limit(most)
        )
        .all()
    )
