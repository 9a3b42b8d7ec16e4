"""The HTTP door to who runs a study, for administrators, and to what has been done about it."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.research.models import Study
from forum.research.studies import audit_log, fields, policy, researcher_access, researchers

bp = Blueprint("researchers", __name__)


@bp.get("/research/<slug>/researchers")
def show(slug: str) -> str:
    """Show who is named in a study."""
    return _page(_study(slug))


@bp.post("/research/<slug>/researchers")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def name(slug: str) -> Any:
    """Name a researcher, or record why a moderator of its groups may be one."""
    study, form = _study(slug), request.form
    try:
        researchers.name_researcher(viewer(), study.id, form.get("handle", ""), form.get("why", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(study, refusal.fields), refusal.status
    return responses.done(f"/research/{slug}/researchers", said=_("Researcher saved."))


@bp.post("/research/<slug>/researchers/<person:account_id>/remove")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def remove(slug: str, account_id: int) -> Response:
    """Close a study to somebody again."""
    researchers.remove_researcher(viewer(), _study(slug).id, account_id)
    return responses.done(f"/research/{slug}/researchers", said=_("Researcher removed."))


@bp.get("/research/<slug>/log")
def log(slug: str) -> str:
    """Show what was done: everything to administrators, to researchers what they did."""
    me, study, page = viewer(), researcher_access.study_for(viewer(), slug), responses.page_number()
    rows = audit_log.entries(slug, None if me.is_administrator else me, page)
    return render_template(
        "research/studies/log.html",
        study=study,
        rows=rows[: audit_log.ROWS_A_PAGE],
        page=page,
        more=len(rows) > audit_log.ROWS_A_PAGE,
        all_of_it=me.is_administrator,
        labels=fields.NAMES,
    )


def _study(slug: str) -> Study:
    policy.require_administrator(viewer())
    return researcher_access.study_for(viewer(), slug)


def _page(study: Study, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "research/studies/researchers.html",
        study=study,
        named=researchers.researchers_of(viewer(), study.id),
        values=request.form,
        errors=errors or {},
    )
