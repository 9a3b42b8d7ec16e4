"""The HTTP door to a study's figures, for those who run it."""

from flask import Blueprint, Flask, current_app, render_template, request

from forum.accounts.login.current_user import viewer
from forum.research import optional_dependencies
from forum.research.figures import figure_jobs, filters
from forum.research.figures.page import figures_page
from forum.research.studies import audit_log, researcher_access
from forum.settings.environment import Settings

bp = Blueprint("figures", __name__)


def init(app: Flask) -> None:
    """Let the log of a study say which figures were looked at."""
    app.jinja_env.globals["figure_choice"] = filters.in_words


@bp.get("/research/<slug>")
def show(slug: str) -> str:
    """Show a study's figures; ?period= and ?group= choose among what is on offer."""
    study = researcher_access.study_for(viewer(), slug)
    settings: Settings = current_app.extensions["forum.settings.environment"]
    request_values = request.args
    figures = figures_page(
        figure_jobs.figures_folder(settings.instance, study.slug),
        researcher_access.groups_of(study.id),
        request_values.get("period", ""),
        request_values.get("group", ""),
    )
    if figures.shown:
        audit_log.add_entry("figures_seen", study.slug, viewer().id, choice=figures.choice.key)
    next_on = figure_jobs.next_on(settings.instance, study)
    return render_template(
        "research/figures/figures.html",
        study=study,
        figures=figures,
        next_on=next_on,
        missing="" if optional_dependencies.are_installed() else optional_dependencies.MISSING,
    )
