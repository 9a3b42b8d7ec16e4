"""The HTTP door to a study's releases: asking for one, following it, downloading it."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify, render_template, request, send_file
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core import clock
from forum.core.errors import Invalid, Refusal
from forum.core.translation import _, lazy, lazy_pgettext
from forum.core.web import rate_limits, request_sizes, responses
from forum.research import optional_dependencies
from forum.research.models import Study
from forum.research.releases.disclosure import column_costs
from forum.research.releases.disclosure.differential_privacy import privacy_budget
from forum.research.releases.ledger import queries, released_profiles
from forum.research.releases.participant_profiles import attributes
from forum.research.releases.release_request import COLUMNS
from forum.research.releases.requests import forms, queue
from forum.research.releases.requests import service as jobs
from forum.research.releases.requests.models import ReleaseJob
from forum.research.studies import researcher_access
from forum.settings.environment import Settings

bp = Blueprint("releases", __name__)
AGREEMENT_MOST = 5_000_000
STEPS = {
    "": lazy("Waiting for its turn."),
    "reading": lazy("Reading the study's data as it is now."),
    "building": lazy("Building it, and testing if a fellow member could find anyone in it."),
    "writing": lazy("Writing the files."),
}
STATES = {
    "waiting": lazy_pgettext("of a release", "Waiting for its turn"),
    "running": lazy_pgettext("of a release", "Being made"),
    "ready": lazy_pgettext("of a release", "Ready to download"),
    "refused": lazy_pgettext("of a release", "Refused"),
    "failed": lazy_pgettext("of a release", "Couldn't be made"),
}
TIER_NAMES = {
    "aggregate": lazy_pgettext("kind of release", "Aggregates"),
    "microdata": lazy_pgettext("kind of release", "Microdata"),
    "panel": lazy_pgettext("kind of release", "Panel"),
    "events": lazy_pgettext("kind of release", "Events"),
}
TIERS = (
    ("aggregate", lazy("Aggregates: counts and sums without small numbers")),
    ("microdata", lazy("Microdata: one row per person, in bands that hide everyone among others")),
    ("panel", lazy("Panel: one row per person and four-week period, grouped by whole histories")),
    (
        "events",
        lazy("Events: pseudonymous personal data, for a named recipient under an agreement"),
    ),
)


def init(app: Flask) -> None:
    """Let templates name the kinds of releases."""
    app.jinja_env.globals.update(release_tiers=dict(TIERS), release_names=TIER_NAMES)


@bp.get("/research/<slug>/releases")
def show(slug: str) -> str:
    """Show a study's releases of the last thirty days, and the form to ask for one."""
    study = researcher_access.study_for(viewer(), slug)
    return _page(study, {"made_by": study.run_by, "hours": "24"}, chosen=released_profiles.DOSE)


@bp.post("/research/<slug>/releases")
@request_sizes.takes(AGREEMENT_MOST)
@rate_limits.limiter.limit(rate_limits.PASSWORD_TRIES)
def ask(slug: str) -> Any:
    """Ask for a release, with the password."""
    study, me = researcher_access.study_for(viewer(), slug), viewer()
    try:
        release_request = forms.release_request(study, me.id)
        job_id = jobs.request_release(me, release_request, request.form.get("password", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        chosen = request.form.getlist("columns")
        return _page(study, request.form, refusal.fields, chosen=chosen), refusal.status
    return _waits(slug, job_id)


@bp.get("/research/<slug>/releases/<int:job_id>")
def follow(slug: str, job_id: int) -> Any:
    """Show how far a release is, or why there is none."""
    study = researcher_access.study_for(viewer(), slug)
    job = jobs.job_of(study, job_id)
    if responses.wants_json():
        return jsonify(id=job.id, state=job.state, step=job.step, words=str(STEPS[job.step]))
    return _job(study, job)


@bp.get("/research/<slug>/releases/<int:job_id>/download")
def download(slug: str, job_id: int) -> Response:
    """Give the files of a release, in one archive."""
    path = jobs.archive_path(viewer(), slug, job_id, _instance())
    return send_file(
        path,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{slug}-release-{job_id}.zip",
    )


@bp.post("/research/<slug>/releases/<int:job_id>/again")
@rate_limits.limiter.limit(rate_limits.PASSWORD_TRIES)
def again(slug: str, job_id: int) -> Any:
    """Start a release again that failed or was refused, with the password."""
    study = researcher_access.study_for(viewer(), slug)
    try:
        jobs.retry(viewer(), slug, job_id, request.form.get("password", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _job(study, jobs.job_of(study, job_id), refusal), refusal.status
    return _waits(slug, job_id)


@bp.post("/research/<slug>/releases/<int:job_id>/remove")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def remove(slug: str, job_id: int) -> Response:
    """Remove a release's files and page before its time."""
    jobs.remove(viewer(), slug, job_id, _instance())
    return responses.done(f"/research/{slug}/releases", said=_("Release removed."))


def _waits(slug: str, job_id: int) -> Response:
    place = f"/research/{slug}/releases/{job_id}"
    return responses.done(place, {"id": job_id}, 202, said=_("Release requested."))


def _page(
    study: Study, values: Any, errors: dict[str, str] | None = None, *, chosen: Collection[str]
) -> str:
    return render_template(
        "research/releases/requests/releases.html",
        study=study,
        jobs=jobs.recent_jobs(study),
        tiers=TIERS,
        values=values,
        errors=errors or {},
        columns={name: attributes.label_of(name) for name in COLUMNS},
        chosen=chosen,
        states=STATES,
        costs=column_costs,
        days=queue.KEPT_FOR.days,
        epsilon_left=privacy_budget.remaining(study.slug, clock.now()),
        told_until=queries.last_aggregate_at(study.slug),
        lacking="" if optional_dependencies.are_installed() else optional_dependencies.MISSING,
    )


def _job(study: Study, job: ReleaseJob, refusal: Refusal | None = None) -> str:
    gone_at = job.ended_at + queue.KEPT_FOR if job.ended_at else None
    return render_template(
        "research/releases/requests/release.html",
        study=study,
        job=job,
        steps=STEPS,
        states=STATES,
        gone_at=gone_at,
        errors=refusal.fields if refusal else {},
    )


def _instance() -> Path:
    settings: Settings = current_app.extensions["forum.settings.environment"]
    return settings.instance
