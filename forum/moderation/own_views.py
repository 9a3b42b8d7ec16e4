"""The HTTP door of what was done to oneself, open to the suspended too."""

from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.current import viewer
from forum.core import limits, web
from forum.core.errors import Invalid
from forum.core.limits import limiter
from forum.moderation import log, undoing

bp = Blueprint("own_acts", __name__)


@bp.get("/moderation/mine")
def index() -> str:
    """Show what was done to one's words, and why."""
    return _page()


@bp.post("/moderation/mine/<int:log_id>/object")
@limiter.limit(limits.SMALL_ACTS)
def object_to(log_id: int) -> Any:
    """Say that one sees an act differently."""
    try:
        undoing.object_to(viewer(), log_id, request.form.get("words", ""))
    except Invalid as refusal:
        if web.wants_json():
            raise
        return _page(log_id, refusal.fields), refusal.status
    return web.done(f"/moderation/mine#act-{log_id}", {"id": log_id}, 201)


def _page(wrong_id: int = 0, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "moderation/mine.html", rows=log.own(viewer()), wrong_id=wrong_id, errors=errors or {},
        values=request.form,
    )  # fmt: skip
