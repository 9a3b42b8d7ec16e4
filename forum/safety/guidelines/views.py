"""The HTTP door to what everybody may expect here: guidelines, and how to complain."""

from flask import Blueprint, current_app, render_template

from forum.settings.environment import Settings

bp = Blueprint("rules", __name__)


@bp.get("/guidelines")
def guidelines() -> str:
    """Show the guidelines."""
    return render_template("safety/guidelines.html")


@bp.get("/complaints")
def complaints() -> str:
    """Say how to complain, what happens then, and within how long."""
    settings: Settings = current_app.extensions["forum.settings.environment"]
    return render_template(
        "safety/complaints.html", address=settings.complaints, days=settings.complaints_days
    )
