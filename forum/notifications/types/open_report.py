"""A report waits: moderators are told after some hours, or at once if it is urgent."""

from forum.core.translation import lazy
from forum.moderation.bells.bell_times import OPEN_REPORT, URGENT_REPORT
from forum.notifications.notification_choices import DIRECT
from forum.notifications.queue_bells import bell

WAITING = bell(
    OPEN_REPORT,
    lazy("A report in %(title)s is waiting for a moderator"),
    lazy("A report is waiting for a moderator."),
)
URGENT = bell(
    URGENT_REPORT,
    lazy("A report in %(title)s needs a moderator soon"),
    lazy("A report needs a moderator soon."),
    urgency=DIRECT,
)
