"""Every module that holds tables."""

from forum.accounts import models as accounts
from forum.core import parts
from forum.core.background_jobs import models as background_jobs
from forum.groups import models as groups
from forum.meetings import calendar_models as calendars
from forum.meetings import models as meetings
from forum.meetings import room_models as rooms
from forum.moderation import models as moderation
from forum.moderation import queue_models as queue
from forum.notifications import models as notifications
from forum.safety import models as safety
from forum.threads import models as threads

ALL = (
    background_jobs,
    accounts,
    groups,
    threads,
    meetings,
    calendars,
    rooms,
    safety,
    queue,
    moderation,
    notifications,
)
OPTIONAL = tuple(
    parts.optional(name)
    for name in (
        "forum.activity.models",
        "forum.research.models",
        "forum.research.researcher_models",
        "forum.research.releases.models",
        "forum.research.releases.job_models",
    )
)
