"""The HTTP door of what was done to oneself, open to the suspended too."""

from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.moderation.appeals import undo as appeals_undo
from forum.moderation.audit_log import queries as log

bp = Blueprint("own_acts", __name__)


@bp.get("/moderation/mine")
def index() -> str:
    """Show what was done to one's words, and why."""
    return _page()


@bp.post("/moderation/mine/<int:log_entry_id>/appeal")
@limiter.limit(rate_limits.SMALL_ACTS)
def appeal(log_entry_id: int) -> Any:
    """Say that one sees an action differently."""
    try:
        appeals_undo.appeal(viewer(), log_entry_id, request.form.get("words", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(log_entry_id, refusal.fields), refusal.status
    return responses.done(f"/moderation/mine#action-{log_entry_id}", {"id": log_entry_id}, 201)


def _page(wrong_id: int = 0, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "moderation/appeals/own_actions.html",
        rows=log.entries_about(viewer()),
        wrong_id=wrong_id,
        errors=errors or {},
        values=request.form,
    )
