"""The HTTP door of the canned reasons."""

from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.text import stock_reasons
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.forms import edit_conflicts
from forum.moderation.canned_reasons import service as canned_reasons

bp = Blueprint("canned_reasons", __name__)


@bp.route("/moderation/reasons", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def edit() -> Any:
    """Show and change the reasons that are offered for actions."""
    me = viewer()
    canned_reasons.require_administrator(me)
    kept, errors, status = canned_reasons.reasons(), dict[str, str](), 200
    shown = edit_conflicts.version_of("\n".join(kept))
    lines = "\n".join(map(stock_reasons.in_words, kept))
    if request.method == "POST":
        lines = request.form.get("reasons", "")
        try:
            canned_reasons.set_reasons(me, lines, shown=request.form.get(edit_conflicts.FIELD))
        except Invalid as refusal:
            if responses.wants_json():
                raise
            errors, status = refusal.fields, refusal.status
        else:
            return responses.done("/moderation/reasons", said=_("List saved."))
    page = render_template(
        "moderation/canned_reasons/reasons.html",
        lines=lines,
        errors=errors,
        shown=shown,
    )
    return page, status
