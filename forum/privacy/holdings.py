"""What is held about one person, table by table, in their own words and nobody else's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, case, func, or_, select

from forum.accounts.models import (
    BLOCKED_BY,
    Account,
    LoginSession,
    PasswordReset,
    RecoveryCode,
    Separation,
)
from forum.groups.models import Group, Invitation, JoinRequest, Membership
from forum.meetings.calendar_models import Calendar, Reminder
from forum.meetings.models import Meeting, Series
from forum.meetings.room_models import Attendance, Hand, RoomMessage, RoomWord
from forum.moderation.queue_models import Exposure, QueueStep, Report, Shift
from forum.notifications.models import Notification
from forum.safety.models import CareNote
from forum.threads.models import (
    Bookmark,
    Draft,
    Mention,
    Post,
    PostRevision,
    Reaction,
    ReadMark,
    ThemeChoice,
    Thread,
)

Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Holding:
    """One part of the download; `covers` names the columns through which rows are somebody's.

    A column `html` is shown in the readable page and left out of the JSON.
    """

    name: str
    about: str
    covers: tuple[str, ...]
    rows: Callable[[int], Rows]


# Columns that name an account and are not in that account's download, and why. Risk flags, which
# name a post, are not in it either: moderators alone see them; see docs/safety.md.
LEFT_OUT = {
    "room_words.about_id": "answers on the private line are their authors' words",
    "separations.other_id": "whom others mute or block is theirs to know",
    "queue_entries.about_id": "it would tell who has reported somebody",
    "queue_entries.claimed_by_id": "what somebody did in the queue is listed step by step",
    "queue_entries.resolved_by_id": "what somebody did in the queue is listed step by step",
    "notifications.actor_id": "what others were told; the acts themselves are in the download",
}


def _account(me: int) -> Rows:
    codes = select(func.count()).where(RecoveryCode.account_id == me).scalar_subquery()
    return select(
        Account.id, Account.handle, Account.email, Account.role, Account.about, Account.invisible,
        Account.created_at, Account.suspended_until, Account.suspended_because,
        codes.label("recovery_codes_left"),
    ).where(Account.id == me)  # fmt: skip


def _sessions(me: int) -> Rows:
    return select(
        LoginSession.device, LoginSession.created_at, LoginSession.seen_at, LoginSession.ended_at
    ).where(LoginSession.account_id == me)


def _resets(me: int) -> Rows:
    return select(PasswordReset.expires_at).where(PasswordReset.account_id == me)


def _separations(me: int) -> Rows:
    return (
        select(Separation.kind, Account.handle, Separation.created_at)
        .join(Account, Account.id == Separation.other_id)
        .where(Separation.viewer_id == me, Separation.kind != BLOCKED_BY)
    )


def _memberships(me: int) -> Rows:
    return (
        select(Group.slug, Group.name, Membership.role, Membership.joined_at)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == me)
    )


def _requests(me: int) -> Rows:
    return (
        select(Group.slug, JoinRequest.words, JoinRequest.created_at)
        .join(Group, Group.id == JoinRequest.group_id)
        .where(JoinRequest.account_id == me)
    )


def _invitations(me: int) -> Rows:
    return (
        select(Group.slug, Invitation.uses_left, Invitation.created_at, Invitation.expires_at)
        .join(Group, Group.id == Invitation.group_id)
        .where(Invitation.made_by_id == me)
    )


def _threads(me: int) -> Rows:
    return (
        select(Thread.id, Group.slug.label("group"), Thread.title, Thread.created_at)
        .join(Group, Group.id == Thread.group_id)
        .where(Thread.author_id == me)
        .order_by(Thread.id)
    )


def _posts(me: int) -> Rows:
    return (
        select(
            Post.id, Post.thread_id, Thread.title.label("thread_title"), Group.slug.label("group"),
            Post.number, Post.body, Post.html, Post.content_note, Post.created_at, Post.edited_at,
            Post.hidden_at, Post.deleted_at,
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(Group, Group.id == Thread.group_id)
        .where(Post.author_id == me)
        .order_by(Post.id)
    )  # fmt: skip


def _revisions(me: int) -> Rows:
    # Why a moderator did something is in the moderator's words.
    reason = case((PostRevision.by_id == me, PostRevision.reason), else_="").label("reason")
    return (
        select(PostRevision.post_id, PostRevision.act, PostRevision.body,
               PostRevision.content_note, reason, PostRevision.created_at)
        .join(Post, Post.id == PostRevision.post_id)
        .where(Post.author_id == me)
        .order_by(PostRevision.id)
    )  # fmt: skip


def _acts(me: int) -> Rows:
    return (
        select(PostRevision.post_id, PostRevision.act, PostRevision.reason, PostRevision.created_at)
        .join(Post, Post.id == PostRevision.post_id)
        .where(PostRevision.by_id == me, Post.author_id.is_distinct_from(me))
        .order_by(PostRevision.id)
    )


def _mentions(me: int) -> Rows:
    return select(Mention.post_id, Mention.name).where(Mention.account_id == me)


def _reactions(me: int) -> Rows:
    return select(Reaction.post_id, Reaction.kind, Reaction.created_at).where(
        Reaction.account_id == me
    )


def _read_marks(me: int) -> Rows:
    return select(ReadMark.thread_id, ReadMark.number, ReadMark.watching).where(
        ReadMark.account_id == me
    )


def _bookmarks(me: int) -> Rows:
    return select(Bookmark.post_id, Bookmark.created_at).where(Bookmark.account_id == me)


def _drafts(me: int) -> Rows:
    return select(
        Draft.group_id, Draft.thread_id, Draft.title, Draft.body, Draft.content_note, Draft.saved_at
    ).where(Draft.account_id == me)


def _notifications(me: int) -> Rows:
    return (
        select(Notification.kind, Notification.post_id, Notification.about_id,
               Notification.created_at, Notification.read_at)
        .where(Notification.account_id == me)
        .order_by(Notification.id)
    )  # fmt: skip


def _meetings(me: int) -> Rows:
    return (
        select(Meeting.id, Meeting.title, Meeting.agenda, Meeting.starts_at, Meeting.state)
        .outerjoin(Series, Series.id == Meeting.series_id)
        .where(or_(Meeting.by_id == me, Series.by_id == me))
        .order_by(Meeting.id)
    )


def _reminders(me: int) -> Rows:
    return (
        select(Reminder.meeting_id, Meeting.title, Meeting.starts_at, Reminder.created_at)
        .join(Meeting, Meeting.id == Reminder.meeting_id)
        .where(Reminder.account_id == me)
        .order_by(Reminder.meeting_id)
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
            Attendance.meeting_id, Meeting.title, Attendance.joined_at, Attendance.left_at,
            Attendance.seen_at, Attendance.present_ms, Attendance.facilitated, Attendance.turns,
            Attendance.messages, Attendance.words, Attendance.muted_at, Attendance.removed_at,
            Attendance.draft_body, Attendance.draft_note,
        )
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Attendance.account_id == me)
        .order_by(Attendance.meeting_id)
    )  # fmt: skip


def _room_messages(me: int) -> Rows:
    return (
        select(RoomMessage.id, RoomMessage.meeting_id, RoomMessage.body, RoomMessage.html,
               RoomMessage.content_note, RoomMessage.created_at, RoomMessage.hidden_at,
               RoomMessage.deleted_at)
        .where(RoomMessage.author_id == me)
        .order_by(RoomMessage.id)
    )  # fmt: skip


def _room_words(me: int) -> Rows:
    return (
        select(RoomWord.meeting_id, RoomWord.body, RoomWord.created_at)
        .where(RoomWord.author_id == me)
        .order_by(RoomWord.id)
    )


def _hands(me: int) -> Rows:
    return select(Hand.meeting_id, Hand.turn_at).where(Hand.account_id == me)


def _themes(me: int) -> Rows:
    return select(ThemeChoice.theme, ThemeChoice.choice).where(ThemeChoice.account_id == me)


def _care_notes(me: int) -> Rows:
    # The other side's words are theirs.
    return (
        select(CareNote.id, Group.slug.label("group"), CareNote.post_id, CareNote.created_at,
               case((CareNote.author_id == me, CareNote.body), else_="").label("body"),
               CareNote.read_at,
               case((CareNote.account_id == me, CareNote.answer), else_="").label("answer"),
               CareNote.answered_at, CareNote.closed_at)
        .join(Group, Group.id == CareNote.group_id)
        .where(or_(CareNote.account_id == me, CareNote.author_id == me))
        .order_by(CareNote.id)
    )  # fmt: skip


def _reports(me: int) -> Rows:
    return (
        select(Report.id, Report.reason, Report.words, Report.created_at, Report.answered_at)
        .where(Report.reporter_id == me)
        .order_by(Report.id)
    )


def _queue_steps(me: int) -> Rows:
    return (
        select(QueueStep.entry_id, QueueStep.step, QueueStep.note, QueueStep.at)
        .where(QueueStep.by_id == me)
        .order_by(QueueStep.id)
    )


def _shifts(me: int) -> Rows:
    return select(Shift.group_id, Shift.starts_at, Shift.ends_at, Shift.note).where(
        Shift.account_id == me
    )


def _exposures(me: int) -> Rows:
    return select(Exposure.entry_id, Exposure.at).where(Exposure.account_id == me)


HOLDINGS = (
    Holding("account", "Your account and profile.", ("recovery_codes.account_id",), _account),
    Holding("posts", "Every post of yours, hidden ones too.", ("posts.author_id",), _posts),
    Holding("threads", "Threads that you started.", ("threads.author_id",), _threads),
    Holding("revisions", "How your posts were before each change.", (), _revisions),
    Holding("drafts", "What you wrote and did not send.", ("drafts.account_id",), _drafts),
    Holding("reactions", "Your reactions.", ("reactions.account_id",), _reactions),
    Holding("bookmarks", "Posts that you bookmarked.", ("bookmarks.account_id",), _bookmarks),
    Holding("reading", "How far you read each thread, and which you watch.",
            ("read_marks.account_id",), _read_marks),
    Holding("memberships", "Your groups.", ("memberships.account_id",), _memberships),
    Holding("requests", "Groups that you asked to join.", ("join_requests.account_id",),
            _requests),
    Holding("invitations", "Invitations that you made.", ("invitations.made_by_id",),
            _invitations),
    Holding("muted_and_blocked", "People you chose to mute or block.", ("separations.viewer_id",),
            _separations),
    Holding("mentions", "Posts that name you.", ("mentions.account_id",), _mentions),
    Holding("meetings", "Meetings that you planned.", ("meetings.by_id", "meeting_series.by_id"),
            _meetings),
    Holding("meeting_reminders", "Meetings of which you asked to be reminded.",
            ("meeting_reminders.account_id",), _reminders),
    Holding("calendars", "Your calendars, without their secret addresses.",
            ("calendars.account_id",), _calendars),
    Holding("attendance", "Meetings that you were in, and how much you took part.",
            ("attendance.account_id",), _attendance),
    Holding("room_messages", "What you said in meetings and has not vanished.",
            ("room_messages.author_id",), _room_messages),
    Holding("room_words", "What you said to those who facilitate a meeting.",
            ("room_words.author_id",), _room_words),
    Holding("hands", "Meetings in which you ask for a turn.", ("room_hands.account_id",), _hands),
    Holding("notifications", "What you were told.", ("notifications.account_id",),
            _notifications),
    Holding("content_notes", "What you want of content notes, by theme.",
            ("theme_choices.account_id",), _themes),
    Holding("care_notes", "What you wrote to somebody in a group's care, or answered.",
            ("care_notes.account_id", "care_notes.author_id"), _care_notes),
    Holding("acts", "What you did to other people's posts when looking after a group.",
            ("post_revisions.by_id",), _acts),
    Holding("reports", "What you reported.", ("reports.reporter_id",), _reports),
    Holding("queue", "What you did with entries of the queue.", ("queue_steps.by_id",),
            _queue_steps),
    Holding("shifts", "Your hours on duty.", ("shifts.account_id",), _shifts),
    Holding("exposures", "Distressing entries of the queue that you opened lately.",
            ("exposures.account_id",), _exposures),
    Holding("sessions", "Where you were logged in.", ("login_sessions.account_id",), _sessions),
    Holding("password_resets", "Links for a new password that still work.",
            ("password_resets.account_id",), _resets),
)  # fmt: skip
