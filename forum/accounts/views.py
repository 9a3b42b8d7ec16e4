"""The HTTP door of accounts: signing up, logging in and out."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, session
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from forum.accounts import service, view_helpers
from forum.accounts.credentials import OwnPasswordNeeded
from forum.accounts.email_delivery import email_letters
from forum.accounts.identity import public_ids, verified_emails
from forum.accounts.login import attempts, devices
from forum.accounts.login.current_user import viewer
from forum.accounts.service import NewAccount
from forum.core import mail
from forum.core.errors import TooMany
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter

bp = Blueprint("accounts", __name__)


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit(
    rate_limits.SIGN_UP,
    key_func=rate_limits.household,
    methods=["POST"],
    # A refused address counts as an account would: asking for many costs as much.
    deduct_when=lambda answer: answer.status_code in {201, 403},
)
@limiter.limit(rate_limits.LOGIN, methods=["POST"])
def register() -> Any:
    """Make an account, log in, and show the recovery codes this once."""
    if viewer().id is not None:
        return _sent_again() if request.method == "POST" else view_helpers.redirect_home()
    return view_helpers.show_or_submit(
        "accounts/register.html", _sign_up, _signed_up, next=view_helpers.next_address("")
    )


@bp.route("/login", methods=["GET", "POST"])
@view_helpers.limit_login_attempts
def login() -> Any:
    """Log in with handle and password."""
    if viewer().id is not None:
        return view_helpers.redirect_home()
    return view_helpers.show_or_submit(
        "accounts/login/login.html", _log_in, _logged_in, next=view_helpers.next_address("")
    )


@bp.post("/logout")
def logout() -> Response:
    """End this session, and forget everything about it in the browser."""
    service.log_out(viewer())
    session.clear()
    return responses.done("/", said=view_helpers.LOGGED_OUT)


@bp.errorhandler(CSRFError)
def csrf_expired(error: CSRFError) -> Any:
    """Lead somebody whose browser loads the page with the codes again to where new ones are."""
    if request.endpoint == "accounts.register" and viewer().id is not None:
        return _sent_again()
    return responses.csrf_failed(error)


@bp.errorhandler(TooMany)
@bp.errorhandler(RateLimitExceeded)
def pause(error: TooMany | RateLimitExceeded) -> Any:
    """Ask for patience; who tries to log in keeps the handle, and hears of recovery codes."""
    if request.endpoint != "accounts.login" or responses.wants_json():
        return (
            responses.refused(error) if isinstance(error, TooMany) else responses.http_error(error)
        )
    page = render_template(
        "accounts/login/login.html",
        values=request.form,
        errors={},
        next=view_helpers.next_address(""),
        pause=responses.CALM[429][2],
    )
    return page, 429


@bp.errorhandler(OwnPasswordNeeded)
def choose_own_password(needed: OwnPasswordNeeded) -> Any:
    """Lead somebody with a password that was made for them to where they choose their own."""
    place = f"/reset/{needed.token}?first"
    if responses.wants_json():
        return jsonify(error=needed.as_dict(), choose_at=place), needed.status
    return redirect(place, 303)


def _sent_again() -> Response:
    return redirect("/account/recovery-codes?again=1", 303)


def _sign_up() -> NewAccount:
    form = request.form
    return service.sign_up(
        form.get("handle", ""),
        form.get("password", ""),
        email=form.get("email", ""),
        accept_guidelines=form.get("accept_guidelines", "") not in {"", "0", "false", "off"},
        has_been_used_here=devices.used_here(),
    )


def _signed_up(new: NewAccount) -> Any:
    view_helpers.start_browser_session(
        service.open_session(new.account_id, device=view_helpers.device())
    )
    link_sent = mail.sends_links() and verified_emails.state_of(viewer()) is not None
    if link_sent:
        email_letters.send_link(viewer())
    if responses.wants_json():
        return jsonify(
            id=public_ids.of(new.account_id),
            handle=viewer().handle,
            recovery_codes=new.recovery_codes,
        ), 201
    return render_template(
        "accounts/recovery/recovery_codes.html",
        codes=new.recovery_codes,
        welcome=True,
        link_sent=link_sent,
        onward=view_helpers.next_address(),
    ), 201


def _log_in() -> str:
    attempts.count_attempt(request.form.get("handle", ""))
    return service.log_in(
        request.form.get("handle", ""),
        request.form.get("password", ""),
        device=view_helpers.device(),
    )


def _logged_in(token: str) -> Response:
    view_helpers.start_browser_session(token)
    place = "/account" if viewer().suspended else view_helpers.next_address()
    return responses.done(place, said=_("You're logged in as %(name)s.", name=viewer().handle))
