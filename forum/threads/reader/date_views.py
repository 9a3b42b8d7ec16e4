"""The HTTP door to a day of a long thread."""

from datetime import date, datetime

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core import time_zones
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.threads import queries
from forum.threads.posts import post_pages

bp = Blueprint("thread_dates", __name__)
FIRST, LAST = date(1990, 1, 1), date(9998, 12, 31)


@bp.get("/threads/<int:thread_id>/on")
def on(thread_id: int) -> Response:
    """Lead to the first post of a `date` in a time `zone`, or after it; else to the last post."""
    me = viewer()
    found = queries.current_thread_for(me, thread_id)
    since = _midnight(request.args.get("date", ""), request.args.get("zone", ""))
    post = post_pages.first_post_since(me, found.id, since)
    if post is None:
        last = post_pages.pages_of(me, found).count
        return redirect(f"/threads/{found.id}" + (f"?page={last}" if last > 1 else ""))
    return redirect(post_pages.post_url(me, found, post.number, post.id))


def _midnight(written: str, zone: str) -> datetime:
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        day = date.min
    if not FIRST <= day <= LAST:
        raise Invalid(fields={"date": _("Enter a date such as 2026-03-14.")})
    return time_zones.midnight(day, zone if zone in time_zones.zones() else "UTC")
