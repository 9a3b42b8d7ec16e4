"""The HTTP door of home."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.home import queries

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str | Response:
    """Show the first page: what this is to visitors, what is new to members."""
    me = viewer()
    if me.id is None:
        return render_template("home/visitor.html", groups=queries.group_cards())
    if me.suspended:
        return redirect("/account")
    return render_template("home/member.html", member_home=queries.member_home(me))
