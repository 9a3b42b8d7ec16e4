"""The page behind the link in each mail: it asks, and stops what is wanted. No login needed."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from forum.core.errors import Gone
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.forms import csrf
from forum.core.web.rate_limits import limiter
from forum.notifications.preferences import unsubscribe

bp = Blueprint("unsubscribe", __name__)
ONE_CLICK = "List-Unsubscribe"  # what mail programs send, by RFC 8058; they follow no redirect


@bp.get("/unsubscribe/<token>")
def ask(token: str) -> Any:
    """Ask which emails are to stop; nothing has changed yet, as programs open links, too."""
    leaving = unsubscribe.asked_by(token)
    return render_template("notifications/unsubscribe.html", leaving=leaving, token=token)


@bp.post("/unsubscribe/<token>")
@csrf.without_token  # a mail program has none; the token in the address does this and no more
@limiter.limit(rate_limits.SMALL_ACTS, methods=["POST"])
def stop(token: str) -> Any:
    """Stop all emails, or only those of this kind.

    One click of a mail program leaves what presses.
    """
    leaving = unsubscribe.asked_by(token)
    if ONE_CLICK in request.form:
        unsubscribe.stop_ordinary(leaving)
        return Response(status=200)
    only = request.form.get("only")
    if only is not None:
        if only != leaving.choice:
            raise Gone(unsubscribe.OLD)
        unsubscribe.stop_kind(leaving)
        said = _("You won't get these emails any more.")
    else:
        unsubscribe.stop_all(leaving)
        said = _("You won't get any more emails about notifications.")
    if responses.wants_json():
        return responses.done(f"/unsubscribe/{token}", said=said)
    return render_template("notifications/unsubscribed.html", said=said)
