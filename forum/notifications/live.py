"""The badge in the header, kept up to date on every open page."""

from forum.accounts.sockets import room
from forum.core import background, presence, realtime
from forum.meetings import reminders
from forum.meetings.events import MeetingCancelled, MeetingMoved, MeetingSoon
from forum.moderation import rota
from forum.moderation.queue_events import CrisisWaits, ReportAnswered
from forum.notifications import queries
from forum.notifications.events import NotificationsRead
from forum.safety.events import CareNoteAnswered, CareNoteWritten
from forum.threads.events import (
    PostChanged,
    PostCreated,
    ReactionGiven,
    ReactionTaken,
    ThreadsRead,
)

SHOW_AFTER_S = 0.3
_accounts: set[int] = set()
_posts: set[int] = set()


def show_badge(
    event: PostCreated | PostChanged | ReactionGiven | ReactionTaken | ThreadsRead
    | NotificationsRead | CareNoteWritten | CareNoteAnswered
    | MeetingSoon | MeetingMoved | MeetingCancelled | ReportAnswered | CrisisWaits,
) -> None:  # fmt: skip
    """Tell the people whom an event concerns how much is unread now; a burst is told once."""
    match event:
        case ThreadsRead():
            _accounts.update(reading.account_id for reading in event.readings)
        case CareNoteAnswered():
            _accounts.update([event.author_id] if event.author_id else [])
        case CrisisWaits():
            _accounts.update(rota.on_call(event.entry_id))
        case ReportAnswered():
            _accounts.add(event.reporter_id)
        case NotificationsRead() | CareNoteWritten():
            _accounts.add(event.account_id)
        case MeetingSoon() | MeetingMoved() | MeetingCancelled():
            _accounts.update(reminders.asked_for(event.meeting_id))
        case PostChanged(how="hidden" | "restored" | "deleted" | "erased") | PostCreated():
            _posts.add(event.post_id)
        case ReactionGiven() | ReactionTaken():
            _posts.add(event.post_id)
        case _:
            return
    background.soon(SHOW_AFTER_S, "badges", _show)


def _show() -> None:
    accounts, posts = _accounts.copy(), _posts.copy()
    _accounts.clear()
    _posts.clear()
    if posts:
        accounts |= queries.told_of(posts)
    online = presence.here().occupied(room(account_id) for account_id in accounts)
    for account_id in accounts:
        if room(account_id) in online:
            unread = {"unread": queries.unread(account_id)}
            realtime.send("notification", unread, [room(account_id)])
