"""The HTTP door to a study's figures, for its researchers."""

from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, render_template, request

from forum.accounts.login.current_user import viewer
from forum.research import optional_dependencies
from forum.research.figures import downloads, figure_jobs, filters
from forum.research.figures.charts import svg
from forum.research.figures.page import FiguresPage, figures_page
from forum.research.models import Study
from forum.research.studies import audit_log, researcher_access
from forum.settings.environment import Settings

bp = Blueprint("figures", __name__)


def init(app: Flask) -> None:
    """Let the log of a study say which figures were looked at, and pages draw them."""
    app.jinja_env.globals["figure_choice"] = filters.in_words
    app.jinja_env.filters["in_page_colours"] = svg.for_page


@bp.get("/research/<slug>")
def show(slug: str) -> str:
    """Show a study's figures; ?period= and ?group= choose among what is on offer."""
    study, figures = _looked_at(slug)
    return render_template(
        "research/figures/figures.html",
        study=study,
        figures=figures,
        next_on=figure_jobs.next_on(_instance(), study),
        missing="" if optional_dependencies.are_installed() else optional_dependencies.MISSING,
    )


@bp.get("/research/<slug>/figures/<name>.csv")
def table(slug: str, name: str) -> Response:
    """Download one figure's table, of the same choice."""
    figures = _looked_at(slug)[1]
    words = downloads.as_csv(downloads.figure_named(figures, name))
    return _file(words, "text/csv", f"{slug}-{name}-{figures.choice.key}.csv")


@bp.get("/research/<slug>/figures/<name>.svg")
def drawing(slug: str, name: str) -> Response:
    """Download one figure's drawing, of the same choice."""
    figures = _looked_at(slug)[1]
    words = downloads.as_svg(downloads.figure_named(figures, name))
    return _file(words, "image/svg+xml", f"{slug}-{name}-{figures.choice.key}.svg")


def _looked_at(slug: str) -> tuple[Study, FiguresPage]:
    """Return what is asked for of a study, and say in its log that somebody looked at it."""
    study = researcher_access.study_for(viewer(), slug)
    figures = figures_page(
        figure_jobs.figures_folder(_instance(), study.slug),
        researcher_access.groups_of(study.id),
        request.args.get("period", ""),
        request.args.get("group", ""),
    )
    if figures.shown:
        audit_log.add_entry("figures_seen", study.slug, viewer().id, choice=figures.choice.key)
    return study, figures


def _instance() -> Path:
    settings: Settings = current_app.extensions["forum.settings.environment"]
    return settings.instance


def _file(words: str, mimetype: str, name: str) -> Response:
    made = Response(words, mimetype=mimetype)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made
