"""The HTTP door to what a group says about itself, and to founding one."""

from dataclasses import asdict
from typing import Any, cast

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.forms import edit_conflicts
from forum.groups import fields, policy, queries, service
from forum.groups.fields import Details
from forum.groups.membership import member_queries
from forum.groups.queries import GroupView

bp = Blueprint("group_settings", __name__)
NO = {"", "0", "off", "no", "false"}


@bp.get("/groups/new")
def new() -> str:
    """Show the form to found a group, to administrators."""
    policy.require_founder(viewer())
    return render_template("groups/new.html", values={}, errors={})


@bp.post("/groups/new")
@request_sizes.takes(request_sizes.LONG_WORDS)
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def create() -> AnyResponse | tuple[str, int]:
    """Found a group."""
    slug = request.form.get("slug", "").strip() or fields.slug_from(request.form.get("name", ""))
    try:
        group_id = service.create_group(viewer(), slug=slug, **_details())
    except Invalid as refusal:
        if responses.wants_json():
            raise
        page = render_template("groups/new.html", values=request.form, errors=refusal.fields)
        return page, 422
    return responses.done(
        f"/groups/{slug}", {"id": group_id, "slug": slug}, 201, said=_("Group created.")
    )


@bp.get("/groups/<slug>/settings")
def settings(slug: str) -> str:
    """Show what moderators of a group can change."""
    group = queries.group_for(viewer(), slug)
    member_queries.require_moderates(viewer(), group)
    return _page(group, asdict(group))


@bp.post("/groups/<slug>/settings")
@request_sizes.takes(request_sizes.LONG_WORDS)
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def change(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Change it, or, with `preview`, show how it would look."""
    group = queries.group_for(viewer(), slug)
    member_queries.require_moderates(viewer(), group)
    typed = asdict(group) | dict(_details())
    try:
        if "preview" in request.form:
            return _page(group, typed, preview=fields.cleaned(_details()))
        shown = request.form.get(edit_conflicts.FIELD)
        service.edit_group(viewer(), group.id, shown=shown, **_details())
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(group, typed, errors=refusal.fields), refusal.status
    answer = {"id": group.id, "slug": slug}
    return responses.done(f"/groups/{slug}/about", answer, said=_("Group settings saved."))


def _page(
    group: GroupView,
    values: dict[str, Any],
    *,
    errors: dict[str, str] | None = None,
    preview: dict[str, Any] | None = None,
) -> str:
    shown = {
        name: queries.html(preview[name])
        for name in ("description", "guidelines", "welcome")
        if preview and preview.get(name)
    }
    return render_template(
        "groups/settings.html",
        group=group,
        values=values,
        errors=errors or {},
        preview=shown,
        version=fields.version(group),
    )


def _details() -> Details:
    form = request.form
    given: dict[str, Any] = {
        name: form[name] for name in (*fields.LIMITS, *fields.CHOICES) if name in form
    }
    for name in fields.BOOLEANS:
        if name in form:
            # An empty hidden field goes before the box, since an unticked box sends nothing.
            given[name] = form.getlist(name)[-1].lower() not in NO
    return cast("Details", given)
