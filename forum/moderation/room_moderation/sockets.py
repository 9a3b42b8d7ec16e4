"""The Socket.IO door of actions in a meeting's room."""

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core.realtime.socket_events import on
from forum.moderation.room_moderation import actions as room_acts


@on("meeting:person")
def person(meeting_id: int, account_id: str, action: str) -> None:
    """Mute or remove one person, or take that back: `room_acts.ON_PERSON`."""
    room_acts.act_on(viewer(), meeting_id, public_ids.id_of(account_id), action)
