"""The badge in the header, kept up to date on every open page.

A burst of events is shown once; its recipients are looked up then.
"""

from collections.abc import Iterable

from forum.accounts.login.sockets import room
from forum.core.background import periodic
from forum.core.cooperative_yielding import give_way
from forum.core.realtime import presence, socket_events
from forum.notifications import badge_recipients, unread_counts
from forum.notifications.events import MembersNotified, NotificationsRead, PreferencesSaved
from forum.threads.events import GroupRead, ThreadsRead, ThreadUnfollowed

SHOW_AFTER_S = 0.3
_accounts: set[int] = set()
_new_posts: set[int] = set()
_posts: set[int] = set()


def show_notified(event: MembersNotified) -> None:
    """Show people who have been notified, or of whom something was withdrawn, what is unread."""
    show_to(event.account_ids)


def show_reader(event: NotificationsRead | PreferencesSaved) -> None:
    """Show a member who has read notifications, or chosen anew, what is unread now."""
    show_to([event.account_id])


def show_readers(event: ThreadsRead | GroupRead | ThreadUnfollowed) -> None:
    """Show members who have read something how much is unread now."""
    readers: Iterable[int] = (
        (reading.account_id for reading in event.readings)
        if isinstance(event, ThreadsRead)
        else [event.account_id]
    )
    show_to(readers)


def show_to(account_ids: Iterable[int | None]) -> None:
    """Show these people how much is unread now."""
    _accounts.update(account_id for account_id in account_ids if account_id)
    _show_soon()


def show_about(name: str, about_id: int) -> None:
    """Update members who were notified of a row that they may no longer see, or may again."""
    show_to(badge_recipients.notified_about(name, about_id))


def show_thread(thread_id: int) -> None:
    """Update members who were notified of a thread that has moved."""
    show_to(badge_recipients.affected_by_thread(thread_id))


def show_new_post(post_id: int) -> None:
    """Update members for whom this post may be the first unread one."""
    _new_posts.add(post_id)
    _show_soon()


def show_posts(post_ids: Iterable[int]) -> None:
    """Show those for whom what is unread may change with these posts."""
    _posts.update(post_ids)
    _show_soon()


def _show_soon() -> None:
    periodic.soon(SHOW_AFTER_S, "badges", _show)


def _show() -> None:
    accounts = (
        _accounts
        | badge_recipients.affected_by_new_posts(_new_posts)
        | badge_recipients.affected_by_posts(_posts)
    )
    for waiting in (_accounts, _new_posts, _posts):
        waiting.clear()
    online = presence.here().occupied(room(account_id) for account_id in accounts)
    for account_id in accounts:
        if room(account_id) in online:
            give_way()
            found = unread_counts.unread_counts(account_id)
            unread = {"unread": found.lines, "messages": found.messages}
            socket_events.send("notification", unread, [room(account_id)])
