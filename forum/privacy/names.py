"""Taking the name of somebody who erases themselves out of what others have written by hand.

Posts, rooms and the moderation log see to their own words, which carry versions or cannot be
changed. All other words are listed here; a test looks into every table for a name that is left.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.accounts.models import Account
from forum.core import text
from forum.core.db import transaction
from forum.groups.models import Group, JoinRequest, Membership
from forum.meetings.models import Meeting, Series
from forum.meetings.room_models import Attendance
from forum.moderation.models import CannedReason
from forum.moderation.queue_models import QueueStep, Report, Shift
from forum.safety.models import CareNote
from forum.threads.mentions import FORMER
from forum.threads.models import Draft, PostReview, PostRevision

WORDS: tuple[InstrumentedAttribute[str], ...] = (
    Account.about, Account.suspended_because,
    Group.name, Group.topic, Group.description, Group.guidelines, Group.welcome,
    JoinRequest.words, Membership.silenced_because,
    Draft.title, Draft.body, Draft.content_note, PostReview.reason, PostRevision.reason,
    Meeting.title, Meeting.agenda, Meeting.greeting, Series.title, Series.agenda,
    Attendance.draft_body, Attendance.draft_note,
    CareNote.body, CareNote.answer,
    Report.words, Report.answer, QueueStep.note, Shift.note, CannedReason.words,
)  # fmt: skip


def take_out(account_id: int) -> None:
    """Write "a former member" wherever others have named somebody with @."""
    with transaction() as session:
        handle = session.scalars(select(Account.handle).where(Account.id == account_id)).one()
        for column in WORDS:
            _take_out_of(session, column, handle.casefold())


def _take_out_of(session: Session, column: InstrumentedAttribute[str], name: str) -> None:
    table = column.class_.__table__
    key, words = tuple(table.primary_key), table.c[column.key]
    for row in session.execute(select(words, *key).where(words.contains("@"))).all():
        new = text.renamed(row[0], name, FORMER)[: words.type.length]
        if new != row[0]:
            this = (one == value for one, value in zip(key, row[1:], strict=True))
            session.execute(update(table).where(*this).values({words.name: new}))
