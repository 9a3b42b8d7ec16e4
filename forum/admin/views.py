"""The HTTP door of the administrator's desk."""

from flask import Blueprint, render_template

from forum.accounts.login.current_user import viewer
from forum.notifications.announcements import policy

bp = Blueprint("admin", __name__)


@bp.get("/admin")
def index() -> str:
    """Show what an administrator can do from a page."""
    policy.require_administrator(viewer())
    return render_template("admin/index.html")
