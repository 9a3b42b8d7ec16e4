"""Who looked at words that others do not see: one row for each person, thing and hour.

Looks have a table of their own, so that the log of acts stays readable; the log's page and export
show them when they are asked for. What is on a page that is open already, when it is hidden or a
held post arrives there, counts when the page is loaded or joined again.
"""

# Both databases understand this dialect's ON CONFLICT DO NOTHING; there is no neutral one.
from sqlalchemy.dialects.postgresql import insert

from forum.core.db import transaction
from forum.groups.events import HiddenContentViewed
from forum.groups.membership.hidden_content_access import EARLIER, HELD, HIDDEN, KEPT
from forum.moderation.models import Look

HOUR_S = 3600
LOOK = "look_"
DONE = {
    LOOK + HIDDEN: "Hidden words were looked at",
    LOOK + HELD: "Words that wait for a first look were looked at",
    LOOK + EARLIER: "Earlier words of a post were looked at",
    LOOK + KEPT: "Words from a room, kept with a report, were looked at",
}
_ROWS = insert(Look).on_conflict_do_nothing()


def noted(event: HiddenContentViewed) -> None:
    """Keep that somebody has looked; again within the hour, it is there once."""
    hour = int(event.at.timestamp()) // HOUR_S
    rows = [
        {"by_id": event.by_id, "group_id": event.group_id, "subject_kind": event.kind,
         "subject_id": its_id, "person_id": author_id, "what": why, "hour": hour, "at": event.at}
        for its_id, author_id, why in event.seen
    ]  # fmt: skip
    with transaction() as session:
        session.execute(_ROWS, rows)
