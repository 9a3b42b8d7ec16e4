"""The HTTP door to a day of a long thread."""

from datetime import date, datetime

from flask import Blueprint, redirect, request
from sqlalchemy import bindparam, select
from sqlalchemy.types import Integer
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import Viewer
from forum.core import time_zones
from forum.core.db import AnyRow, UtcDateTime, current_connection
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.groups.models import Group
from forum.threads import policy, queries
from forum.threads.models import IN_GROUP, IN_THREAD, Post, Thread
from forum.threads.posts import post_pages

bp = Blueprint("thread_dates", __name__)
FIRST, LAST = date(1990, 1, 1), date(9998, 12, 31)


@bp.get("/threads/<int:thread_id>/on")
def on(thread_id: int) -> Response:
    """Lead to the first post of a `date` in a time `zone`, or after it; else to the last post."""
    me = viewer()
    found = queries.current_thread_for(me, thread_id)
    since = _midnight(request.args.get("date", ""), request.args.get("zone", ""))
    post = _first_since(me, found.id, since)
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


_ME = bindparam("me", type_=Integer)
_FIRST_SINCE = (
    select(Post.number, Post.id)
    .join(Thread, IN_THREAD)
    .join(Group, IN_GROUP)
    .where(
        Post.thread_id == bindparam("id", type_=Integer),
        Post.created_at >= bindparam("since", type_=UtcDateTime),
        policy.was_published(),
        policy.visible_within(_ME),
    )
    .order_by(Post.number)
    .limit(1)
)


def _first_since(viewer: Viewer, thread_id: int, since: datetime) -> AnyRow | None:
    asked = {"me": viewer.id or 0, "id": thread_id, "since": since}
    return current_connection().execute(_FIRST_SINCE, asked).first()
