"""The HTTP door of the rota: hours on duty, notes for the next one, and a break."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.login.current_user import viewer
from forum.core import clock, ids, time_zones
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.moderation.on_call import moderator_wellbeing, rota

bp = Blueprint("rota", __name__)
SITE = "site"


@bp.get("/moderation/rota")
def index() -> str:
    """Show who is on duty, and when."""
    return _page()


@bp.post("/moderation/rota")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def take_shift() -> Any:
    """Put oneself on the rota."""
    form = request.form
    try:
        shift_id = rota.take_shift(
            viewer(),
            _group(form.get("group_id", "")),
            _moment(form.get("starts_at", ""), form.get("zone", "") or "UTC"),
            _hours(form.get("hours", "")),
            form.get("note", ""),
        )
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return _page(refusal.fields), refusal.status
    return responses.done("/moderation/rota", {"id": shift_id}, 201, said=_("Shift added."))


@bp.post("/moderation/rota/<int:shift_id>/note")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def leave_note(shift_id: int) -> AnyResponse:
    """Leave a note for the next shift."""
    rota.leave_note(viewer(), shift_id, request.form.get("note", ""))
    return responses.done("/moderation/rota", {"id": shift_id}, said=_("Note saved."))


@bp.post("/moderation/rota/<int:shift_id>/remove")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def remove_shift(shift_id: int) -> AnyResponse:
    """Take one's own hours off the rota."""
    rota.remove_shift(viewer(), shift_id)
    answer = {"id": shift_id, "status": "removed"}
    return responses.done("/moderation/rota", answer, said=_("Shift removed."))


@bp.route("/moderation/break", methods=["GET", "POST"])
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def take_break() -> Any:
    """Pass on all that one has claimed, and go off duty."""
    rota.require_moderator(viewer())
    if request.method == "GET":
        return render_template("moderation/on_call/break.html", passed_on=None)
    passed_on = rota.take_break(viewer())
    if responses.wants_json():
        return {"passed_on": passed_on}
    return render_template("moderation/on_call/break.html", passed_on=passed_on)


def _page(errors: dict[str, str] | None = None) -> str:
    me = viewer()
    shifts = rota.shifts_for(me)
    places = [(str(group_id), name) for group_id, name in rota.moderated_groups(me)]
    if me.is_administrator:
        places.insert(0, (SITE, _("The whole site")))
    return render_template(
        "moderation/on_call/on_call.html",
        shifts=shifts,
        places=places,
        exposure=moderator_wellbeing.recent_exposure(me),
        zones=[(zone, zone) for zone in time_zones.zones()],
        now=clock.now().strftime("%Y-%m-%dT%H:%M"),
        values=request.form,
        errors=errors or {},
    )


def _group(given: str) -> int | None:
    if given == SITE:
        return None
    return ids.number(given) or 0


def _moment(given: str, zone: str) -> datetime:
    """Return the moment that somebody means by an hour in their zone. Raises Invalid."""
    if not given.strip():
        return clock.now()
    try:
        moment = datetime.fromisoformat(given.strip())
    except ValueError as wrong:
        raise Invalid(fields={"starts_at": _("Enter a date and a time.")}) from wrong
    if zone not in time_zones.zones():
        raise Invalid(fields={"zone": _("Choose a time zone.")})
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _hours(given: str) -> int:
    return ids.number(given, 999) or 0
