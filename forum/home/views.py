"""The HTTP door of home."""

from flask import Blueprint, render_template

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """Show the first page."""
    return render_template("home/index.html")
