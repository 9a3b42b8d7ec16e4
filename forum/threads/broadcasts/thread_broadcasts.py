"""What open pages of a thread are sent: who is there, who types, and where a thread has gone.

What they are sent of posts: `post_broadcasts`.
"""

from functools import partial

from forum.core.background import periodic
from forum.core.db import release_session
from forum.core.realtime import presence, socket_events
from forum.core.translation import lazy
from forum.threads import queries
from forum.threads.broadcasts import recipients
from forum.threads.events import (
    ThreadMoved,
    ThreadsRestructured,
)

PRESENT_EVERY_S = 0.5
PRESENT_MAX = 50
THREAD_MOVED_MESSAGES = {
    "moved": lazy("This thread has moved to another group."),
    "away": lazy(
        "This thread has moved to a group you can't read. What you wrote isn't lost: you can "
        "download it with your account."
    ),
    "split": lazy("Some posts here have moved to a new thread."),
    "merged": lazy("This thread has been merged with another one."),
    "undone": lazy("Some posts have been put back where they were."),
}


def presence_key(thread_id: int) -> str:
    """Return the name of a thread as a place where people are."""
    return f"thread:{thread_id}"


def room(thread_id: int, account_id: int) -> str:
    """Return the room of one person's sockets in a thread; 0 stands for all visitors."""
    return f"thread:{thread_id}:{account_id}"


def broadcast_moved(event: ThreadMoved) -> None:
    """Tell those in a thread that it is in another group; who may not read there loses it."""
    here = presence.here().accounts(presence_key(event.thread_id))
    if here:
        readers = recipients.readers_of_thread(event.thread_id, here)
        _send_thread_moved(event.thread_id, readers, "moved", to=event.thread_id)
        _send_thread_moved(event.thread_id, here - readers, "away", to=0)
        broadcast_present_soon(event.thread_id)


def broadcast_restructured(event: ThreadsRestructured) -> None:
    """Tell those in the threads that posts have come elsewhere; their pages are out of date."""
    for thread_id in event.thread_ids:
        here = presence.here().accounts(presence_key(thread_id))
        if here:
            now = queries.merged_into(thread_id)
            how = "merged" if event.how == "undone" and now != thread_id else event.how
            _send_thread_moved(thread_id, recipients.readers_of_thread(now, here), how, to=now)


def _send_thread_moved(thread_id: int, accounts: set[int], how: str, *, to: int) -> None:
    """Say what has become of a thread; `to` is where it is now, 0 where that is not for them."""
    socket_events.send_translated(
        "thread:moved",
        lambda: {"thread_id": thread_id, "to": to, "message": str(THREAD_MOVED_MESSAGES[how])},
        [room(thread_id, account) for account in accounts],
        presence_key(thread_id),
    )


def broadcast_present_soon(thread_id: int) -> None:
    """Tell everyone in a thread for whom it has changed who is there; many changes at once."""
    periodic.soon(PRESENT_EVERY_S, presence_key(thread_id), partial(_broadcast_present, thread_id))


def present_for(thread_id: int, account_id: int) -> list[str]:
    """Return the handles in a thread that this person may meet, without their own."""
    here = _present_members(thread_id)
    return (
        _handles_for(account_id, *recipients.handles_and_exclusions(here))
        if account_id in here
        else []
    )


def _present_members(thread_id: int) -> set[int]:
    """Return the members who are in a thread; others hear of nobody, nor are heard of."""
    return recipients.members_in_thread(
        thread_id, presence.here().accounts(presence_key(thread_id))
    )


def _broadcast_present(thread_id: int) -> None:
    here = _present_members(thread_id)
    handles, apart = recipients.handles_and_exclusions(here)
    listed: dict[tuple[str, ...], list[str]] = {}
    for account in here:
        seen = tuple(_handles_for(account, handles, apart))
        if presence.here().is_new_to(presence_key(thread_id), account, " ".join(seen)):
            listed.setdefault(seen, []).append(room(thread_id, account))
    for present, rooms in listed.items():
        socket_events.send(
            "thread:present", {"thread_id": thread_id, "present": list(present)}, rooms
        )
    release_session()


def _handles_for(
    account_id: int, handles: dict[int, str], apart: set[tuple[int, int]]
) -> list[str]:
    if not account_id:
        return []
    return sorted(
        handle
        for other, handle in handles.items()
        if other != account_id and (account_id, other) not in apart
    )[:PRESENT_MAX]


def broadcast_typing(thread_id: int, account_id: int, handle: str) -> None:
    """Tell those in a thread who meet this person that they are writing."""
    here = _present_members(thread_id) - {account_id, 0}
    _handles, apart = recipients.handles_and_exclusions(here | {account_id})
    rooms = [room(thread_id, other) for other in here if (other, account_id) not in apart]
    socket_events.send("thread:typing", {"thread_id": thread_id, "handle": handle}, rooms)
