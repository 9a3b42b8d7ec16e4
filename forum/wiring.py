"""What follows from what, on one page.

WITHIN_TRANSACTION: consequences that must be true together with their event.
AFTER_COMMIT: consequences that reach out; they run in this order, and may fail without harm.
"""

from forum.accounts.events import (
    AccountClosed,
    HandleChanged,
    LoggedIn,
    RelationshipChanged,
    SessionsEnded,
)
from forum.accounts.login import sockets as account_sockets
from forum.core import metrics, optional_slices
from forum.core.background.jobs import runner
from forum.core.background.jobs.queue import JobEnqueued
from forum.core.events import Handler
from forum.groups.events import (
    HiddenContentViewed,
    JoinRequestClosed,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    RoleChanged,
)
from forum.groups.membership import removed_identities
from forum.home import broadcasts as home_live
from forum.meetings.events import MeetingStateChanged
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
from forum.meetings.schedule import reminders
from forum.messages import broadcasts as message_live
from forum.messages.events import (
    ConversationChanged,
    MessagesRemoved,
    PrivateMessageChanged,
    PrivateMessageSent,
    RequestAnswered,
)
from forum.messages.requests import service as message_requests
from forum.moderation.actions import silence_on_rejoining
from forum.moderation.audit_log import access_log, approval_log
from forum.moderation.bells import service as bells
from forum.moderation.crisis_calls import author_views as team_notes
from forum.moderation.crisis_calls import service as crisis_calls
from forum.moderation.on_call.events import BreakTaken
from forum.moderation.queue import broadcasts as queue_live
from forum.moderation.queue import moved_threads as queue_moves
from forum.moderation.queue import post_triggers, reported_posts
from forum.moderation.queue import service as queue
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.queue_items.events import CrisisAlertRaised, QueueItemChanged
from forum.moderation.reports.events import ReportMade
from forum.moderation.second_approval import moved_threads as pending_action_moves
from forum.notifications import broadcasts as notification_live
from forum.notifications import queue_bells, read_state, registry, split_threads
from forum.notifications import service as notifications
from forum.notifications.devices import service as devices
from forum.notifications.events import MembersNotified, NotificationsRead, PreferencesSaved
from forum.notifications.outbox import service as outbox
from forum.notifications.preferences import service as preferences
from forum.privacy.tombstones import service as tombstones
from forum.safety import room_alerts as safety_in_rooms
from forum.safety import service as safety
from forum.safety.events import (
    PostCrisisDetected,
    PrivateNoteCrisisDetected,
    RoomMessageCrisisDetected,
)
from forum.search import changes as search_changes
from forum.threads.broadcasts import post_broadcasts as post_live
from forum.threads.broadcasts import thread_broadcasts as live
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
    ThreadMoved,
    ThreadsRead,
    ThreadsRenamed,
    ThreadsRestructured,
    ThreadUnfollowed,
)
from forum.threads.posts import mention_updates

WITHIN_TRANSACTION: dict[type, list[Handler]] = {
    AccountClosed: [removed_identities.set_end, outbox.forget_account],
    BreakTaken: [crisis_calls.leave_all],
    CrisisAlertRaised: [crisis_calls.start],
    HandleChanged: [mention_updates.queue_rename, renaming_in_rooms.queue_rename],
    HiddenContentViewed: [access_log.log_access],
    JoinRequestClosed: [queue_triggers.resolve_join_request],
    JoinRequested: [queue_triggers.add_join_request],
    MemberJoined: [silence_on_rejoining.resume],
    MemberLeft: [
        queue.release_of_former_moderator,
        preferences.forget_member,
        reminders.forget_member,
    ],
    EditPending: [safety.check_pending_edit, queue_triggers.add_pending_post],
    EditDecided: [approval_log.log_edit_decision, queue_triggers.resolve_decided],
    EditDiscarded: [queue_triggers.resolve_dropped_edit],
    PostCreated: [safety.check_post, search_changes.note_new_post],
    RelationshipChanged: [message_requests.decline_blocked],
    PostChanged: [
        safety.check_post,
        queue_triggers.resolve_withdrawn,
        search_changes.note_changed_post,
    ],
    PostPending: [safety.check_post, queue_triggers.add_pending_post],
    PostApproved: [approval_log.log_post_decision, queue_triggers.resolve_decided],
    PostDeclined: [approval_log.log_post_decision, queue_triggers.resolve_decided],
    PostCrisisDetected: [queue_triggers.add_crisis_alert],
    RoomMessageSent: [safety_in_rooms.check_message],
    PrivateNoteSent: [safety_in_rooms.check_message],
    RoomMessageCrisisDetected: [queue_triggers.add_crisis_alert],
    PrivateNoteCrisisDetected: [queue_triggers.add_crisis_alert],
    QueueItemChanged: [crisis_calls.follow_item],
    ReportMade: [reported_posts.hide_if_reported, bells.ring_reported],
    RoleChanged: [queue.release_of_former_moderator],
    ThreadMoved: [
        queue_moves.follow_thread,
        pending_action_moves.follow_thread,
        search_changes.note_moved_thread,
    ],
    ThreadsRenamed: [search_changes.note_renamed_threads],
    # What was recorded of a post stays as it was then: the record says where things happened.
    ThreadsRestructured: [
        split_threads.split_lines,
        search_changes.note_restructured_threads,
    ],
    ThreadsRead: [read_state.read_posts],
    GroupRead: [read_state.read_group],
    ThreadUnfollowed: [read_state.stop_watching],
    PreferencesSaved: [read_state.end_unlisted],
    SessionsEnded: [devices.forget_sessions],
}

# What participants of a study do is recorded, where the forum has studies.
if _recording := optional_slices.optional("forum.research.recording.event_recording"):
    for _event, _handler in (
        (LoggedIn, _recording.record_sign_in),
        (MemberJoined, _recording.record_joining),
        (MemberLeft, _recording.record_leaving),
        (PostCreated, _recording.record_new_post),
        (ReactionGiven, _recording.record_reaction),
        (MeetingAttended, _recording.record_attendance),
        (PrivateMessageSent, _recording.record_private_message),
        (ReportMade, _recording.record_report),
    ):
        WITHIN_TRANSACTION[_event] = [*WITHIN_TRANSACTION.get(_event, ()), _handler]
if _leaving := optional_slices.optional("forum.research.studies.group_withdrawal"):
    registry.register(_leaving)
if _linkage_keys := optional_slices.optional("forum.research.releases.ledger.linkage_keys"):
    WITHIN_TRANSACTION[_linkage_keys.StudyClosed] = [_linkage_keys.end_linkage_of_study]

# A study opens with its questionnaires as their files are then.
if _waves := optional_slices.optional("forum.research.waves.planning"):
    WITHIN_TRANSACTION[_waves.StudyOpened] = [_waves.lock_instruments]
if _wave_notifications := optional_slices.optional("forum.research.waves.wave_notifications"):
    registry.register(_wave_notifications)

# Researchers and members are notified of studies as of everything, in words of their own.
for _name in ("researcher_notifications", "member_notifications"):
    if _news := optional_slices.optional(f"forum.research.{_name}"):
        registry.register(_news)

# A moderator of a studied group no longer sees the study as its researcher.
if _researchers := optional_slices.optional("forum.research.studies.researchers"):
    WITHIN_TRANSACTION[RoleChanged] = [
        *WITHIN_TRANSACTION[RoleChanged],
        _researchers.note_role_change,
    ]

AFTER_COMMIT: dict[type, list[Handler]] = {
    JobEnqueued: [runner.start],
    PostCreated: [
        metrics.post_created,
        post_live.broadcast_created,
        post_triggers.check_soon,
        home_live.show_post,
    ],
    PostChanged: [post_live.broadcast_changed, post_triggers.check_soon, home_live.show_post],
    PostPending: [post_live.broadcast_created],
    PostDeclined: [post_live.broadcast_changed],
    ThreadMoved: [live.broadcast_moved],
    ThreadsRestructured: [live.broadcast_restructured],
    ThreadsRead: [notification_live.show_readers, home_live.show_readers],
    GroupRead: [notification_live.show_readers, home_live.show_readers],
    ThreadUnfollowed: [notification_live.show_readers],
    MembersNotified: [notification_live.show_notified, home_live.show_notified],
    NotificationsRead: [notification_live.show_reader, home_live.show_readers],
    PreferencesSaved: [notification_live.show_reader],
    QueueItemChanged: [
        queue_live.broadcast_change,
        home_live.show_queue,
        queue_bells.show_told,
        team_notes.show_author,
        team_notes.show_in_room,
    ],
    SessionsEnded: [account_sockets.disconnect_ended],
    MeetingStateChanged: [room_live.broadcast_state, home_live.show_meeting],
    RoomMessageSent: [room_live.broadcast_message],
    RoomMessageChanged: [room_live.broadcast_message],
    RoomPeopleChanged: [room_live.broadcast_people],
    AttendeeModerated: [room_live.broadcast_to_attendee, room_live.broadcast_people],
    PrivateNoteSent: [room_live.broadcast_private_note],
    TranscriptDeleted: [room_fragments.clear_cache],
    PrivateMessageSent: [message_live.broadcast_sent],
    PrivateMessageChanged: [message_live.broadcast_changed],
    MessagesRemoved: [message_live.broadcast_removed],
    ConversationChanged: [message_live.broadcast_state],
    RequestAnswered: [message_live.broadcast_answer],
}

if _consents := optional_slices.optional("forum.research.events"):
    _noted = WITHIN_TRANSACTION.setdefault(_consents.ConsentWithdrawn, [])
    _noted.append(tombstones.note_withdrawal)

if _known := optional_slices.optional("forum.research.consent.participant_cache"):
    for _event in (
        _known.ConsentGiven,
        _known.ConsentWithdrawn,
        _known.GroupLeftStudy,
        _known.StudyOpened,
        _known.StudyClosed,
    ):
        AFTER_COMMIT[_event] = [_known.clear_cache]

# Releases are made in a process of their own.
if _releases := optional_slices.optional("forum.research.releases.requests.worker_launcher"):
    AFTER_COMMIT[_releases.ReleaseRequested] = [_releases.start]

# Each type of notification says in its own file on which events it is sent, and shown.
for _wiring, _of_types in (
    (WITHIN_TRANSACTION, notifications.within_transaction()),
    (AFTER_COMMIT, notifications.after_commit()),
):
    for _kind, _handlers in _of_types.items():
        _wiring[_kind] = [*_wiring.get(_kind, ()), *_handlers]
