"""What moderators' open queues are sent: that an item has changed, never its content."""

from forum.core.realtime import presence, socket_events
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue_items.events import QueueItemChanged

PRESENCE = "queue"


def room_of(account_id: int) -> str:
    """Return the room of one person's sockets at the queue."""
    return f"queue:{account_id}"


def broadcast_change(event: QueueItemChanged) -> None:
    """Tell moderators with an open queue who may see the item to ask for what is new."""
    here = presence.here().accounts(PRESENCE)
    if here:
        seeing = queue_queries.accounts_that_see(event.item_id, here)
        told = {"id": event.item_id, "version": event.version}
        socket_events.send("queue:changed", told, [room_of(account_id) for account_id in seeing])
