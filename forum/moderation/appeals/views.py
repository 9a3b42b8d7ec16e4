"""The HTTP door of undo and appeals; what was done to oneself is open to the suspended too."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.accounts import view_helpers
from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _, lazy
from forum.core.web import private_ids, rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.moderation.appeals import queries as appeal_queries
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.second_approval.views import chosen

bp = Blueprint("appeals", __name__)
SENT = lazy("Appeal sent. A moderator who was not involved will answer it.")


@bp.get("/moderation/mine")
def index() -> str:
    """Show what was done to one's words, and why."""
    return _page()


@bp.post("/moderation/mine/<private:log_entry_id>/appeal")
@limiter.limit(rate_limits.SMALL_ACTS)
def appeal(log_entry_id: int) -> Any:
    """Say that one sees an action differently."""
    try:
        appeals_undo.appeal(viewer(), log_entry_id, request.form.get("words", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(log_entry_id, refusal.fields), refusal.status
    shown = private_ids.of(log_entry_id)
    return responses.done(f"/moderation/mine#action-{shown}", {"id": shown}, 201, said=SENT)


@bp.post("/moderation/actions/<int:log_entry_id>/undo")
@limiter.limit(rate_limits.SMALL_ACTS)
def undo(log_entry_id: int) -> Response:
    """Restore what was before an action."""
    made = appeals_undo.undo(viewer(), log_entry_id, request.form.get("reason", ""))
    place = view_helpers.next_address("/moderation/log")
    return responses.done(place, {"id": made}, said=_("Undone."))


@bp.post("/moderation/appeals/<int:log_entry_id>")
@limiter.limit(rate_limits.SMALL_ACTS)
def answer_appeal(log_entry_id: int) -> Response:
    """Uphold an action, or overturn it."""
    overturn = chosen("overturn")
    appeals_undo.answer_appeal(
        viewer(), log_entry_id, overturn=overturn, answer=request.form.get("answer", "")
    )
    answer = {"id": log_entry_id, "overturned": overturn}
    return responses.done(
        "/moderation/log", answer, said=_("Appeal answered. We've told the member.")
    )


def _page(wrong_id: int = 0, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "moderation/appeals/own_actions.html",
        rows=appeal_queries.entries_about(viewer()),
        wrong_id=wrong_id,
        errors=errors or {},
        values=request.form,
    )
