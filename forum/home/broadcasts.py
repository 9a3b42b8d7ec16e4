"""What open first pages are sent: that something there has changed, never what.

They fetch the page again, a little later and each at another moment. The rule of who may see a post
or queue item decides on the recipients.
"""

from collections.abc import Collection, Iterable

from forum.core.background import periodic
from forum.core.db import release_session
from forum.core.realtime import presence, socket_events
from forum.groups.membership import member_queries
from forum.meetings.events import MeetingStateChanged
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue_items.events import QueueItemChanged
from forum.notifications.events import MembersNotified, NotificationsRead
from forum.threads.broadcasts import recipients
from forum.threads.events import GroupRead, PostChanged, PostCreated, ThreadsRead

PRESENCE = "home"
GATHER_S = 1.0
WITHDRAWN = ("hidden", "deleted", "erased")
_posts: dict[int, bool] = {}


def room(account_id: int) -> str:
    """Return the room of one person's sockets on their first page."""
    return f"home:{account_id}"


def show_post(event: PostCreated | PostChanged) -> None:
    """Notify people who may see a post, once for many; and people who might until it was hidden."""
    how = event.how if isinstance(event, PostChanged) else ""
    if how != "reacted":
        _posts[event.post_id] = _posts.get(event.post_id, False) or how in WITHDRAWN
        periodic.soon(GATHER_S, PRESENCE, _show_posts)


def show_readers(event: ThreadsRead | GroupRead | NotificationsRead) -> None:
    """Notify other open pages of people who have read something."""
    if isinstance(event, ThreadsRead):
        _tell(reading.account_id for reading in event.readings)
    else:
        _tell([event.account_id])


def show_notified(event: MembersNotified) -> None:
    """Tell people who have been notified of something."""
    _tell(event.account_ids)


def show_queue(event: QueueItemChanged) -> None:
    """Notify people who may see a queue item."""
    if here := _here():
        _tell(queue_queries.accounts_that_see(event.item_id, here))


def show_meeting(event: MeetingStateChanged) -> None:
    """Tell the members of a group whose room has opened or closed."""
    if here := _here():
        _tell(member_queries.members_among(event.group_id, here))


def _show_posts() -> None:
    posts = {**_posts}
    _posts.clear()
    if here := _here():
        for post_id, was_withdrawn in posts.items():
            seeing, missing, _led = recipients.viewers_of_post(post_id, here)
            _tell(seeing | missing if was_withdrawn else seeing)
    release_session()


def _here() -> set[int]:
    return presence.here().accounts(PRESENCE)


def _tell(account_ids: Iterable[int | None]) -> None:
    wanted = {account_id for account_id in account_ids if account_id}
    here: Collection[int] = wanted and wanted & _here()
    socket_events.send("home:changed", {}, [room(account_id) for account_id in here])
