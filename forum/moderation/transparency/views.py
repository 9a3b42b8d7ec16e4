"""The page that tells everybody what was reported and done in a year."""

from flask import Blueprint, render_template, request

from forum.moderation.transparency import queries as transparency
from forum.moderation.transparency import waits

bp = Blueprint("transparency", __name__)


@bp.get("/transparency")
def index() -> str:
    """Show the counts of one year; ?year= chooses it."""
    year = transparency.choose_year(request.args.get("year", ""))
    return render_template(
        "moderation/transparency/transparency.html",
        counts=transparency.counts_of(year),
        years=transparency.years(),
        few=transparency.FEW,
        in_words=transparency.in_words,
        not_yet=waits.NOT_YET,
    )
