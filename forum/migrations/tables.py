"""Every module that holds tables."""

from forum.accounts import models as accounts
from forum.core import optional_slices
from forum.core.background import models as background
from forum.core.background.jobs import models as background_jobs
from forum.groups import models as groups
from forum.meetings import models as meetings
from forum.meetings.calendars import models as calendars
from forum.meetings.room import models as rooms
from forum.meetings.schedule import models as schedule
from forum.messages import models as messages
from forum.moderation import models as moderation
from forum.moderation.canned_reasons import models as canned_reasons
from forum.moderation.on_call import models as on_call
from forum.moderation.queue_items import models as queue
from forum.moderation.reports import models as reports
from forum.moderation.watched_words import models as watched_words
from forum.notifications import models as notifications
from forum.notifications.outbox import models as outbox
from forum.notifications.preferences import models as notification_preferences
from forum.safety import models as safety
from forum.search import models as search
from forum.threads import models as threads
from forum.threads.reader import models as readers

ALL = (
    background,
    background_jobs,
    accounts,
    groups,
    threads,
    readers,
    meetings,
    calendars,
    schedule,
    rooms,
    messages,
    safety,
    queue,
    reports,
    on_call,
    watched_words,
    moderation,
    canned_reasons,
    search,
    notifications,
    notification_preferences,
    outbox,
)
OPTIONAL = tuple(
    optional_slices.optional(name)
    for name in (
        "forum.activity.models",
        "forum.research.models",
        "forum.research.studies.models",
        "forum.research.releases.ledger.models",
        "forum.research.releases.requests.models",
    )
)
