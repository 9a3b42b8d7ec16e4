"""What keeps an account one's own: password, recovery codes, and where one is logged in."""

from typing import Any

from flask import Blueprint, jsonify, render_template, request, session
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from forum.accounts import queries, service, view_helpers
from forum.accounts.login import current_user, session_queries
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import person_id
from forum.core.translation import _
from forum.core.web import paging, private_ids, rate_limits, responses
from forum.core.web.rate_limits import limiter

MAX_SHOWN = 200

bp = Blueprint("account_sessions", __name__)


@bp.route("/account/password", methods=["GET", "POST"])
@limiter.limit(rate_limits.CONFIRMING, methods=["POST"])
def password() -> Any:
    """Change one's password; everywhere else one is logged out."""
    mine = queries.own_account(viewer())
    return view_helpers.show_or_submit(
        "accounts/login/password.html",
        lambda: service.change_password(
            viewer(), request.form.get("current", ""), request.form.get("new", "")
        ),
        _changed,
        mine=mine,
    )


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@limiter.limit(rate_limits.CONFIRMING, methods=["POST"])
def recovery_codes() -> Any:
    """Get a new set of recovery codes; the old ones stop working."""
    mine = queries.own_account(viewer())
    return view_helpers.show_or_submit(
        "accounts/recovery/new_recovery_codes.html",
        lambda: service.new_recovery_codes(viewer(), request.form.get("password", "")),
        _show_codes,
        mine=mine,
        again="again" in request.args,
    )


@bp.get("/session")
def session_now() -> Response:
    """Tell this browser's own scripts who is logged in now, and the token for forms."""
    account = current_user.page_account()
    return jsonify(
        account=account, csrf_token=generate_csrf(), message=str(current_user.OTHER_ACCOUNT)
    )


@bp.get("/account/sessions")
def sessions() -> Any:
    """Show where one is logged in."""
    me = viewer()
    last = paging.pages(session_queries.count_sessions(me))
    page = responses.page_number(last)
    found = session_queries.sessions_of(me, page)
    if responses.wants_json():
        return jsonify(
            sessions=[_as_json(row, me.session_id) for row in found],
            page=page,
            pages=last,
        )
    return render_template(
        "accounts/login/sessions.html", sessions=found, current=me.session_id, page=page, last=last
    )


@bp.get("/account/security")
def security() -> Any:
    """Show logins, refused ones, and changes of what protects one's account."""
    found = session_queries.security_events_of(viewer(), MAX_SHOWN)
    if responses.wants_json():
        return jsonify(events=[row._asdict() for row in found])
    return render_template("accounts/login/security.html", events=found)


@bp.post("/account/sessions/<private:session_id>/end")
def end_session(session_id: int) -> Response:
    """End one session."""
    me = viewer()
    service.end_session(me, session_id)
    if session_id == me.session_id:
        session.clear()
        return responses.done("/", said=view_helpers.LOGGED_OUT)
    return responses.done("/account/sessions", said=_("Logged out there."))


@bp.post("/account/sessions/end-others")
def end_other_sessions() -> Response:
    """End all sessions but this one."""
    service.end_other_sessions(viewer())
    return responses.done("/account", said=_("Logged out everywhere else."))


@bp.post("/account/sessions/end-all")
def end_all_sessions() -> Response:
    """End all sessions, this one too."""
    person_id(viewer())
    service.end_all_sessions(viewer())
    session.clear()
    return responses.done("/", said=_("You're logged out everywhere."))


def _as_json(row: Any, current_id: int | None) -> dict[str, Any]:
    is_current = row.id == current_id
    return {**row._asdict(), "id": private_ids.of(row.id), "current": is_current}


def _changed(token: str) -> Response:
    view_helpers.start_browser_session(token)
    return responses.done("/account", said=view_helpers.NEW_PASSWORD)


def _show_codes(codes: tuple[str, ...]) -> Any:
    if responses.wants_json():
        return jsonify(recovery_codes=codes), 201
    return render_template(
        "accounts/recovery/recovery_codes.html", codes=codes, welcome=False, onward="/account"
    ), 201
