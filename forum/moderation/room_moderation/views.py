"""The HTTP door of actions in a meeting's room."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from forum.accounts import view_helpers
from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core.translation import lazy
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.core.web.rate_limits import limiter
from forum.meetings.room.views import require_message_of, room_url
from forum.moderation.actions import service
from forum.moderation.actions.views import done
from forum.moderation.room_moderation import actions as room_acts

bp = Blueprint("room_acts", __name__)
NAMES = ",".join(room_acts.ON_PERSON)
ON_PERSON_SAID = {  # the confirmation of each, and which takes it back
    "mute": (lazy("They can only listen for now."), "unmute"),
    "unmute": (lazy("They can speak again."), "mute"),
    "remove": (lazy("Removed from the room."), "let_back"),
    "let_back": (lazy("They can come back into the room."), "remove"),
}


@bp.post("/meetings/<int:meeting_id>/messages/<int:message_id>/hide")
@limiter.limit(rate_limits.SMALL_ACTS)
def hide(meeting_id: int, message_id: int) -> Response:
    """Hide a message."""
    return _on_message("hide_message", meeting_id, message_id)


@bp.post("/meetings/<int:meeting_id>/messages/<int:message_id>/restore")
@limiter.limit(rate_limits.SMALL_ACTS)
def restore(meeting_id: int, message_id: int) -> Response:
    """Show a message again."""
    return _on_message("restore_message", meeting_id, message_id)


@bp.post(f"/meetings/<int:meeting_id>/people/<person:account_id>/<any({NAMES}):action>")
@limiter.limit(rate_limits.SMALL_ACTS)
def act_on(meeting_id: int, account_id: int, action: str) -> Response:
    """Mute or remove one person, or take that back."""
    room_acts.act_on(
        viewer(), meeting_id, account_id, action, reason=request.form.get("reason", "")
    )
    said, opposite = ON_PERSON_SAID[action]
    person = f"/meetings/{meeting_id}/people/{public_ids.of(account_id)}"
    return responses.done(room_url(meeting_id), said=said, undo=Undo(f"{person}/{opposite}"))


def _on_message(name: str, meeting_id: int, message_id: int) -> Response:
    outcome = service.take_action(
        viewer(),
        name,
        require_message_of(meeting_id, message_id),
        reason=request.form.get("reason", ""),
        message=request.form.get("message", ""),
    )
    place = f"{room_url(meeting_id)}#message-{message_id}"
    return done(name, outcome, view_helpers.next_address(place))
