"""The HTTP door of meetings before and after their room is open."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.core.web.templating.template_helpers import iso
from forum.groups import queries as group_queries
from forum.meetings.schedule import facilitators, queries, reminders
from forum.meetings.schedule import service as scheduling
from forum.meetings.schedule.queries import MeetingView

bp = Blueprint("meetings", __name__)
NO = {"", "0", "off", "no", "false"}
LISTS = {"/", "/calendar"}  # where a reminder may be set, besides the page of the meeting


@bp.get("/groups/<slug>/meetings")
def list_meetings(slug: str) -> Any:
    """List the group's meetings: open now, coming, past; for its members."""
    me, group = viewer(), group_queries.group_for(viewer(), slug)
    queries.require_member(me, group)
    lists = {
        "now": queries.open_meetings(me, group),
        "coming": queries.upcoming_meetings(me, group),
        "past": queries.past_meetings(me, group),
    }
    if responses.wants_json():
        return jsonify({name: [_public(one) for one in found] for name, found in lists.items()})
    return render_template("meetings/list.html", group=group, **lists)


@bp.get("/meetings/<int:meeting_id>")
def meeting(meeting_id: int) -> Any:
    """Show a meeting; one whose room is open leads there."""
    found = queries.meeting_for(viewer(), meeting_id)
    if responses.wants_json():
        return jsonify(_public(found))
    if found.is_open:
        return redirect(f"/meetings/{meeting_id}/room", 303)
    team = facilitators.handles_of_meeting(meeting_id) if found.moderates else []
    return render_template("meetings/detail.html", meeting=found, facilitators=team)


@bp.post("/meetings/<int:meeting_id>/remind")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def set_reminder(meeting_id: int) -> Response:
    """Ask to be reminded (`on=1`), or no longer (`on=0`)."""
    on = request.form.get("on", "1").lower() not in NO
    reminders.set_reminder(viewer(), meeting_id, on=on)
    place = request.form.get("place", "")
    return responses.done(
        place if place in LISTS else f"/meetings/{meeting_id}",
        {"id": meeting_id, "reminds": on},
        said=_("We'll remind you.") if on else _("We won't remind you."),
        undo=Undo(f"/meetings/{meeting_id}/remind", {"on": "0" if on else "1"}),
    )


@bp.get("/meetings/<int:meeting_id>/cancel")
def confirm_cancel(meeting_id: int) -> str:
    """Ask whether this meeting, or all of its series, shall be cancelled."""
    found = queries.meeting_for(viewer(), meeting_id)
    queries.require_planner(group_queries.group_by_id(viewer(), found.group_id))
    return render_template("meetings/cancel.html", meeting=found)


@bp.post("/meetings/<int:meeting_id>/cancel")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def cancel(meeting_id: int) -> Response:
    """Cancel one meeting."""
    scheduling.cancel_meeting(viewer(), meeting_id)
    answer = {"id": meeting_id, "state": "cancelled"}
    return responses.done(f"/meetings/{meeting_id}", answer, said=_("Meeting cancelled."))


def _public(one: MeetingView) -> dict[str, Any]:
    return {
        "id": one.id,
        "group": one.group_slug,
        "series_id": one.series_id,
        "title": one.title,
        "agenda_html": str(one.agenda_html),
        "starts_at": iso(one.starts_at),
        "ends_at": iso(one.ends_at),
        "zone": one.zone,
        "leader_kind": one.leader_kind,
        "state": one.state,
        "reminds": one.reminds,
        "reminds_always": one.reminds_always,
        "reminded": one.reminded,
        "needs_cover": one.needs_cover,
    }
