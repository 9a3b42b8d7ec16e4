"""Where others may have written the name of an erased member, by hand.

Posts, rooms, private messages and the moderation log see to their own words, which have versions or
cannot be changed. All other words are listed here; a test looks into every table for a name that is
left.
"""

from sqlalchemy.orm import InstrumentedAttribute

from forum.accounts.models import Account
from forum.groups.models import Group, JoinRequest, Membership
from forum.meetings.models import Meeting, Series
from forum.meetings.room.models import Attendance
from forum.messages.models import Participant
from forum.moderation.canned_reasons.models import CannedReason
from forum.moderation.on_call.models import Shift
from forum.moderation.queue_items.models import QueueTransition
from forum.moderation.reports.models import Report
from forum.notifications.announcements.models import Announcement
from forum.safety.models import CareMessage
from forum.threads.models import PendingEdit, PostReview, PostRevision
from forum.threads.reader.models import Draft

WORDS: tuple[InstrumentedAttribute[str], ...] = (
    Account.about,
    Account.suspension_reason,
    Group.name,
    Group.topic,
    Group.description,
    Group.guidelines,
    Group.welcome,
    JoinRequest.message,
    Membership.silence_reason,
    Draft.title,
    Draft.body,
    Draft.content_note,
    PostReview.reason,
    PostRevision.reason,
    PendingEdit.body,
    PendingEdit.content_note,
    PendingEdit.declined_because,
    Meeting.title,
    Meeting.agenda,
    Meeting.greeting,
    Series.title,
    Series.agenda,
    Attendance.draft_body,
    Attendance.draft_content_note,
    Participant.draft_body,
    Participant.draft_content_note,
    CareMessage.body,
    CareMessage.answer,
    Report.details,
    Report.answer,
    QueueTransition.note,
    Shift.note,
    CannedReason.text,
    Announcement.title,
    Announcement.body,
)
