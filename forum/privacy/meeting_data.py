"""What is held about one person's meetings."""

from sqlalchemy import or_, select

from forum.core.translation import lazy
from forum.groups.models import Group
from forum.meetings.calendars.models import Calendar
from forum.meetings.models import Meeting, Series
from forum.meetings.room.models import Attendance, PrivateNote, RaisedHand, RoomMessage
from forum.meetings.schedule.models import (
    MeetingFacilitator,
    Reminder,
    SeriesFacilitator,
    SeriesReminder,
)
from forum.moderation.reports.models import ReportEvidence
from forum.privacy.data_category import DataCategory, Rows


def _meetings(me: int) -> Rows:
    return (
        select(Meeting.id, Meeting.title, Meeting.agenda, Meeting.starts_at, Meeting.state)
        .outerjoin(Series, Series.id == Meeting.series_id)
        .where(or_(Meeting.by_id == me, Series.by_id == me))
        .order_by(Meeting.id)
    )


def _reminders(me: int) -> Rows:
    return (
        select(
            Reminder.meeting_id,
            Meeting.title,
            Meeting.starts_at,
            Reminder.wanted,
            Reminder.created_at,
        )
        .join(Meeting, Meeting.id == Reminder.meeting_id)
        .where(Reminder.account_id == me)
        .order_by(Reminder.meeting_id)
    )


def _series_reminders(me: int) -> Rows:
    return (
        select(SeriesReminder.series_id, Series.title, SeriesReminder.created_at)
        .join(Series, Series.id == SeriesReminder.series_id)
        .where(SeriesReminder.account_id == me)
        .order_by(SeriesReminder.series_id)
    )


def _series_facilitators(me: int) -> Rows:
    return (
        select(SeriesFacilitator.series_id, Series.title)
        .join(Series, Series.id == SeriesFacilitator.series_id)
        .where(SeriesFacilitator.account_id == me)
        .order_by(SeriesFacilitator.series_id)
    )


def _meeting_facilitators(me: int) -> Rows:
    return (
        select(
            MeetingFacilitator.meeting_id,
            Meeting.title,
            Meeting.starts_at,
            MeetingFacilitator.comes,
            MeetingFacilitator.said_at,
        )
        .join(Meeting, Meeting.id == MeetingFacilitator.meeting_id)
        .where(MeetingFacilitator.account_id == me)
        .order_by(MeetingFacilitator.meeting_id)
    )


def _calendars(me: int) -> Rows:
    return (
        select(Group.slug.label("group"), Calendar.created_at)
        .outerjoin(Group, Group.id == Calendar.group_id)
        .where(Calendar.account_id == me)
        .order_by(Calendar.id)
    )


def _attendance(me: int) -> Rows:
    return (
        select(
            Attendance.meeting_id,
            Meeting.title,
            Attendance.joined_at,
            Attendance.left_at,
            Attendance.seen_at,
            Attendance.present_ms,
            Attendance.facilitated,
            Attendance.speaking_turns,
            Attendance.message_count,
            Attendance.word_count,
            Attendance.muted_at,
            Attendance.removed_at,
            Attendance.draft_body,
            Attendance.draft_content_note,
        )
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Attendance.account_id == me)
        .order_by(Attendance.meeting_id)
    )


def _room_messages(me: int) -> Rows:
    return (
        select(
            RoomMessage.id,
            RoomMessage.meeting_id,
            RoomMessage.body,
            RoomMessage.html,
            RoomMessage.content_note,
            RoomMessage.created_at,
            RoomMessage.hidden_at,
            RoomMessage.deleted_at,
        )
        .where(RoomMessage.author_id == me)
        .order_by(RoomMessage.id)
    )


def _private_notes(me: int) -> Rows:
    return (
        select(PrivateNote.meeting_id, PrivateNote.body, PrivateNote.created_at)
        .where(PrivateNote.author_id == me)
        .order_by(PrivateNote.id)
    )


def _report_evidence(me: int) -> Rows:
    return (
        select(ReportEvidence.body, ReportEvidence.content_note, ReportEvidence.sent_at)
        .where(ReportEvidence.author_id == me)
        .order_by(ReportEvidence.sent_at)
        .distinct()
    )


def _raised_hands(me: int) -> Rows:
    return select(RaisedHand.meeting_id, RaisedHand.speaking_since).where(
        RaisedHand.account_id == me
    )


MEETING_DATA = (
    DataCategory(
        "meetings",
        lazy("Meetings you planned"),
        ("meetings.by_id", "meeting_series.by_id"),
        _meetings,
    ),
    DataCategory(
        "meeting_reminders",
        lazy("Meetings you asked to be reminded of"),
        ("meeting_reminders.account_id",),
        _reminders,
    ),
    DataCategory(
        "series_reminders",
        lazy("Series of meetings you always want to be reminded of"),
        ("series_reminders.account_id",),
        _series_reminders,
    ),
    DataCategory(
        "series_facilitators",
        lazy("Series of meetings you were named to facilitate"),
        ("series_facilitators.account_id",),
        _series_facilitators,
    ),
    DataCategory(
        "meeting_facilitators",
        lazy("Meetings you took over, or said you can't facilitate"),
        ("meeting_facilitators.account_id",),
        _meeting_facilitators,
    ),
    DataCategory(
        "calendars",
        lazy("Your calendars, without their secret addresses"),
        ("calendars.account_id",),
        _calendars,
    ),
    DataCategory(
        "attendance",
        lazy("Meetings you were in, and how much you took part"),
        ("attendance.account_id",),
        _attendance,
    ),
    DataCategory(
        "room_messages",
        lazy("What you said in meetings, if it hasn't been deleted yet"),
        ("room_messages.author_id",),
        _room_messages,
    ),
    DataCategory(
        "private_notes",
        lazy("Your private notes to facilitators of a meeting"),
        ("private_notes.author_id",),
        _private_notes,
    ),
    DataCategory(
        "report_evidence",
        lazy("What you said in a meeting or a care message that we keep for an open report"),
        ("report_evidence.author_id",),
        _report_evidence,
    ),
    DataCategory(
        "raised_hands",
        lazy("Meetings in which you're asking for a turn to speak"),
        ("raised_hands.account_id",),
        _raised_hands,
    ),
)
