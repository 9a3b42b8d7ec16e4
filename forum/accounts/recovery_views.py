"""Back into an account without its password: by a recovery code, or by mail."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from forum.accounts import queries, service, view_helpers
from forum.accounts.identity import emails, stopped_mailboxes
from forum.accounts.login import attempts
from forum.accounts.login.current_user import viewer
from forum.accounts.recovery import password_resets
from forum.core import mail
from forum.core.background import periodic
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.translation.languages import current, in_language
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter

LOOPBACK = {"localhost", "127.0.0.1", "::1"}

bp = Blueprint("account_recovery", __name__)


@bp.record_once
def init(state: BlueprintSetupState) -> None:
    """Let pages ask whether a link for a new password can be sent, before they promise one."""
    state.app.jinja_env.globals["links_by_mail"] = lambda: _origin() is not None


@bp.route("/recover", methods=["GET", "POST"])
@view_helpers.limit_login_attempts
def recover() -> Any:
    """Set a new password with a recovery code."""
    if viewer().id is not None:
        return view_helpers.redirect_home()
    return view_helpers.show_or_submit("accounts/recovery/recover.html", _recover, _back_in)


@bp.route("/forgot", methods=["GET", "POST"])
@view_helpers.limit_login_attempts
@limiter.limit(
    rate_limits.RESET_MAILS,
    key_func=lambda: emails.mailbox(emails.plain(request.form.get("email", ""))),
    methods=["POST"],
)
def forgot() -> Any:
    """Send a link for a new password, if there is an account with this address."""
    return view_helpers.show_or_submit(
        "accounts/recovery/forgot.html", _ask, _asked, available=_origin() is not None
    )


@bp.route("/reset/<token>", methods=["GET", "POST"])
@view_helpers.limit_login_attempts
def reset(token: str) -> Any:
    """Set a new password through a mailed link."""
    known = queries.reset_of(token)
    return view_helpers.show_or_submit(
        "accounts/recovery/reset.html",
        lambda: service.reset_password(token, request.form.get("password", "")),
        _back_in,
        handle=known.handle,
        first="first" in request.args,
    )


def _recover() -> int:
    form = request.form
    attempts.count_attempt(form.get("handle", ""))
    return service.recover(form.get("handle", ""), form.get("code", ""), form.get("password", ""))


def _back_in(account_id: int) -> Response:
    view_helpers.start_browser_session(
        service.open_session(account_id, device=view_helpers.device())
    )
    return responses.done("/account", said=view_helpers.NEW_PASSWORD)


def _ask() -> None:
    email, origin = request.form.get("email", ""), _origin()
    if origin is None:
        raise Invalid(
            _("This forum doesn't send email. Use a recovery code instead."), code="no_mail"
        )
    if emails.checked(email) is None:
        raise Invalid(fields={"email": _("Enter the email address of your account.")})
    site = current_app.config["SITE_NAME"]
    # The answer must not tell, by its time either, whether the address is known.
    language = current()  # of who asks, and will read it
    periodic.soon(0, object(), in_language(language, lambda: _send(email, origin, site)))


def _asked(_nothing: None) -> Any:
    if responses.wants_json():
        return responses.done("/forgot")
    return render_template("accounts/recovery/reset_link_sent.html")


def _send(email: str, origin: str, site: str) -> None:
    if stopped_mailboxes.is_stopped(emails.plain(email)):
        return
    links = [f"{origin}/reset/{token}" for token in service.request_password_reset(email)]
    if links:
        mail.send(emails.plain(email), *password_resets.letter(site, links))


def _origin() -> str | None:
    """Return the forum's address for links in mails; None when none can be sent.

    Anyone can send any Host header, and the mail would take it to somebody else.
    """
    if not mail.available():
        return None
    origins: tuple[str, ...] = current_app.extensions["forum.settings.environment"].origins
    if origins:
        return origins[0]
    here = request.host_url.rstrip("/")
    return here if urlsplit(here).hostname in LOOPBACK else None
