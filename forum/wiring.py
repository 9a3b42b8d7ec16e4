"""What follows from what, on one page.

WITHIN_TRANSACTION: consequences that must be true together with their event.
AFTER_COMMIT: consequences that reach out; they run in this order, and may fail without harm.
"""

from forum.accounts.events import AccountProtectionChanged, HandleChanged, LoggedIn, SessionsEnded
from forum.accounts.login import sockets as account_sockets
from forum.core import optional_slices
from forum.core.background.jobs import runner
from forum.core.background.jobs.queue import JobAsked
from forum.core.events import Handler
from forum.core.ops import metrics
from forum.groups.events import (
    HiddenContentViewed,
    JoinRequestClosed,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    RoleChanged,
)
from forum.meetings.events import MeetingCancelled, MeetingMoved, MeetingSoon, MeetingStateChanged
from forum.meetings.room import broadcasts as room_live
from forum.meetings.room import fragments as room_fragments
from forum.meetings.room.events import (
    AttendeeModerated,
    MeetingAttended,
    PrivateNoteSent,
    RoomMessageChanged,
    RoomMessageSent,
    RoomPeopleChanged,
    TranscriptDeleted,
)
from forum.meetings.room.messages import mention_updates as renaming_in_rooms
from forum.moderation.actions import silencing
from forum.moderation.audit_log import access_log, approval_log
from forum.moderation.events import (
    ActProposed,
    ActTaken,
    ObjectionAnswered,
    ObjectionMade,
    ProposalClosed,
)
from forum.moderation.queue import (
    broadcasts as queue_live,
)
from forum.moderation.queue import (
    moved_threads,
    post_triggers,
)
from forum.moderation.queue import (
    service as queue,
)
from forum.moderation.queue import (
    triggers as queue_intake,
)
from forum.moderation.queue.events import CrisisWaits, QueueChanged, ReportAnswered, ReportMade
from forum.notifications import broadcasts as notification_live
from forum.notifications import notify_of_actions as act_news
from forum.notifications import notify_of_crisis, notify_of_security
from forum.notifications import notify_of_meetings as meeting_news
from forum.notifications import notify_of_moves as move_news
from forum.notifications import notify_of_replies as reply_news
from forum.notifications import service as notifications
from forum.notifications.events import MembersNotified, NotificationsRead
from forum.notifications.types import KINDS
from forum.safety import room_alerts as safety_in_rooms
from forum.safety import service as safety
from forum.safety.events import (
    CareMessageAnswered,
    CareMessageSent,
    PostCrisisDetected,
    PrivateNoteCrisisDetected,
    RoomMessageCrisisDetected,
)
from forum.threads import broadcasts as live
from forum.threads.events import (
    EditDecided,
    EditDiscarded,
    EditPending,
    GroupRead,
    PostApproved,
    PostChanged,
    PostCreated,
    PostDeclined,
    PostPending,
    ReactionGiven,
    ReactionRemoved,
    ThreadMoved,
    ThreadsRead,
    ThreadsRestructured,
    ThreadUnfollowed,
)
from forum.threads.posts import mention_updates

KINDS.update(notify_of_security.KINDS)

WITHIN_TRANSACTION: dict[type, list[Handler]] = {
    AccountProtectionChanged: [notify_of_security.tell_of_change],
    ActTaken: [act_news.told_of_act],
    ActProposed: [act_news.told_of_proposal],
    ProposalClosed: [act_news.told_of_outcome],
    ObjectionMade: [act_news.told_of_objection],
    ObjectionAnswered: [act_news.told_of_answer],
    CareMessageAnswered: [notifications.told_of_answer],
    CareMessageSent: [notifications.told_of_note],
    CrisisWaits: [notify_of_crisis.told_of_crisis],
    HandleChanged: [mention_updates.queue_rename, renaming_in_rooms.queue_rename],
    HiddenContentViewed: [access_log.noted],
    JoinRequestClosed: [queue_intake.asked_no_more],
    JoinRequested: [queue_intake.asked],
    MemberJoined: [silencing.resume],
    MemberLeft: [queue.let_go],
    EditPending: [safety.check_pending_edit, queue_intake.held],
    EditDecided: [approval_log.logged_edit, queue_intake.decided, notifications.told_of_edit],
    EditDiscarded: [queue_intake.edit_dropped],
    PostCreated: [notifications.told_of_post, safety.check_post],
    PostChanged: [safety.check_post, queue_intake.taken_back],
    PostPending: [safety.check_post, queue_intake.held],
    PostApproved: [approval_log.logged, queue_intake.decided, notifications.told_of_look],
    PostDeclined: [approval_log.logged, queue_intake.decided, notifications.told_of_look],
    PostCrisisDetected: [queue_intake.risk],
    RoomMessageSent: [safety_in_rooms.check_message],
    PrivateNoteSent: [safety_in_rooms.check_message],
    RoomMessageCrisisDetected: [queue_intake.risk],
    PrivateNoteCrisisDetected: [queue_intake.risk],
    ReactionGiven: [notifications.told_of_reaction],
    ReactionRemoved: [notifications.taken_back],
    ReportAnswered: [notifications.told_of_report],
    RoleChanged: [queue.let_go],
    ThreadMoved: [moved_threads.moved, move_news.told_of_move],
    # What was recorded of a post stays as it was then: the record says where things happened.
    ThreadsRestructured: [move_news.told_of_reshaping, reply_news.told_apart],
    ThreadsRead: [notifications.told_by_reading],
    GroupRead: [notifications.told_by_reading_group],
    ThreadUnfollowed: [notifications.told_enough],
    MeetingSoon: [meeting_news.told_of_meeting],
    MeetingMoved: [meeting_news.told_of_meeting],
    MeetingCancelled: [meeting_news.told_of_meeting],
}

# What participants of a study do is recorded, where the forum has studies.
if _recording := optional_slices.optional("forum.research.recording.event_recording"):
    for _event, _handler in (
        (LoggedIn, _recording.signed_in),
        (MemberJoined, _recording.joined),
        (MemberLeft, _recording.left),
        (PostCreated, _recording.posted),
        (ReactionGiven, _recording.reacted),
        (MeetingAttended, _recording.attended),
        (ReportMade, _recording.reported),
    ):
        WITHIN_TRANSACTION[_event] = [*WITHIN_TRANSACTION.get(_event, ()), _handler]
if _leaving := optional_slices.optional("forum.research.studies.group_withdrawal"):
    WITHIN_TRANSACTION[_leaving.GroupLeftStudy] = [_leaving.tell_participants]
if _linkage_keys := optional_slices.optional("forum.research.releases.ledger.linkage_keys"):
    WITHIN_TRANSACTION[_linkage_keys.StudyClosed] = [_linkage_keys.end_with_study]

# Those who run studies are told as everybody is, in words of their own.
if _news := optional_slices.optional("forum.research.researcher_notifications"):
    KINDS.update(_news.KINDS)
    WITHIN_TRANSACTION[_news.ResearcherNamed] = [_news.told_of_naming]
    WITHIN_TRANSACTION[_news.ResearcherUnnamed] = [_news.untold_of_naming]
    WITHIN_TRANSACTION[_news.ReleaseAsked] = [_news.untold_of_release]
    WITHIN_TRANSACTION[_news.ReleaseEnded] = [_news.told_of_release]
    WITHIN_TRANSACTION[_news.ReleaseGoesSoon] = [_news.told_of_release]
    WITHIN_TRANSACTION[_news.ReleaseGone] = [_news.untold_of_release]

# Who looks after a studied group no longer sees the study as its researcher.
if _researchers := optional_slices.optional("forum.research.studies.researchers"):
    WITHIN_TRANSACTION[RoleChanged] = [
        *WITHIN_TRANSACTION[RoleChanged],
        _researchers.role_changed,
    ]

AFTER_COMMIT: dict[type, list[Handler]] = {
    AccountProtectionChanged: [notification_live.show_badge],
    JobAsked: [runner.start],
    ActTaken: [notification_live.show_badge],
    ActProposed: [notification_live.show_badge],
    ProposalClosed: [notification_live.show_badge],
    ObjectionMade: [notification_live.show_badge],
    ObjectionAnswered: [notification_live.show_badge],
    PostCreated: [
        metrics.post_created,
        live.broadcast_created,
        notification_live.show_badge,
        post_triggers.noticed,
    ],
    PostChanged: [live.broadcast_changed, notification_live.show_badge, post_triggers.noticed],
    PostPending: [live.broadcast_created],
    EditDecided: [notification_live.show_badge],
    PostApproved: [notification_live.show_badge],
    PostDeclined: [live.broadcast_changed, notification_live.show_badge],
    ReactionGiven: [notification_live.show_badge],
    ReactionRemoved: [notification_live.show_badge],
    ThreadMoved: [live.broadcast_moved, notification_live.show_badge],
    ThreadsRestructured: [live.broadcast_restructured, notification_live.show_badge],
    ThreadsRead: [notification_live.show_badge],
    GroupRead: [notification_live.show_badge],
    ThreadUnfollowed: [notification_live.show_badge],
    CareMessageSent: [notification_live.show_badge],
    CareMessageAnswered: [notification_live.show_badge],
    MembersNotified: [notification_live.show_told],
    NotificationsRead: [notification_live.show_badge],
    CrisisWaits: [notification_live.show_badge],
    QueueChanged: [queue_live.show_changed],
    ReportAnswered: [notification_live.show_badge],
    SessionsEnded: [account_sockets.cut],
    MeetingSoon: [notification_live.show_badge],
    MeetingMoved: [notification_live.show_badge],
    MeetingCancelled: [notification_live.show_badge],
    MeetingStateChanged: [room_live.broadcast_state],
    RoomMessageSent: [room_live.broadcast_message],
    RoomMessageChanged: [room_live.broadcast_message],
    RoomPeopleChanged: [room_live.broadcast_people],
    AttendeeModerated: [room_live.broadcast_to_attendee, room_live.broadcast_people],
    PrivateNoteSent: [room_live.broadcast_private_note],
    TranscriptDeleted: [room_fragments.clear_cache],
}

if _news:
    AFTER_COMMIT[_news.ResearcherNamed] = [_news.show_badge]
    AFTER_COMMIT[_news.ResearcherUnnamed] = [_news.show_badge]
if _known := optional_slices.optional("forum.research.consent.participant_cache"):
    for _event in (
        _known.ConsentGiven,
        _known.ConsentWithdrawn,
        _known.GroupLeftStudy,
        _known.StudyOpened,
        _known.StudyClosed,
    ):
        AFTER_COMMIT[_event] = [_known.forget]
if _leaving:
    AFTER_COMMIT[_leaving.GroupLeftStudy] = [_known.forget, _leaving.show_badge]

# Releases are made in a process of their own.
if _releases := optional_slices.optional("forum.research.releases.requests.worker_launcher"):
    AFTER_COMMIT[_releases.ReleaseAsked] = [_releases.start]
