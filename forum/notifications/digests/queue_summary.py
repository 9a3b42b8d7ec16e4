"""What a digest says to who moderates: how much waits in the queue, and for a decision."""

from sqlalchemy import literal, select

from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.core.translation import ngettext
from forum.core.web.templating.template_helpers import at_most_100
from forum.moderation.audit_log import queries as log
from forum.moderation.on_call import policy as on_call_policy
from forum.moderation.queue import stats
from forum.moderation.queue_items.policy import moderates_anything

ADDRESS = "/moderation"


def paragraphs(viewer: Viewer) -> list[str]:
    """Return what waits for this person as a moderator, in words; nothing in their break."""
    me = viewer.sql_id()
    resting = on_call_policy.rests(me)
    if not current_session().scalar(select(literal(1)).where(moderates_anything(me), ~resting)):
        return []
    told = []
    if waiting := stats.count_waiting(viewer):
        told.append(
            ngettext(
                "%(shown)s item is waiting in the moderation queue.",
                "%(shown)s items are waiting in the moderation queue.",
                waiting,
                shown=at_most_100(waiting),
            )
        )
    if decisions := log.count_waiting(viewer):
        told.append(
            ngettext(
                "%(shown)s appeal or proposed action is waiting for your decision.",
                "%(shown)s appeals and proposed actions are waiting for your decision.",
                decisions,
                shown=at_most_100(decisions),
            )
        )
    return told
