"""What moderators' open queues are told: that an entry has changed, never what is in it."""

from forum.core.realtime import presence, socket_events
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue.events import QueueChanged

PLACE = "queue"


def room(account_id: int) -> str:
    """Return the room of one person's sockets at the queue."""
    return f"queue:{account_id}"


def show_changed(event: QueueChanged) -> None:
    """Tell those who look at the queue, and may see the entry, to ask for what is new."""
    here = presence.here().accounts(PLACE)
    if here:
        seeing = queue_queries.who_sees(event.entry_id, here)
        told = {"id": event.entry_id, "version": event.version}
        socket_events.send("queue:changed", told, [room(account_id) for account_id in seeing])
