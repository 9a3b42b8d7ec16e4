"""The HTTP door of calendars: the page that manages one's own, and what calendar programs read."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id
from forum.core import ids
from forum.core.errors import NotFound
from forum.core.translation import _
from forum.core.web import private_ids, rate_limits, responses
from forum.meetings.calendars import queries
from forum.meetings.calendars import service as calendars
from forum.meetings.schedule import queries as schedule
from forum.meetings.schedule.queries import MeetingView

bp = Blueprint("calendars", __name__)


@bp.get("/calendar")
def coming() -> Any:
    """Show all coming meetings of one's groups."""
    found = schedule.calendar_of(viewer())
    if responses.wants_json():
        return jsonify(meetings=[_public(meeting) for meeting in found])
    return render_template(
        "meetings/calendar.html",
        now=[meeting for meeting in found if meeting.is_open],
        coming=[meeting for meeting in found if not meeting.is_open],
    )


@bp.get("/account/calendars")
def own() -> str:
    """Show one's calendars."""
    return _page()


@bp.post("/account/calendars")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def make() -> Any:
    """Make a calendar of all one's groups or of one, or give it a new address; shown once."""
    chosen = request.form.get("group_id", "")
    group_id = ids.number(chosen)
    if chosen and group_id is None:
        raise NotFound
    token = calendars.create_calendar(viewer(), group_id)
    address = f"{request.host_url}calendars/{token}.ics"
    if responses.wants_json():
        return responses.done("", {"address": address}, 201)
    return _page(address), 201


@bp.post("/account/calendars/<private:calendar_id>/revoke")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def revoke(calendar_id: int) -> AnyResponse:
    """End a calendar of one's own."""
    calendars.revoke_calendar(viewer(), calendar_id)
    answer = {"id": private_ids.of(calendar_id)}
    said = _("Address stopped. It no longer works.")
    return responses.done("/account/calendars", answer, said=said)


@bp.get("/calendars/<token>.ics")
@rate_limits.limiter.limit(rate_limits.CALENDAR_FEEDS, key_func=lambda: ids.digest(request.path))
def read(token: str) -> Response:
    """Answer a calendar program, which has no cookie: the address alone says whose it is."""
    from forum.meetings.calendars import ics  # its library is large, and pages need it never

    feed = calendars.read_feed(token)
    written = ics.write_calendar(
        feed, site=current_app.config["SITE_NAME"], address=request.host_url
    )
    return Response(written, mimetype="text/calendar")


def _public(meeting: MeetingView) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "group": meeting.group_slug,
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "state": meeting.state,
        "reminds": meeting.reminds,
        "reminded": meeting.reminded,
    }


def _page(address: str = "") -> str:
    account_id = member_id(viewer())
    return render_template(
        "meetings/calendars.html",
        calendars=queries.calendars_of(account_id),
        groups=queries.groups_of(account_id),
        address=address,
    )
