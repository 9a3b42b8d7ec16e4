"""The HTTP door of pre-moderation: showing a pending post or edit, or not."""

from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup

from forum.accounts.login.current_user import viewer
from forum.core import ids, text
from forum.core.errors import Forbidden, Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.threads import queries
from forum.threads.approval import pre_moderation
from forum.threads.posts import pending_edits
from forum.threads.views import respond_with_post

bp = Blueprint("review", __name__)


@bp.post("/posts/<int:post_id>/approve")
@limiter.limit(rate_limits.SMALL_ACTS)
def approve(post_id: int) -> Any:
    """Show a pending post to everybody."""
    pre_moderation.approve(viewer(), post_id, seen=_seen_version())
    return respond_with_post(post_id, said=_("Approved."))


@bp.route("/posts/<int:post_id>/decline", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def decline(post_id: int) -> Any:
    """Do not show a pending post, and write to its author why."""
    if request.method == "GET":
        return _decline_page(post_id)
    try:
        pre_moderation.decline(
            viewer(), post_id, request.form.get("reason", ""), seen=_seen_version()
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _decline_page(post_id, refusal.fields), refusal.status
    return respond_with_post(post_id, said=_("Declined. The author can read why."))


def _seen_version() -> int | None:
    """Return which version the page showed on which somebody decided."""
    return ids.number(request.args.get("seen", ""))


def _decline_page(post_id: int, errors: dict[str, str] | None = None) -> str:
    post = queries.post_for(viewer(), post_id)
    if not post.moderates:
        raise Forbidden(_("Only this group's moderators can do that."), code="not_yours")
    edit = pending_edits.edit_of(post_id)
    return render_template(
        "threads/posts/decline.html",
        post=post,
        seen=post.version if edit is None else edit.version,
        html=Markup(text.render(post.body if edit is None else edit.body)),  # noqa: S704
        values=request.form,
        errors=errors or {},
    )
