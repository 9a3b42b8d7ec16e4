"""The HTTP door to studies, for people who are asked to take part."""

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, render_template, request
from flask_login import current_user

from forum.accounts.login.current_user import viewer
from forum.core import ids
from forum.core.db import current_session
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.groups.queries import html
from forum.groups.reaction_types import REACTIONS
from forum.research import queries, record_labels, service
from forum.research.models import CLAUSES
from forum.research.releases.ledger import linkage_keys
from forum.research.studies import forms
from forum.research.waves import queries as wave_queries

bp = Blueprint("studies", __name__)
HELD_SHOWN = 50
YES = {"1", "on", "yes", "true"}


def init(app: Flask) -> None:
    """Let the account page show what somebody is invited to."""
    app.jinja_env.globals["study_invitations"] = _invitations


@bp.get("/studies/<slug>")
def show(slug: str) -> str:
    """Show a study, what one agreed to, and what is held."""
    return _page(slug)


@bp.post("/studies/<slug>/consent")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def consent(slug: str) -> Any:
    """Agree, clause by clause."""
    chosen = _chosen()
    try:
        version = ids.number(request.form.get("version", "")) or 0
        service.give_consent(viewer(), slug, version=version, clauses=chosen)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(slug, refusal.fields), refusal.status
    return responses.done(f"/studies/{slug}", said=_("Thank you. Your consent is saved."))


@bp.post("/studies/<slug>/zone")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def set_zone(slug: str) -> Any:
    """Say in which time zone one's own days are."""
    try:
        service.set_time_zone(viewer(), slug, request.form.get("zone", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(slug, refusal.fields), refusal.status
    return responses.done(f"/studies/{slug}", said=_("Time zone saved."))


@bp.post("/studies/<slug>/withdraw")
@rate_limits.limiter.limit(rate_limits.CONFIRMING)
def withdraw(slug: str) -> Any:
    """Stop taking part, and keep what is held, or erase it with the password."""
    how = request.form.get("how", "")
    if how not in {"keep", "erase"}:
        raise Invalid(fields={"how": _("This can be keep or erase.")})
    if how == "keep":
        service.withdraw(viewer(), slug, erase=False)
        said = _("You've withdrawn from the study. It keeps what was recorded until now.")
        return responses.done("/account", said=said)
    try:
        service.erase_own(viewer(), slug, request.form.get("password", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _erase_page(slug, refusal.fields), refusal.status
    said = _("You've withdrawn from the study. What it held about you is deleted.")
    return responses.done("/account", said=said)


@bp.get("/studies/<slug>/erase")
def ask_to_erase(slug: str) -> str:
    """Ask once more, and for the password, before what was recorded is deleted."""
    return _erase_page(slug, {})


def _erase_page(slug: str, errors: dict[str, str]) -> str:
    view = queries.study_for(viewer(), slug)
    if view.participant is None:
        raise NotFound
    return render_template("research/erase.html", study=view.study, view=view, errors=errors)


@bp.get("/studies/<slug>/held")
def held(slug: str) -> Response:
    """Give a participant their consent and every row that is held about them."""
    view = queries.study_for(viewer(), slug)
    rows = (
        [
            dict(row)
            for row in current_session().execute(queries.own_events(view.participant)).mappings()
        ]
        if view.participant
        else []
    )
    for row in rows:
        row["at"] = row["at"].isoformat()
    copy = queries.consent_copy(view)
    if copy:
        copy["given_at"] = view.consent.given_at.isoformat() if view.consent else ""
    zone = queries.participant_time_zone(view.participant) if view.participant else None
    linked = linkage_keys.own_linkage_keys(view.participant) if view.participant else []
    answer = jsonify(
        consent=copy,
        time_zone=zone,
        rows=rows,
        linkage_keys=[dict(row._mapping) for row in linked],
        answers=wave_queries.own_answers(view.participant) if view.participant else [],
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{view.study.slug}.json"'
    return answer


def _chosen() -> list[str]:
    """Return the clauses that were agreed to in so many words; any other value is no consent."""
    said = {name: request.form.getlist(name) for name in CLAUSES}
    return [name for name, words in said.items() if words and YES.issuperset(words)]


def _page(slug: str, errors: dict[str, str] | None = None) -> str:
    view = queries.study_for(viewer(), slug)
    key = view.participant
    agreed = queries.clauses(view.consent) if view.consent else {}
    return render_template(
        "research/study.html",
        study=view.study,
        view=view,
        about=html(view.study.about),
        document=html(view.text),
        agreed=html(view.agreed_text),
        clauses=view.clauses,
        linked=linkage_keys.own_linkage_keys(key) if key else [],
        kinds=record_labels.described(),
        labels=record_labels,
        reactions=REACTIONS,
        group_names=queries.group_names(view.study.id, viewer()) if key else {},
        ticked=dict.fromkeys(_chosen(), True) if errors else agreed,
        count=queries.count_own_events(key) if key else 0,
        rows=current_session().execute(queries.own_events(key).limit(HELD_SHOWN)).mappings().all()
        if key
        else [],
        zones=forms.zones(),
        zone=(queries.participant_time_zone(key) or "") if key else "",
        errors=errors or {},
    )


def _invitations() -> list[Any]:
    return queries.invitations(viewer().id or 0) if current_user.is_authenticated else []
