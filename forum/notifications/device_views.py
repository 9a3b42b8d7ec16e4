"""The HTTP door of devices that take push messages. Scripts of the preferences page add them."""

from typing import Any

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.accounts.view_helpers import device
from forum.core import web_push
from forum.core.errors import Busy, Gone
from forum.core.translation import _
from forum.core.web import private_ids, rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.notifications import preference_views
from forum.notifications.devices import queries, service
from forum.notifications.devices.queries import DeviceView
from forum.notifications.outbox import contents

LIST = f"{preference_views.PAGE}#devices"

bp = Blueprint("devices", __name__)


@bp.get("/notifications/devices")
def devices() -> Any:
    """List one's devices; people see them among their preferences."""
    found = queries.devices_of(viewer())
    if responses.wants_json():
        return jsonify(
            devices=[_public(one) for one in found],
            key=web_push.public_key() if web_push.available() else None,
        )
    return redirect(LIST, 303)


@bp.post("/notifications/devices")
@limiter.limit(rate_limits.SMALL_ACTS)
def add() -> Any:
    """Send push messages to the browser that asks."""
    endpoint, p256dh, auth = (request.form.get(name, "") for name in service.FIELDS)
    added = service.add(viewer(), endpoint, p256dh, auth, device())
    return responses.done(
        LIST,
        {"id": private_ids.of(added)},
        201,
        said=_("Push messages are on for this device."),
    )


@bp.get("/notifications/devices/<private:device_id>")
def one(device_id: int) -> Any:
    """Say that a device is one's own: its browser asks before it shows anything."""
    found = queries.device_of(viewer(), device_id)
    return jsonify(_public(found)) if responses.wants_json() else redirect(LIST, 303)


@bp.post("/notifications/devices/<private:device_id>/remove")
@limiter.limit(rate_limits.SMALL_ACTS)
def remove(device_id: int) -> Response:
    """Send nothing more to a device."""
    service.remove(viewer(), device_id)
    return responses.done(LIST, said=_("Device removed. It gets no more push messages."))


@bp.post("/notifications/devices/<private:device_id>/test")
@limiter.limit(rate_limits.PUSH_TESTS)
def test(device_id: int) -> Any:
    """Send a device what any message looks like."""
    try:
        service.send_test(viewer(), device_id, contents.neutral_subject())
    except (Busy, Gone) as refusal:
        if responses.wants_json():
            raise
        return preference_views.with_errors({"": refusal.message}), refusal.status
    return responses.done(LIST, said=_("Test sent. It should appear within a minute."))


def _public(found: DeviceView) -> dict[str, Any]:
    return {
        "id": private_ids.of(found.id),
        "name": found.name,
        "created_at": found.created_at.isoformat(),
        "here": found.here,
    }
