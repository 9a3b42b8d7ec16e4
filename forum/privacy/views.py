"""The HTTP door of privacy."""

from typing import IO, Any

from flask import (
    Blueprint,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    session,
    stream_template,
)
from werkzeug.wrappers import Response

from forum.accounts import view_helpers
from forum.accounts.login.current_user import viewer
from forum.accounts.login.password_confirmation import confirmed
from forum.accounts.policy import person_id
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter
from forum.groups.membership import removals
from forum.privacy import download, service

bp = Blueprint("privacy", __name__)


@bp.get("/account/data")
def data() -> Any:
    """Explain what one can take along, and ask for the password."""
    person_id(viewer())
    return render_template("privacy/data.html", errors={})


@bp.post("/account/data/download")
@limiter.limit(rate_limits.PASSWORD_TRIES)
def take() -> Any:
    """Give everything held about a person to that person, as a zip."""
    return view_helpers.show_or_submit("privacy/data.html", _build, _send)


@bp.route("/account/erase", methods=["GET", "POST"])
@limiter.limit(rate_limits.PASSWORD_TRIES, methods=["POST"])
def erase() -> Any:
    """Ask what should happen to one's posts, and erase the account."""
    removed = removals.is_removed_somewhere(person_id(viewer()))
    return view_helpers.show_or_submit("privacy/erase.html", _erase, _erased, removed=removed)


@bp.get("/account/erased/<token>")
def erasing(token: str) -> Any:
    """Say how far an erasure is; the page reloads by itself until it is done."""
    progress = service.erasure_progress(token)
    if progress.ended:
        return redirect("/account/erased", 303)
    answer = make_response(render_template("privacy/erasing.html", progress=progress))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/account/erased")
def farewell() -> str:
    """Say goodbye after an account is erased."""
    return render_template("privacy/erased.html")


def _build() -> IO[bytes]:
    account_id, _kept = confirmed(viewer(), request.form.get("password", ""))
    return download.build(
        account_id, lambda sections: stream_template("privacy/everything.html", sections=sections)
    )


def _send(made: IO[bytes]) -> Response:
    return send_file(
        made, mimetype="application/zip", as_attachment=True, download_name="my-words.zip"
    )


def _erase() -> str:
    form = request.form
    return service.erase_myself(
        viewer(),
        posts=form.get("posts", ""),
        password=form.get("password", ""),
        confirmed=form.get("confirm", "") not in {"", "0", "false", "off"},
    )


def _erased(token: str) -> Response:
    session.clear()
    return responses.done(f"/account/erased/{token}")
