"""Every module that holds tables."""

from forum.accounts import models as accounts
from forum.groups import models as groups
from forum.meetings import models as meetings
from forum.moderation import queue_models as queue
from forum.notifications import models as notifications
from forum.threads import models as threads

ALL = (accounts, groups, threads, meetings, queue, notifications)
