"""The HTTP door of the canned reasons."""

from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.current import viewer
from forum.core import limits, versions, web
from forum.core.errors import Invalid
from forum.moderation import reasons

bp = Blueprint("reasons", __name__)


@bp.route("/moderation/reasons", methods=["GET", "POST"])
@limits.limiter.limit(limits.SMALL_ACTS, methods=["POST"])
def edit() -> Any:
    """Show and change the reasons that are offered for acts."""
    me = viewer()
    reasons.require_keeper(me)
    lines, errors, status = "\n".join(reasons.offered()), dict[str, str](), 200
    shown = versions.version_of(lines)
    if request.method == "POST":
        lines = request.form.get("reasons", "")
        try:
            reasons.set_offered(me, lines, shown=request.form.get(versions.FIELD))
        except Invalid as refusal:
            if web.wants_json():
                raise
            errors, status = refusal.fields, refusal.status
        else:
            return web.done("/moderation/reasons?saved", {"ok": True})
    page = render_template(
        "moderation/reasons.html", lines=lines, errors=errors, saved="saved" in request.args,
        shown=shown,
    )  # fmt: skip
    return page, status
