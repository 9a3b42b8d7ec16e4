"""Who looked at words that others do not see: one row for each person, thing and hour.

The access log has a table of its own, so the audit log stays readable; the page and the export of
the audit log show both on request. What is on a page that is open already, when it is hidden or a
held post arrives there, counts when the page is loaded or joined again.
"""

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.core.db import transaction
from forum.core.translation import lazy
from forum.groups.events import HiddenContentViewed
from forum.groups.membership.hidden_content_access import EVIDENCE, HIDDEN, PENDING, REVISION
from forum.moderation.models import AccessLogEntry

HOUR_S = 3600
PREFIX = "access_"
LABELS = {
    PREFIX + HIDDEN: lazy("Hidden content was opened"),
    PREFIX + PENDING: lazy("A pending post was opened"),
    PREFIX + REVISION: lazy("Earlier versions of a post were opened"),
    PREFIX + EVIDENCE: lazy("Messages kept with a report were opened"),
}
_ROWS = insert(AccessLogEntry).on_conflict_do_nothing()


def log_access(event: HiddenContentViewed) -> None:
    """Keep that somebody has looked; again within the hour, it is there once."""
    hour = int(event.at.timestamp()) // HOUR_S
    rows = [
        {
            "by_id": event.by_id,
            "group_id": event.group_id,
            "target_kind": event.kind,
            "target_id": its_id,
            "person_id": author_id,
            "reason": why,
            "hour": hour,
            "at": event.at,
        }
        for its_id, author_id, why in event.seen
    ]
    with transaction() as session:
        session.execute(_ROWS, rows)
