"""What a member reported was looked at; after a second look they are notified once more."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression

from forum.accounts.policy import ViewerId, row_exists
from forum.core.translation import lazy
from forum.moderation.reports.events import ReportAnswered
from forum.moderation.reports.models import Report
from forum.notifications.notification_choices import DECISIONS
from forum.notifications.registry import NotificationType


def _is_answered(account_id: ViewerId, about_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return row_exists(
        Report,
        Report.id == about_id,
        Report.reporter_id == account_id,
        Report.answered_at.is_not(None),
    )


def _reporter(event: ReportAnswered) -> Iterable[int | None]:
    return [event.reporter_id]


REPORT_ANSWERED = NotificationType(
    name="report",
    choice=DECISIONS,
    text=lazy("Your report has been reviewed"),
    address="/moderation/reports/mine",
    icon="shield-check",
    visible=_is_answered,
    about="report_id",
    replaces=("report",),
    sent_on={ReportAnswered: _reporter},
)
