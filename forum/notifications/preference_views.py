"""The HTTP door of notification preferences: one page, and a break from all of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.policy import member_id, person_id
from forum.accounts.view_helpers import show_or_submit
from forum.core import clock, time_zones, web_push
from forum.core.errors import Invalid, NotFound
from forum.core.translation import _, formats, lazy
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.groups.queries import group_for
from forum.notifications.channels import registry as channels
from forum.notifications.devices import queries as devices
from forum.notifications.notification_choices import (
    AT_ONCE,
    CHANNELS,
    DAILY,
    IN_APP,
    NEVER,
    WEEKLY,
)
from forum.notifications.outbox import contents
from forum.notifications.preferences import preferences_form, queries, service
from forum.notifications.preferences.models import ALL, MINE, NOTHING

PAGE = "/notifications/preferences"
TEMPLATE = "notifications/preferences.html"
FREQUENCY_LABELS = {
    AT_ONCE: lazy("At once"),
    DAILY: lazy("Daily"),
    WEEKLY: lazy("Weekly"),
    NEVER: lazy("Never"),
}
LIST_LABELS = {AT_ONCE: lazy("Show"), NEVER: lazy("Don't show")}
CHANNEL_LABELS = {"in_app": lazy("Here"), "email": lazy("Email"), "push": lazy("Push")}
WEEKDAYS = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)

WATCH_LABELS = {
    ALL: lazy("New threads, and replies in threads you follow"),
    MINE: lazy("Replies in threads you follow"),
    NOTHING: lazy("Nothing, except mentions and reminders you asked for"),
}

bp = Blueprint("notification_preferences", __name__)


@bp.route(PAGE, methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
@limiter.limit(
    rate_limits.CONFIRMING, methods=["POST"], exempt_when=lambda: "password" not in request.form
)
def preferences() -> Any:
    """Choose how often one is told of what and where, and when not."""
    me = viewer()
    if request.method == "GET" and responses.wants_json():
        return jsonify(_as_json())
    said = _("Preferences saved.")
    return show_or_submit(
        TEMPLATE,
        lambda: service.save(me, request.form),
        lambda _nothing: responses.done(PAGE, said=said),
        **_page(),
    )


@bp.post("/notifications/break")
@limiter.limit(rate_limits.SMALL_ACTS)
def take_break() -> Any:
    """Be told nothing until a day."""
    try:
        day = service.take_break(viewer(), request.form.get("break_until", ""))
    except Invalid as refusal:
        if responses.wants_json():
            raise
        return with_errors(refusal.fields), refusal.status
    said = _("You're taking a break until %(day)s.", day=formats.weekday(day))
    return responses.done(PAGE, {"until": day.isoformat()}, said=said)


@bp.post("/notifications/break/end")
@limiter.limit(rate_limits.SMALL_ACTS)
def end_break() -> Response:
    """Be told again as before."""
    service.end_break(viewer())
    return responses.done(PAGE, said=_("Welcome back. Everything is as it was before your break."))


@bp.route("/groups/<slug>/watching", methods=["GET", "POST"])
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def watching(slug: str) -> Any:
    """Choose of what in a group one is told."""
    me = viewer()
    member_id(me)
    group = group_for(me, slug)
    level = next((one.level for one in queries.watched_groups(me) if one.slug == slug), None)
    if level is None:
        raise NotFound
    if request.method == "GET" and responses.wants_json():
        return jsonify(level=level)
    return show_or_submit(
        "notifications/watching.html",
        lambda: service.watch_group(me, slug, request.form.get("level", "")),
        lambda _nothing: responses.done(f"/groups/{slug}", said=_("Preferences saved.")),
        group=group,
        levels=list(WATCH_LABELS.items()),
        values={"level": level},
    )


def with_errors(errors: Mapping[str, str]) -> str:
    """Return the page with what is wrong, by field; "" for the page as a whole."""
    return render_template(TEMPLATE, **_page(), errors=errors)


def _page() -> dict[str, Any]:
    me = viewer()
    settings = queries.settings_of(me)
    chosen = queries.chosen_by(me)
    reaching = channels.reaching(person_id(me))
    today = time_zones.day_at(clock.now(), settings.zone)
    return {
        "settings": settings,
        "break_ends": time_zones.day_at(settings.break_until, settings.zone)
        if settings.break_until
        else None,
        "first_day": (today + timedelta(days=1)).isoformat(),
        "last_day": (today + preferences_form.BREAK_AT_MOST).isoformat(),
        "choices": [one for one in queries.choices_of(me) if reaching or not one.outside_only],
        "columns": [name for name in CHANNELS if name == IN_APP or name in reaching],
        "out_of_reach": [one.name for one in channels.available() if one.name not in reaching],
        "devices": devices.devices_of(me),
        "push_key": web_push.public_key() if web_push.available() else "",
        "push_line": contents.neutral_subject(),
        "watched": queries.watched_groups(me),
        "watch_labels": WATCH_LABELS,
        "sends": bool(reaching),
        "channel_labels": CHANNEL_LABELS,
        "labels": lambda channel: LIST_LABELS if channel == IN_APP else FREQUENCY_LABELS,
        "field_of": preferences_form.field_of,
        "zones": [(zone, zone) for zone in time_zones.zones()],
        "weekdays": list(enumerate(WEEKDAYS)),
        "hours": [(hour, preferences_form.clock_of(hour * 60)) for hour in range(24)],
        "values": {
            **{preferences_form.field_of(*place): often for place, often in chosen.items()},
            "zone": settings.zone,
            "quiet_from": preferences_form.clock_of(settings.quiet_from),
            "quiet_until": preferences_form.clock_of(settings.quiet_until),
            "digest_day": settings.digest_day,
            "digest_hour": settings.digest_hour,
            "shows_details": "1" if settings.shows_details else "0",
        },
    }


def _as_json() -> dict[str, Any]:
    me = viewer()
    settings, chosen = queries.settings_of(me), queries.chosen_by(me)
    ends = settings.break_until if settings.on_break else None
    return {
        "break_until": ends.isoformat() if ends else None,
        "zone": settings.zone,
        "quiet_from": preferences_form.clock_of(settings.quiet_from) or None,
        "quiet_until": preferences_form.clock_of(settings.quiet_until) or None,
        "digest_day": settings.digest_day,
        "digest_hour": settings.digest_hour,
        "shows_details": settings.shows_details,
        "channels": [IN_APP, *sorted(channels.reaching(person_id(me)))],
        "choices": {
            choice.name: {channel: chosen[choice.name, channel] for channel in CHANNELS}
            for choice in queries.choices_of(me)
        },
    }
