"""The HTTP door to what a study says and asks, for its researchers."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.errors import Forbidden, Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, request_sizes, responses
from forum.core.web.forms import edit_conflicts
from forum.groups import queries as groups
from forum.research import queries
from forum.research.models import PLANNED, Study, clauses_asked
from forum.research.studies import fields, forms, planning, researcher_access

bp = Blueprint("study_settings", __name__)


@bp.get("/research/<slug>/edit")
def show(slug: str) -> str:
    """Show what a study says of itself, to be changed by people who may."""
    study = researcher_access.study_for(viewer(), slug)
    return _page(study, forms.current_facts(study), list(researcher_access.groups_of(study.id)))


@bp.post("/research/<slug>/edit")
@request_sizes.takes(request_sizes.LONG_WORDS)
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def edit(slug: str) -> Any:
    """Change it, or, with `preview`, show how participants would see it."""
    study, me = researcher_access.study_for(viewer(), slug), viewer()
    chosen = (
        forms.group_ids() if me.is_administrator else list(researcher_access.groups_of(study.id))
    )
    typed = forms.facts()
    try:
        if "preview" in request.form:
            names = [each.name for each in groups.directory(me) if each.id in chosen]
            text = researcher_access.newest_document(study.id).text
            return _page(study, typed, chosen, preview=forms.preview(typed, names, text))
        group_ids = chosen if me.is_administrator else None
        shown = request.form.get(edit_conflicts.FIELD)
        planning.edit_study(me, study.id, group_ids=group_ids, shown=shown, **typed)
    except (Invalid, Forbidden) as refusal:
        if responses.wants_json():
            raise
        return _page(study, typed, chosen, errors=_errors(refusal)), refusal.status
    made = {"id": study.id, "slug": slug}
    return responses.done(f"/research/{slug}/edit", made, said=_("Changes saved."))


@bp.get("/research/<slug>/document")
def show_document(slug: str) -> str:
    """Show the consent document that is asked for, and what is proposed in its place."""
    study = researcher_access.study_for(viewer(), slug)
    return _document(study, planning.document_shown(study.id))


@bp.post("/research/<slug>/document")
@request_sizes.takes(request_sizes.LONG_WORDS)
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def change_document(slug: str) -> Any:
    """Ask for consent to another text, propose it, or, with `preview`, show how it would look."""
    study, me = researcher_access.study_for(viewer(), slug), viewer()
    text = request.form.get("document", "")
    try:
        if "preview" in request.form:
            names = researcher_access.groups_of(study.id).values()
            preview = forms.preview(forms.current_facts(study), names, text)
            return _document(study, text, preview=preview)
        shown = request.form.get(edit_conflicts.FIELD)
        may_change = _may_change(study)
        if may_change:
            planning.change_document(study.id, text, by=me, shown=shown)
        else:
            planning.propose_document(me, study.id, text, shown=shown)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _document(study, text, errors=refusal.fields), refusal.status
    made = {"id": study.id, "slug": slug}
    said = (
        _("Document saved.")
        if may_change
        else _("Your text now needs an administrator's approval.")
    )
    return responses.done(f"/research/{slug}/document", made, said=said)


@bp.post("/research/<slug>/open")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def open_study(slug: str) -> Response:
    """Invite the members of its groups."""
    planning.open_study(researcher_access.study_for(viewer(), slug).id, by=viewer())
    return responses.done(
        f"/research/{slug}/edit", said=_("Study opened. Members are now invited.")
    )


@bp.post("/research/<slug>/close")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def close_study(slug: str) -> Response:
    """Record no more for it, for good."""
    planning.close_study(researcher_access.study_for(viewer(), slug).id, by=viewer())
    return responses.done(
        f"/research/{slug}/edit", said=_("Study closed. Nothing more is recorded.")
    )


def _may_change(study: Study) -> bool:
    return study.state == PLANNED or viewer().is_administrator


def _errors(refusal: Invalid | Forbidden) -> dict[str, str]:
    return refusal.fields or {"": refusal.message}


def _page(
    study: Study,
    values: Any,
    chosen: list[int],
    *,
    errors: dict[str, str] | None = None,
    preview: dict[str, Any] | None = None,
) -> str:
    me = viewer()
    return render_template(
        "research/studies/edit.html",
        study=study,
        values=values,
        chosen=chosen,
        groups=groups.directory(me) if me.is_administrator else [],
        clauses=clauses_asked(
            linkage=values.get("linkage") == "yes", answer=queries.has_instruments(study.id)
        ),
        names=researcher_access.groups_of(study.id).values(),
        may_change=_may_change(study),
        errors=errors or {},
        preview=preview,
        shown=planning.version(study),
        labels=fields.NAMES,
        zones=forms.zones(),
        zone_stays=study.state != PLANNED,
    )


def _document(
    study: Study,
    text: str,
    *,
    errors: dict[str, str] | None = None,
    preview: dict[str, Any] | None = None,
) -> str:
    newest = researcher_access.newest_document(study.id)
    return render_template(
        "research/studies/document.html",
        study=study,
        text=text,
        newest=newest,
        current=groups.html(newest.text),
        proposed=bool(researcher_access.proposed_document(study.id)),
        may_change=_may_change(study),
        clauses=clauses_asked(linkage=study.linkage, answer=queries.has_instruments(study.id)),
        errors=errors or {},
        preview=preview,
        shown=edit_conflicts.version_of(planning.document_shown(study.id)),
    )
