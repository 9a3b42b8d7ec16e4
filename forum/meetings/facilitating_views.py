"""The HTTP door of what those who facilitate do in a room."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from forum.accounts.current import viewer
from forum.core import limits, web
from forum.core.errors import Invalid
from forum.core.limits import limiter
from forum.groups import queries as group_queries
from forum.meetings import rooms, talking
from forum.meetings.acts import ON_PERSON, ON_TURN
from forum.meetings.room_views import number, of_this_room, page, place

bp = Blueprint("facilitating", __name__)
ACTS = {**ON_TURN, **ON_PERSON}


@bp.post("/meetings/<int:meeting_id>/messages/<int:message_id>/hide")
@limiter.limit(limits.SMALL_ACTS)
def hide(meeting_id: int, message_id: int) -> Response:
    """Hide a message."""
    talking.hide(viewer(), of_this_room(meeting_id, message_id))
    return web.done(f"{place(meeting_id)}#message-{message_id}")


@bp.post("/meetings/<int:meeting_id>/messages/<int:message_id>/restore")
@limiter.limit(limits.SMALL_ACTS)
def restore(meeting_id: int, message_id: int) -> Response:
    """Show a message again."""
    talking.restore(viewer(), of_this_room(meeting_id, message_id))
    return web.done(f"{place(meeting_id)}#message-{message_id}")


@bp.post("/meetings/<int:meeting_id>/mode")
@limiter.limit(limits.SMALL_ACTS)
def mode(meeting_id: int) -> Any:
    """Set the room's rules."""
    try:
        rooms.set_mode(
            viewer(),
            meeting_id,
            turns_only=request.form.get("turns_only", "") not in {"", "0"},
            slow_mode_s=number("slow_mode_s", -1),
        )
    except Invalid as refusal:
        if web.wants_json():
            raise
        return page(meeting_id, errors=refusal.fields), refusal.status
    return web.done(place(meeting_id))


@bp.post("/meetings/<int:meeting_id>/close")
@limiter.limit(limits.SMALL_ACTS)
def close(meeting_id: int) -> Response:
    """Come to the end: last words first, over when asked once more."""
    return web.done(place(meeting_id), {"state": rooms.close(viewer(), meeting_id)})


@bp.post("/meetings/<int:meeting_id>/extend")
@limiter.limit(limits.SMALL_ACTS)
def extend(meeting_id: int) -> Response:
    """Give the meeting more time."""
    rooms.extend(viewer(), meeting_id, number("minutes", 15))
    return web.done(place(meeting_id))


@bp.post(f"/meetings/<int:meeting_id>/people/<int:account_id>/<any({','.join(ACTS)}):act>")
@limiter.limit(limits.SMALL_ACTS)
def act_on(meeting_id: int, account_id: int, act: str) -> Response:
    """Give a turn, move a hand, mute or remove one person, or take that back."""
    ACTS[act](viewer(), meeting_id, account_id)
    return web.done(place(meeting_id))


@bp.post("/groups/<slug>/meetings/drop-in")
@limiter.limit(limits.SMALL_ACTS)
def drop_in(slug: str) -> Response:
    """Open a room now, for an hour."""
    me = viewer()
    group = group_queries.group_for(me, slug)
    meeting_id = rooms.open_drop_in(me, group.id, title=request.form.get("title", ""))
    return web.done(place(meeting_id), {"id": meeting_id}, 201)
