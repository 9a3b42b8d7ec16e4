"""Nobody has replied to a new member: the group's moderators are told, and once more later."""

from forum.core.translation import lazy
from forum.moderation.bells.bell_times import UNANSWERED_AGAIN, UNANSWERED_POST
from forum.notifications.queue_bells import bell

FIRST = bell(
    UNANSWERED_POST,
    lazy("Nobody has replied to a new member in %(title)s yet"),
    lazy("Nobody has replied to a new member yet. A few kind words are enough."),
    icon="heart-handshake",
)
AGAIN = bell(
    UNANSWERED_AGAIN,
    lazy("A new member in %(title)s is still waiting for a first reply"),
    lazy("A new member is still waiting for a first reply. A few kind words are enough."),
    icon="heart-handshake",
)
