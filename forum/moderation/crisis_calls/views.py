"""The HTTP door of calls: a page with one button, which says "I am here"."""

from typing import Any

from flask import Blueprint, render_template

from forum.accounts.login.current_user import viewer
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.moderation.crisis_calls import queries, service

bp = Blueprint("crisis_calls", __name__)
HERE = "/moderation/queue/<int:item_id>/here"


@bp.get(HERE)
def ask(item_id: int) -> str:
    """Show one button, and nobody's words: this is where a mail leads to in the night."""
    service.require_visible(viewer(), item_id)
    there = queries.people_at(item_id)
    return render_template(
        "moderation/crisis_calls/here.html",
        item_id=item_id,
        there=there,
        mine=queries.is_there(there, viewer().id),
    )


@bp.post(HERE)
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def acknowledge(item_id: int) -> Any:
    """Say that one is there."""
    service.acknowledge(viewer(), item_id)
    there = queries.people_at(item_id)
    answer = {
        "id": item_id,
        "here": [{"handle": one.handle, "since": one.at.isoformat()} for one in there],
    }
    said = _("Thank you. Everyone who was alerted sees that you're here.")
    return responses.done(f"/moderation/queue/{item_id}", answer, said=said)
