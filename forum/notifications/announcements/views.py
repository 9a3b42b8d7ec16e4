"""The HTTP door of announcements: writing them, and the page of one."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core import ids, text
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.rate_limits import limiter
from forum.core.web.templating.template_helpers import iso
from forum.groups import queries as groups
from forum.notifications.announcements import policy, queries, service

bp = Blueprint("announcements", __name__)


@bp.route("/admin/announcements", methods=["GET", "POST"])
@request_sizes.takes(request_sizes.LONG_WORDS)
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def announcements() -> Any:
    """Write an announcement: first it is shown as it will be, then it is sent."""
    me, form = viewer(), request.form
    policy.require_administrator(me)
    if request.method == "GET":
        return _page({})
    try:
        title, body = service.checked(form.get("title", ""), form.get("body", ""))
        if not (form.get("confirmed") or responses.wants_json()):
            return _page(form, shown={"title": title, "html": text.render(body)})
        group_id = ids.row_id(form["group"]) if form.get("group") else None
        made = service.make(me, title=title, body=body, group_id=group_id)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(form, errors=refusal.fields), refusal.status
    return responses.done("/admin/announcements", {"id": made}, 201, said=_("Announcement sent."))


@bp.post("/admin/announcements/<int:announcement_id>/take-back")
@limiter.limit(rate_limits.SMALL_ACTS)
def take_back(announcement_id: int) -> Response:
    """Take an announcement back."""
    service.take_back(viewer(), announcement_id)
    return responses.done(
        "/admin/announcements", {"id": announcement_id}, said=_("Announcement taken back.")
    )


@bp.get("/announcements/<int:announcement_id>")
def announcement(announcement_id: int) -> Any:
    """Show an announcement to those it is for."""
    found = queries.announcement_for(viewer(), announcement_id)
    if responses.wants_json():
        return jsonify(
            id=found.id, title=found.title, html=found.html, created_at=iso(found.created_at)
        )
    return render_template("notifications/announcements/announcement.html", announcement=found)


def _page(
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    shown: Mapping[str, str] | None = None,
) -> str:
    me = viewer()
    return render_template(
        "notifications/announcements/announcements.html",
        values=values,
        errors=errors or {},
        shown=shown,
        groups=groups.directory(me),
        announcements=queries.latest(me),
        body_max=service.BODY_MAX,
        title_max=service.TITLE_MAX,
    )
