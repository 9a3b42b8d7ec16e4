"""The HTTP door to planning meetings."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core import time_zones
from forum.core.errors import Conflict, Invalid, NotFound
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.confirmations import Undo
from forum.groups import queries as group_queries
from forum.groups.queries import GroupView
from forum.meetings.models import Series
from forum.meetings.schedule import facilitators, queries, reminders, schedule_form
from forum.meetings.schedule import service as scheduling
from forum.meetings.schedule.views import NO

bp = Blueprint("schedules", __name__)


@bp.get("/groups/<slug>/meetings/new")
def new(slug: str) -> str:
    """Show the form to plan a meeting, to the group's moderators."""
    group = _require_planned_group(slug)
    return _render_form(group, schedule_form.DEFAULTS | {"leader_kind": group.leader_kind})


@bp.post("/groups/<slug>/meetings/new")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def create(slug: str) -> Response | tuple[str, int]:
    """Plan a meeting."""
    group = group_queries.group_for(viewer(), slug)
    try:
        series_id = scheduling.schedule_series(viewer(), group.id, request.form, _named() or ())
    except Invalid as refusal:
        if responses.wants_json():
            raise
        page = _render_form(group, request.form, _named() or (), errors=refusal.fields)
        return page, refusal.status
    return responses.done(
        f"/groups/{slug}/meetings", {"id": series_id}, 201, said=_("Meeting planned.")
    )


@bp.get("/meeting-series/<int:series_id>/edit")
def edit(series_id: int) -> str:
    """Show the form to change a series."""
    group, series = _require_planned_series(series_id)
    if series.cancelled_at is not None:
        raise Conflict(_("This series was cancelled. You can plan a new one."))
    values = schedule_form.form_values_of(series, queries.next_start(series))
    named = facilitators.handles_of_series(series_id)
    return _render_form(group, values, named, series=series)


@bp.post("/meeting-series/<int:series_id>/edit")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def change(series_id: int) -> Response | tuple[str, int]:
    """Change a series and its meetings to come."""
    group, series = _require_planned_series(series_id)
    named = _named()
    try:
        scheduling.edit_series(viewer(), series_id, request.form, named)
    except Invalid as refusal:
        if responses.wants_json():
            raise
        page = _render_form(group, request.form, named or (), errors=refusal.fields, series=series)
        return page, refusal.status
    return responses.done(
        f"/groups/{group.slug}/meetings", {"id": series_id}, said=_("Changes saved.")
    )


@bp.post("/meeting-series/<int:series_id>/remind")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def set_reminder(series_id: int) -> Response:
    """Ask to be reminded of every meeting of a series (`on=1`), or no longer (`on=0`)."""
    me, on = viewer(), request.form.get("on", "1").lower() not in NO
    reminders.set_series_reminder(me, series_id, on=on)
    meeting_id = queries.meeting_in_series(me, series_id, request.form.get("meeting", ""))
    group = group_queries.group_by_id(me, queries.series_by_id(series_id).group_id)
    return responses.done(
        f"/meetings/{meeting_id}" if meeting_id else f"/groups/{group.slug}/meetings",
        {"id": series_id, "reminds": on},
        said=_("We'll remind you of every meeting.")
        if on
        else _("We won't remind you of every meeting."),
        undo=Undo(f"/meeting-series/{series_id}/remind", {"on": "0" if on else "1"}),
    )


@bp.post("/meeting-series/<int:series_id>/cancel")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def cancel(series_id: int) -> Response:
    """Cancel a series with all its meetings to come."""
    group, _series = _require_planned_series(series_id)
    scheduling.cancel_series(viewer(), series_id)
    answer = {"id": series_id, "state": "cancelled"}
    place = f"/groups/{group.slug}/meetings"
    return responses.done(place, answer, said=_("Series cancelled."))


def _named() -> list[str] | None:
    """Return whom a form names, None for one that does not ask: ours begins with an empty name."""
    given = request.form.getlist(facilitators.FIELD)
    return [handle for handle in given if handle] if given else None


def _require_planned_group(slug: str) -> GroupView:
    group = group_queries.group_for(viewer(), slug)
    queries.require_planner(group)
    return group


def _require_planned_series(series_id: int) -> tuple[GroupView, Series]:
    series = queries.series_by_id(series_id)
    group = group_queries.group_by_id(viewer(), series.group_id)
    if not (group.belongs or group.moderates):
        raise NotFound
    queries.require_planner(group)
    return group, series


def _render_form(
    group: GroupView,
    values: Any,
    named: Collection[str] = (),
    *,
    errors: dict[str, str] | None = None,
    series: Series | None = None,
) -> str:
    planner = series.by_id if series else viewer().id
    return render_template(
        "meetings/schedule.html",
        group=group,
        values={**schedule_form.DEFAULTS, **values},
        errors=errors or {},
        series_id=series.id if series else None,
        zones=time_zones.zones(),
        team=facilitators.handles_of_team(group.id, planner),
        named=named,
        shown=schedule_form.edit_version(series) if series else "",
    )
