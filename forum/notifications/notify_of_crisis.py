"""Who is told at once that somebody may be in danger."""

from forum.moderation.on_call import rota
from forum.moderation.queue.events import CrisisWaits
from forum.notifications import service
from forum.notifications.types import CRISIS


def told_of_crisis(event: CrisisWaits) -> None:
    """Tell those on duty, or all who may act while nobody is; never with anybody's words."""
    service.tell(rota.on_call(event.entry_id), CRISIS, event.entry_id, event.at)
