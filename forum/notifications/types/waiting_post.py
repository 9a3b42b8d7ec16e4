"""A post or an edit waits for approval: the group's moderators are told."""

from forum.core.translation import lazy
from forum.moderation.bells.bell_times import PENDING
from forum.notifications.queue_bells import bell

WAITING = bell(
    PENDING,
    lazy("A post in %(title)s is waiting for approval"),
    lazy("A post is waiting for approval in a group you moderate."),
)
