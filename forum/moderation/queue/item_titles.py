"""What an item of the queue is called, in the reader's language."""

from collections.abc import Mapping

from forum.core.text import isolated_text
from forum.core.translation import _, lazy, ngettext
from forum.moderation.queue.item_view import ItemView
from forum.moderation.queue_items.models import (
    CARE_MESSAGE,
    CONTACT_REQUEST,
    CRISIS_ALERT,
    EDITED_SINCE,
    JOIN_REQUEST,
    MANY_HIDDEN,
    MEMBER,
    PENDING_POST,
    POST,
    PRIVATE_MESSAGE,
    PROFILE,
    REPORT,
    ROOM_MESSAGE,
    UNANSWERED,
    WATCHED_WORD,
)
from forum.moderation.reports.policy import REASONS

# By kind, or for a report by what was reported; the name is put in when it is shown.
TITLES: Mapping[str | tuple[str, str], str] = {
    (REPORT, POST): lazy("Reported post, by %(name)s"),
    (REPORT, MEMBER): lazy("Reported member: %(name)s"),
    (REPORT, PROFILE): lazy("Reported profile: %(name)s"),
    (REPORT, ROOM_MESSAGE): lazy("Reported message in a room, by %(name)s"),
    (REPORT, CARE_MESSAGE): lazy("Reported care message, by %(name)s"),
    (REPORT, PRIVATE_MESSAGE): lazy("Reported private message, by %(name)s"),
    PENDING_POST: lazy("Waiting for approval: a post by %(name)s"),
    CRISIS_ALERT: lazy("May be in danger: %(name)s"),
    CONTACT_REQUEST: lazy("Takes part in a study and asks a facilitator for contact: %(name)s"),
    WATCHED_WORD: lazy("Watched word in a post by %(name)s"),
    EDITED_SINCE: lazy("Changed after approval: a post by %(name)s"),
    UNANSWERED: lazy("No reply yet: a new member's thread, by %(name)s"),
    JOIN_REQUEST: lazy("Asks to join: %(name)s"),
    MANY_HIDDEN: lazy("Many posts hidden after reports: %(name)s"),
}


def title_of(item: ItemView) -> str:
    """Return the title: what it is, whom it is about, why it was reported and how often."""
    key = (item.kind, item.target_kind) if item.kind == REPORT else item.kind
    name = isolated_text(item.about) or _("a former member")
    parts = [str(TITLES[key]) % {"name": name}]
    parts += [str(REASONS[reason]) for reason in item.reasons]
    if item.reports > 1:
        parts.append(ngettext("%(count)s report", "%(count)s reports", item.reports))
    return " · ".join(parts)
