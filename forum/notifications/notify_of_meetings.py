"""What those are told who asked to be reminded of a meeting."""

from sqlalchemy import delete

from forum.core.db import transaction
from forum.meetings.events import MeetingCancelled, MeetingMoved, MeetingSoon
from forum.meetings.schedule import reminders
from forum.notifications import service
from forum.notifications.models import Notification
from forum.notifications.types import MEETING_CANCELLED, MEETING_MOVED, MEETING_SOON

KIND = {
    MeetingSoon: MEETING_SOON,
    MeetingMoved: MEETING_MOVED,
    MeetingCancelled: MEETING_CANCELLED,
}


def told_of_meeting(event: MeetingSoon | MeetingMoved | MeetingCancelled) -> None:
    """Tell people that a meeting is near, has moved or is cancelled; what was said before goes."""
    with transaction() as session:
        session.execute(
            delete(Notification)
            .where(Notification.kind.in_(KIND.values()), Notification.about_id == event.meeting_id)
            .execution_options(synchronize_session=False)
        )
        asked = reminders.accounts_to_remind(event.meeting_id)
        service.tell(asked, KIND[type(event)], event.meeting_id, event.at)
