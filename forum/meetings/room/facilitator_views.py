"""The HTTP door of what facilitators do in a room."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.groups import queries as group_queries
from forum.meetings.models import OVER
from forum.meetings.room import service as rooms
from forum.meetings.room.turn_actions import TURN_ACTIONS
from forum.meetings.room.views import number_field, render_room, room_url

bp = Blueprint("facilitating", __name__)


@bp.post("/meetings/<int:meeting_id>/mode")
@limiter.limit(rate_limits.SMALL_ACTS)
def mode(meeting_id: int) -> Any:
    """Set the room's rules."""
    try:
        rooms.set_room_rules(
            viewer(),
            meeting_id,
            turns_only=request.form.get("turns_only", "") not in {"", "0"},
            slow_mode_s=number_field("slow_mode_s", -1),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return render_room(meeting_id, errors=refusal.fields), refusal.status
    return responses.done(room_url(meeting_id), said=_("Room settings saved."))


@bp.post("/meetings/<int:meeting_id>/close")
@limiter.limit(rate_limits.SMALL_ACTS)
def close(meeting_id: int) -> Response:
    """Come to the end: last words first, over when asked once more."""
    state = rooms.close_meeting(viewer(), meeting_id)
    said = _("The meeting is over.") if state == OVER else _("The meeting is coming to an end.")
    return responses.done(room_url(meeting_id), {"state": state}, said=said)


@bp.post("/meetings/<int:meeting_id>/extend")
@limiter.limit(rate_limits.SMALL_ACTS)
def extend(meeting_id: int) -> Response:
    """Give the meeting more time."""
    minutes = number_field("minutes", 15)
    rooms.extend_meeting(viewer(), meeting_id, minutes)
    return responses.done(
        room_url(meeting_id), said=_("Meeting made %(minutes)s minutes longer.", minutes=minutes)
    )


@bp.post(
    f"/meetings/<int:meeting_id>/people/<person:account_id>/<any({','.join(TURN_ACTIONS)}):action>"
)
@limiter.limit(rate_limits.SMALL_ACTS)
def turn(meeting_id: int, account_id: int, action: str) -> Response:
    """Give a turn, end one, or move a hand."""
    TURN_ACTIONS[action](viewer(), meeting_id, account_id)
    return responses.done(room_url(meeting_id), said=_("Speaking queue updated."))


@bp.post("/groups/<slug>/meetings/drop-in")
@limiter.limit(rate_limits.SMALL_ACTS)
def drop_in(slug: str) -> Response:
    """Open a room now, for an hour."""
    me = viewer()
    group = group_queries.group_for(me, slug)
    meeting_id = rooms.open_drop_in(me, group.id, title=request.form.get("title", ""))
    return responses.done(room_url(meeting_id), {"id": meeting_id}, 201, said=_("Room opened."))
