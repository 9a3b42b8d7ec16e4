"""The HTTP door of cover for meetings."""

from flask import Blueprint
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.meetings.schedule import cover

bp = Blueprint("meeting_cover", __name__)


@bp.post("/meetings/<int:meeting_id>/absence")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def say_absent(meeting_id: int) -> Response:
    """Say that one can't come to facilitate this meeting."""
    has_cover = cover.say_absent(viewer(), meeting_id)
    return responses.done(
        f"/meetings/{meeting_id}",
        {"id": meeting_id, "has_cover": has_cover},
        said=_("Thanks for saying so. Someone else facilitates.")
        if has_cover
        else _("Thanks for saying so. We're asking the others."),
        undo=Undo(f"/meetings/{meeting_id}/cover"),
    )


@bp.post("/meetings/<int:meeting_id>/cover")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def take_cover(meeting_id: int) -> Response:
    """Take this meeting over."""
    cover.take_cover(viewer(), meeting_id)
    return responses.done(
        f"/meetings/{meeting_id}",
        {"id": meeting_id, "has_cover": True},
        said=_("You facilitate this meeting. Thank you."),
        undo=Undo(f"/meetings/{meeting_id}/absence"),
    )
