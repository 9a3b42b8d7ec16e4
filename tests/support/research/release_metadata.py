"""What the releases that tests write cover, and their descriptions."""

from datetime import UTC, date, datetime

from forum.activity.measures.study_record import Window
from forum.research.releases.package.schema import ReleaseMetadata

WINDOW = Window(date(2026, 1, 5), 182)
ABOUT = ReleaseMetadata(
    "evenings",
    "Evening groups",
    "Whether taking part helps.",
    datetime(2026, 7, 10, tzinfo=UTC),
    recipient="Dr Example",
)
