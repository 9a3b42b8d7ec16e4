"""The HTTP door of similar threads, shown while somebody writes a title."""

from typing import Any

from flask import Blueprint, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.groups import queries as groups
from forum.search.finding import similar_threads
from forum.threads import limits

bp = Blueprint("similar_threads", __name__)


@bp.post("/groups/<slug>/threads/similar")
@limiter.limit(rate_limits.PREVIEW)
def similar_threads_of(slug: str) -> Response:
    """Answer with threads like the title in the form, which is in no address and no log."""
    member_id(viewer())
    group = groups.group_for(viewer(), slug)
    title = request.form.get("title", "")
    return responses.done(f"/groups/{slug}/threads/new", {"html": similar(group, title)})


def similar(group: Any, title: str) -> Markup:
    """Return a list of threads of a group that are like a title; nothing where there are none."""
    if not group.readable or not title.strip():
        return Markup()
    found = similar_threads.similar(viewer(), group.id, title[: limits.TITLE_MAX])
    html = render_template("search/_similar_threads.html", threads=found) if found else ""
    return Markup(html)  # noqa: S704 - our own template
