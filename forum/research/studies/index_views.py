"""The HTTP door to the studies that somebody runs, and to planning one."""

from typing import Any

from flask import Blueprint, Flask, render_template, request
from flask_login import current_user

from forum.accounts.login.current_user import viewer
from forum.core.errors import Forbidden, Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.groups import queries as groups
from forum.research.models import clauses_asked
from forum.research.studies import forms, planning, policy, researcher_access

bp = Blueprint("research", __name__)


def init(app: Flask) -> None:
    """Let the account page lead to the studies that somebody runs."""
    app.jinja_env.globals["runs_studies"] = _runs_studies


@bp.get("/research")
def index() -> str:
    """List the studies that somebody runs; all of them for administrators."""
    me = viewer()
    studies = researcher_access.studies_of(me)
    if not studies and not me.is_administrator:
        raise Forbidden(_("No study names you as a researcher."), code="no_study")
    return render_template(
        "research/studies/index.html", studies=studies, plans=me.is_administrator
    )


@bp.get("/research/new")
def new() -> str:
    """Show the form to plan a study, to administrators."""
    policy.require_administrator(viewer())
    return _page({}, [])


@bp.post("/research/new")
@request_sizes.takes(request_sizes.LONG_WORDS)
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def plan() -> Any:
    """Plan a study, or, with `preview`, show how participants would see it."""
    policy.require_administrator(viewer())
    form, chosen = request.form, forms.group_ids()
    slug, document = form.get("slug", "").strip(), form.get("document", "")
    try:
        if "preview" in form:
            names = [each.name for each in _groups() if each.id in chosen]
            return _page(form, chosen, preview=forms.preview(forms.facts(), names, document))
        study_id = planning.create_study(
            slug, document=document, group_ids=chosen, by=viewer(), **forms.facts()
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(form, chosen, errors=refusal.fields), refusal.status
    made = {"id": study_id, "slug": slug}
    return responses.done(
        f"/research/{slug}/edit", made, 201, said=_("Study saved. It isn't open yet.")
    )


def _groups() -> list[groups.GroupView]:
    return groups.directory(viewer())


def _page(
    values: Any,
    chosen: list[int],
    *,
    errors: dict[str, str] | None = None,
    preview: dict[str, Any] | None = None,
) -> str:
    return render_template(
        "research/studies/new.html",
        values=values,
        chosen=chosen,
        groups=_groups(),
        clauses=clauses_asked(linkage=values.get("linkage") == "yes", answer=False),
        errors=errors or {},
        preview=preview,
        zones=forms.zones(),
    )


def _runs_studies() -> bool:
    me = viewer()
    return current_user.is_authenticated and (
        me.is_administrator or researcher_access.is_researcher(me)
    )
