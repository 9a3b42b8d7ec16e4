"""The HTTP door of second approval: confirming what somebody proposed, or declining it."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.moderation.second_approval import pending_actions

bp = Blueprint("second_approval", __name__)


@bp.post("/moderation/pending-actions/<int:pending_action_id>")
@limiter.limit(rate_limits.SMALL_ACTS)
def answer_pending_action(pending_action_id: int) -> Response:
    """Confirm what somebody proposed, or decline it."""
    confirm = chosen("confirm")
    made = pending_actions.answer(viewer(), pending_action_id, confirm=confirm)
    answer = {"id": made, "confirmed": confirm}
    said = _("Approved and done.") if confirm else _("Closed. Nothing was done.")
    return responses.done("/moderation/log", answer, said=said)


def chosen(name: str) -> bool | None:
    """Return which of two buttons was pressed, None for neither."""
    return {"0": False, "1": True}.get(request.form.get(name, ""))
