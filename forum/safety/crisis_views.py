"""The HTTP door for moderators when somebody may be in danger."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from markupsafe import Markup

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.core import ids, text
from forum.core.errors import Forbidden, LoginNeeded, NotFound
from forum.core.translation import _
from forum.core.web import responses
from forum.groups.membership import hidden_content_access
from forum.safety import detector_evaluation, queries

bp = Blueprint("crisis", __name__)


@bp.get("/safety/crisis")
def crisis() -> Any:
    """Show what to do, step by step; with ?post=N beside the post in question.

    All others are shown how to get help, and how to tell the moderators.
    """
    me = viewer()
    asked = request.args.get("post", "")
    post_id = ids.row_id(asked) if asked else None
    try:
        _require_moderator(me)
    except (LoginNeeded, Forbidden) as refusal:
        if responses.wants_json():
            raise
        return render_template("safety/worried.html", post_id=post_id), refusal.status
    if asked and post_id is None:
        raise NotFound
    found = queries.crisis(me, post_id) if post_id else None
    if found:
        hidden_content_access.record(me, found.post.group_id, "post", [found.post])
    html = Markup(text.render(found.post.body)) if found else ""  # noqa: S704
    return render_template(
        "safety/crisis.html", found=found, html=html, moderates=queries.is_moderator(me)
    )


def _require_moderator(me: Viewer) -> None:
    if not queries.moderates_any(me):
        raise Forbidden(_("This page is for facilitators and moderators."))


@bp.get("/safety/detectors")
def detectors() -> str:
    """Show how well the detectors do, with what they miss, to moderators."""
    if not queries.is_moderator(viewer()):
        raise Forbidden(_("This page is for moderators."))
    known_numbers = current_app.extensions["forum.known_numbers"]
    measured = detector_evaluation.measured(known_numbers)
    return render_template(
        "safety/detectors.html", measured=measured, total=sum(one.total for one in measured)
    )
