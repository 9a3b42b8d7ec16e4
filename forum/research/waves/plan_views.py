"""The HTTP door to a study's questionnaires and waves, for its researchers."""

from typing import Any

from flask import Blueprint, render_template, request

from forum.accounts.login.current_user import viewer
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.forms import edit_conflicts
from forum.research.models import PLANNED, Study
from forum.research.studies import researcher_access
from forum.research.waves import instrument_files, plan_fields, planning, queries

bp = Blueprint("study_questionnaires", __name__)
ASK = "ask-"
FIELDS = ("days", "opens_before_days", "closes_after_days", "danger_watch")


@bp.get("/research/<slug>/questionnaires")
def show(slug: str) -> str:
    """Show which questionnaires a study has and when, to be changed while it is planned."""
    study = researcher_access.study_for(viewer(), slug)
    return _page(study, _stored(study))


@bp.post("/research/<slug>/questionnaires")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def plan(slug: str) -> Any:
    """Choose them."""
    study = researcher_access.study_for(viewer(), slug)
    typed = {name: request.form[name] for name in FIELDS if name in request.form}
    try:
        planning.plan_waves(
            viewer(), study.id, _chosen(), shown=request.form.get(edit_conflicts.FIELD), **typed
        )
    except (Invalid, Forbidden, Conflict) as refusal:
        if responses.wants_json():
            raise
        errors = refusal.fields or {"": refusal.message}
        return _page(study, request.form, errors=errors), refusal.status
    return responses.done(
        f"/research/{slug}/questionnaires", {"slug": slug}, said=_("Questionnaires saved.")
    )


def _chosen() -> dict[str, str]:
    """Return what was chosen of each questionnaire, in the order of the form."""
    return {
        name.removeprefix(ASK): scope
        for name, scope in request.form.items()
        if name.startswith(ASK) and scope
    }


def _stored(study: Study) -> dict[str, str]:
    stored = queries.plan_of(study.id)
    return {
        **{f"{ASK}{one}": scope for one, scope in stored.instruments.items()},
        "days": ", ".join(map(str, stored.days)),
        "opens_before_days": str(stored.opens_before_days),
        "closes_after_days": str(stored.closes_after_days),
        "danger_watch": stored.danger_watch,
    }


def _page(study: Study, values: Any, *, errors: dict[str, str] | None = None) -> str:
    stored = queries.plan_of(study.id)
    return render_template(
        "research/waves/plan.html",
        study=study,
        values=values,
        errors=errors or {},
        stored=stored,
        described=planning.described(stored) if stored.instruments else {},
        instruments=instrument_files.askable().values(),
        may_change=study.state == PLANNED,
        shown=planning.version(stored),
        items=[plan_fields.item_count(stored, ordinal) for ordinal in range(2)],
        advised=plan_fields.ITEMS_ADVISED,
    )
