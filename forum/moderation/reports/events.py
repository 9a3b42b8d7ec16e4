"""What happens to reports: ids and measures, never text."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReportMade:
    """Somebody has reported something. Nobody else may learn from this who it was."""

    report_id: int
    item_id: int
    reporter_id: int
    target_kind: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class ReportAnswered:
    """What came of a report is known now, and its reporter may be told."""

    report_id: int
    item_id: int
    reporter_id: int
    outcome: str
    at: datetime
