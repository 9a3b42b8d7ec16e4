"""The HTTP door of a meeting's summary."""

from typing import Any

from flask import Blueprint, jsonify, render_template

from forum.accounts.identity import public_ids
from forum.accounts.login.current_user import viewer
from forum.core.web import responses
from forum.groups import profile_links
from forum.meetings.room.attendance import summaries

bp = Blueprint("meeting_summaries", __name__)


@bp.get("/meetings/<int:meeting_id>/summary")
def summary(meeting_id: int) -> Any:
    """Show facilitators how the meeting went."""
    found = summaries.summary_for(viewer(), meeting_id)
    if not responses.wants_json():
        linked = profile_links.reachable(viewer(), (one.id for one in found.silent))
        return render_template("meetings/summary.html", summary=found, linked=linked)
    return jsonify(
        id=meeting_id,
        came=found.came,
        facilitated=found.facilitated,
        minutes=round(found.minutes, 1),
        turns=vars(found.turns),
        messages=vars(found.messages),
        silent=[vars(one) | {"id": public_ids.of(one.id)} for one in found.silent],
    )
