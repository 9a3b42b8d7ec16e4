"""The badge in the header, kept up to date on every open page."""

from collections.abc import Iterable

from forum.accounts.events import AccountProtectionChanged
from forum.accounts.login.sockets import room
from forum.core.background import periodic
from forum.core.background.yielding import give_way
from forum.core.realtime import presence, socket_events
from forum.meetings.events import MeetingCancelled, MeetingMoved, MeetingSoon
from forum.meetings.schedule import reminders
from forum.moderation.events import (
    ActProposed,
    ActTaken,
    ObjectionAnswered,
    ObjectionMade,
    ProposalClosed,
)
from forum.moderation.queue.events import CrisisWaits, ReportAnswered
from forum.notifications import queries, recipients
from forum.notifications.events import MembersNotified, NotificationsRead
from forum.notifications.types import CRISIS, OBJECTION_WAITS, PROPOSAL_WAITS
from forum.safety.events import CareMessageAnswered, CareMessageSent
from forum.threads.events import (
    GroupRead,
    PostApproved,
    PostChanged,
    PostCreated,
    PostDeclined,
    ReactionGiven,
    ReactionRemoved,
    ThreadMoved,
    ThreadsRead,
    ThreadsRestructured,
    ThreadUnfollowed,
)

SHOW_AFTER_S = 0.3
# What people were told of: its kind, and where the event says which.
_ABOUT = {
    CrisisWaits: (CRISIS, "entry_id"),
    ActProposed: (PROPOSAL_WAITS, "proposal_id"),
    ProposalClosed: (PROPOSAL_WAITS, "proposal_id"),
    ObjectionMade: (OBJECTION_WAITS, "log_id"),
    ObjectionAnswered: (OBJECTION_WAITS, "log_id"),
}
_accounts: set[int] = set()
_new_posts: set[int] = set()
_posts: set[int] = set()


def show_badge(
    event: PostCreated
    | PostChanged
    | ReactionGiven
    | ReactionRemoved
    | ThreadsRead
    | NotificationsRead
    | CareMessageSent
    | CareMessageAnswered
    | ActTaken
    | ObjectionAnswered
    | PostApproved
    | PostDeclined
    | MeetingSoon
    | MeetingMoved
    | MeetingCancelled
    | ReportAnswered
    | CrisisWaits
    | ThreadMoved
    | ThreadsRestructured
    | ThreadUnfollowed
    | GroupRead
    | ActProposed
    | ProposalClosed
    | ObjectionMade
    | AccountProtectionChanged,
) -> None:
    """Tell the people whom an event concerns how much is unread now; a burst is told once."""
    if type(event) in _ABOUT:
        kind, row = _ABOUT[type(event)]
        _accounts.update(recipients.told_about(kind, getattr(event, row)))
    match event:
        case ThreadsRead():
            _accounts.update(reading.account_id for reading in event.readings)
        case (
            ActTaken(person_id=one)
            | ProposalClosed(by_id=one)
            | ObjectionAnswered(person_id=one)
            | CareMessageAnswered(author_id=one)
            | PostApproved(author_id=one)
            | PostDeclined(author_id=one)
            | ReportAnswered(reporter_id=one)
            | NotificationsRead(account_id=one)
            | CareMessageSent(account_id=one)
            | ThreadUnfollowed(account_id=one)
            | GroupRead(account_id=one)
            | AccountProtectionChanged(account_id=one)
        ):
            _accounts.update([one] if one else [])
        case CrisisWaits() | ActProposed() | ObjectionMade():
            pass  # those who were told, above
        case MeetingSoon() | MeetingMoved() | MeetingCancelled():
            _accounts.update(reminders.accounts_to_remind(event.meeting_id))
        case PostCreated() | ReactionGiven() | ReactionRemoved():
            _new_posts.add(event.post_id)
        case PostChanged(how="hidden" | "restored" | "deleted" | "erased"):
            _posts.add(event.post_id)
        case ThreadsRestructured(post_ids=some):
            _posts.update(some)
        case ThreadMoved(thread_id=one):
            _accounts.update(recipients.concerned_by_thread(one))
        case _:
            return
    periodic.soon(SHOW_AFTER_S, "badges", _show)


def show_told(event: MembersNotified) -> None:
    """Tell people to whom a background job has said something how much is unread now."""
    show_to(event.account_ids)


def show_to(account_ids: Iterable[int]) -> None:
    """Tell these people how much is unread now, for slices above; a burst is told once."""
    _accounts.update(account_ids)
    periodic.soon(SHOW_AFTER_S, "badges", _show)


def _show() -> None:
    accounts = _accounts | recipients.told_by(_new_posts) | recipients.concerned_by(_posts)
    for told in (_accounts, _new_posts, _posts):
        told.clear()
    online = presence.here().occupied(room(account_id) for account_id in accounts)
    for account_id in accounts:
        if room(account_id) in online:
            give_way()
            unread = {"unread": queries.unread(account_id)}
            socket_events.send("notification", unread, [room(account_id)])
