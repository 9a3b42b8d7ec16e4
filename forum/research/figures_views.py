"""The HTTP door to a study's figures, for those who run it."""

from flask import Blueprint, current_app, render_template, request

from forum.accounts.current import viewer
from forum.research import libraries, log, looking, running
from forum.research.figures_page import figures_page
from forum.settings import Settings

bp = Blueprint("figures", __name__)


@bp.get("/research/<slug>")
def show(slug: str) -> str:
    """Show a study's figures; ?period= and ?group= choose among what is on offer."""
    study = running.study_for(viewer(), slug)
    settings: Settings = current_app.extensions["forum.settings"]
    asked = request.args
    figures = figures_page(
        looking.home(settings.instance, study.slug),
        running.groups_of(study.id),
        asked.get("period", ""),
        asked.get("group", ""),
    )
    if figures.shown:
        log.note("figures_seen", study.slug, viewer().id, choice=figures.choice.key)
    next_on = looking.next_on(settings.instance, study)
    return render_template(
        "research/figures.html", study=study, figures=figures, next_on=next_on,
        missing="" if libraries.complete() else libraries.MISSING,
    )  # fmt: skip
