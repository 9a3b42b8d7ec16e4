"""One's email address: changing and confirming it, and whether notifications go there."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from forum.accounts import queries, service, view_helpers
from forum.accounts.email_delivery import email_letters, switched_off_emails
from forum.accounts.identity import emails, verified_emails
from forum.accounts.login.current_user import viewer
from forum.accounts.policy import person_id
from forum.core import mail
from forum.core.errors import Invalid
from forum.core.translation import _
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter

bp = Blueprint("account_email", __name__)
PLACE = "/account/email"


@bp.route(PLACE, methods=["GET", "POST"])
@limiter.limit(rate_limits.CONFIRMING, methods=["POST"])
@limiter.limit(
    rate_limits.REFUSED_ADDRESSES,
    methods=["POST"],
    deduct_when=lambda answer: answer.status_code == 403,
)
def email() -> Any:
    """Add, change or remove one's email address."""
    mine = queries.own_account(viewer())
    return view_helpers.show_or_submit(
        "accounts/profile/email.html",
        _change,
        _saved,
        mine=mine,
        state=verified_emails.state_of(viewer()),
        notifies=mail.sends_links(),
        values={"email": mine.email or ""},
    )


@bp.post("/account/email/link")
@limiter.limit(rate_limits.SMALL_ACTS)
def send_link() -> Response:
    """Send the link that confirms one's address to it."""
    person_id(viewer())
    if not mail.sends_links():
        raise Invalid(_("This forum doesn't send notifications by email."), code="no_mail")
    email_letters.send_link(viewer())
    return responses.done(PLACE, said=_("We've sent you a link. Open it to confirm your address."))


@bp.route("/account/email/notifications", methods=["GET", "POST"])
@limiter.limit(rate_limits.CONFIRMING, methods=["POST"])
def switch() -> Any:
    """Let emails come to one's confirmed address again, or, with the password, no longer."""
    person_id(viewer())
    if request.form.get("on", "") == "1":
        switched_off_emails.turn_on_own(viewer())
        return responses.done(PLACE, said=_("Emails turned on."))
    return view_helpers.show_or_submit(
        "accounts/profile/stop_emails.html",
        lambda: switched_off_emails.stop_own(viewer(), request.form.get("password", "")),
        lambda _nothing: responses.done(PLACE, said=_("Emails about notifications stopped.")),
    )


@bp.get("/account/email/confirm/<token>")
def ask(token: str) -> Any:
    """Ask whether the address is one's own; programs open links, too, so this changes nothing."""
    verified_emails.account_of(token)
    return render_template("accounts/profile/confirm_email.html", token=token)


@bp.post("/account/email/confirm/<token>")
@limiter.limit(rate_limits.SMALL_ACTS)
def confirm(token: str) -> Response:
    """Take the address for confirmed. It needs no login: the mail may be read elsewhere."""
    verified_emails.verify(token)
    place = "/" if viewer().id is None else PLACE
    return responses.done(place, said=_("Thank you. Your email address is confirmed."))


def _change() -> None:
    address = request.form.get("email", "")
    former = email_letters.to_former_address(viewer()) if mail.sends_links() else None
    service.change_email(viewer(), address, request.form.get("password", ""))
    if former and former.to != emails.plain(address):
        email_letters.post_soon(former)


def _saved(_nothing: None) -> Response:
    said = _("Email address saved.")
    state = verified_emails.state_of(viewer())
    if state and not state.verified and mail.sends_links():
        email_letters.send_link(viewer())
        said = _("Email address saved. We've sent a link to it. Open it to confirm the address.")
    return responses.done("/account", said=said)
