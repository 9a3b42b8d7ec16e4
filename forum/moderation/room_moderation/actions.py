"""What facilitators can do to one person in a room, by the names that both doors use."""

from collections.abc import Mapping

from forum.accounts.policy import Viewer
from forum.core.errors import NotFound
from forum.core.translation import _
from forum.moderation.actions import service

ON_PERSON: Mapping[str, str] = {
    "mute": "room_mute",
    "unmute": "room_unmute",
    "remove": "room_remove",
    "let_back": "room_let_back",
}


def act_on(
    viewer: Viewer, meeting_id: int, account_id: int, name: str, *, reason: str = ""
) -> None:
    """Mute or remove one person in a room, or take that back. Raises as `service.take_action`."""
    if name not in ON_PERSON:
        raise NotFound(_("That didn't work. Please load the page again."))
    service.take_action(viewer, ON_PERSON[name], meeting_id, person_id=account_id, reason=reason)
