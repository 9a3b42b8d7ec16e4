"""The HTTP door of notifications."""

from dataclasses import asdict
from typing import Any, cast

from flask import Blueprint, Flask, g, jsonify, redirect, render_template, request
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from forum.accounts.login.current_user import viewer
from forum.core.errors import NotFound
from forum.core.translation import _
from forum.core.web import private_ids, responses
from forum.notifications import queries, service, unread_counts
from forum.notifications.unread_counts import Unread

bp = Blueprint("notifications", __name__)


def init(app: Flask) -> None:
    """Let templates show how much is unread, which is counted only where it is shown."""
    app.context_processor(
        lambda: {
            "notifications_unread": LocalProxy(_unread),
            "messages_unread": LocalProxy(lambda: _unread_counts().messages),
        }
    )


@bp.get("/notifications")
def index() -> Any:
    """Show what one was told."""
    me = viewer()
    lines, page, last = queries.page_of(me, responses.page_number(queries.MAX_PAGES))
    if responses.wants_json():
        return jsonify(notifications=[_public(line) for line in lines], unread=_unread())
    return render_template("notifications/list.html", lines=lines, page=page, last=last)


@bp.post("/notifications/read")
def read() -> Response:
    """Mark one line (`id`) or all as read."""
    asked = request.form.get("id", "")
    service.read(viewer(), _id(asked) if asked else None)
    said = _("Marked as read.") if asked else _("All notifications marked as read.")
    return responses.done("/notifications", said=said)


@bp.get("/notifications/<private:notification_id>")
def follow(notification_id: int) -> Response:
    """Mark a line as read and go to what it is about."""
    return redirect(service.read(viewer(), notification_id), 303)


@bp.get("/notifications/<private:notification_id>/open")
def open_from_outside(notification_id: int) -> Response:
    """Go to what a line is about, and leave it unread: an email leads here.

    It always asks for a login first. What everybody can read would otherwise open at once, with
    the name of its reader in it, to whoever sees the mailbox.
    """
    return redirect(service.address_of(viewer(), notification_id), 303)


def _id(given: str) -> int:
    asked = private_ids.id_of(given)
    if asked == private_ids.NOTHING:
        raise NotFound
    return asked


def _unread() -> int:
    return _unread_counts().lines


def _unread_counts() -> Unread:
    account_id = viewer().id
    if account_id is None:
        return Unread(0, 0)
    if "notifications_unread" not in g:
        g.notifications_unread = unread_counts.unread_counts(account_id)
    return cast("Unread", g.notifications_unread)


def _public(line: queries.NotificationView) -> dict[str, Any]:
    """Return what JSON tells of a line; not which row it is about, by which others' are counted."""
    told = {**asdict(line), "id": private_ids.of(line.id), "about": line.about}
    told["created_at"] = line.created_at.isoformat()
    del told["about_id"]
    moments = told.pop("moments")
    if moments:
        before = moments["before"]
        told["starts_at"] = moments["at"].isoformat()
        told["moved_from"] = before and before.isoformat()
    return told
