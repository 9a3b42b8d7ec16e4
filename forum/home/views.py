"""The HTTP door of home, and of the rail beside other pages."""

from flask import Blueprint, Flask, g, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer, person_id
from forum.core.web import page_scripts
from forum.core.web.templating import pieces
from forum.home import queries, rail
from forum.home.rail import Rail
from forum.threads.reader import reader_state

bp = Blueprint("home", __name__)


def init(app: Flask) -> None:
    """Let the frame of pages show the rail."""
    app.jinja_env.globals["draw_rail"] = _draw_rail


@bp.get("/")
def index() -> str | Response:
    """Show the first page: what this is to visitors, what is new to members."""
    me = viewer()
    if me.id is None:
        return render_template("home/visitor.html", groups=queries.group_cards())
    if me.suspended:
        return redirect("/account")
    reader_state.write_positions_of(me.id)
    home = queries.member_home(me)
    g.rail = rail.of_home(me, home)
    return render_template("home/member.html", member_home=home)


@bp.get("/rail")
def show_rail() -> str:
    """Show a member's groups with what is new, for a page that is on a wide screen."""
    return pieces.draw("home/_rail.html", rail=_counted(viewer()), path="")


def _draw_rail() -> Markup:
    """Return the rail, or what a view has made of it; empty for who has no group.

    Scripts ask for its counts where there is room for it; without them they are served.
    """
    try:
        me = viewer()
        links = rail.links if page_scripts.are_running() or me.suspended else _counted
        found = None if me.id is None else g.get("rail") or links(me)
    except SQLAlchemyError:  # the page with help, and the one that says so, need no database
        return Markup()
    if found is None or not found.groups:
        return Markup()
    path = request.path if request.path.startswith("/groups/") else ""
    return pieces.draw("home/_rail.html", rail=found, path=path)


def _counted(me: Viewer) -> Rail:
    reader_state.write_positions_of(person_id(me))
    return rail.with_counts(me)
