"""What every HTTP answer has in common: errors, headers, JSON or page, pages of a list."""

import re
import secrets
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, current_app, jsonify, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter
from werkzeug.wrappers import Response as AnyResponse

from forum.core import db, ids
from forum.core.db import database_errors
from forum.core.errors import Busy, LoginNeeded, Refusal, Unavailable
from forum.core.translation import _, lazy
from forum.core.web import confirmations, security_headers
from forum.core.web.confirmations import Undo

log = structlog.get_logger()
CALM = {
    400: (
        "bad_request",
        lazy("Something was missing"),
        lazy("Please go back and try once more."),
    ),
    404: (
        "not_found",
        lazy("Page not found"),
        lazy("This page doesn't exist, or you can't see it."),
    ),
    405: (
        "bad_method",
        lazy("That isn't possible here"),
        lazy("Please go back and use the buttons on the page."),
    ),
    413: (
        "too_large",
        lazy("That was too long to send"),
        lazy(
            "This is too long to send at once, so it hasn't been saved. Go back: your words should "
            "still be there. You can send them in two or more posts."
        ),
    ),
    414: (
        "too_large",
        lazy("That address is too long"),
        lazy("Please go back and try something shorter."),
    ),
    431: (
        "too_large",
        lazy("That request was too long"),
        lazy("Please clear this site's cookies in your browser settings, then try again."),
    ),
    429: (
        "too_many",
        lazy("Please wait a moment"),
        lazy(
            "We limit how much can be sent at once. Please wait a few minutes, then try again. If "
            "you need someone now, “Get help now” is always open to you."
        ),
    ),
}
TITLES = {
    401: lazy("Please log in"),
    403: lazy("No access"),
    404: lazy("Page not found"),
    409: lazy("This has changed"),
    429: lazy("Please wait a moment"),
    503: lazy("Not possible just now"),
}
DID_NOT_WORK = lazy("That didn't work")
LOGIN_WORDS = lazy(
    "This page is for members. To create an account, you only need a username and a password."
)
PLACE = re.compile(r"/(?:threads|groups|posts)/[^/]+")
# Fields in which people write more than a word; what they hold is given back with a refusal.
WRITTEN = (
    "title",
    "body",
    "content_note",
    "reason",
    "message",
    "words",
    "private_note",
    "note",
    "resolution",
    "answer",
    "reasons",
    "why",
    "about",
    "description",
    "guidelines",
    "welcome",
    "agenda",
    "greeting",
    "left_out",
    "document",
    "value",
    "name",
    "topic",
    "run_by",
    "ethics",
    "contact",
    "made_by",
    "recipient",
    "danger_watch",
)


class Id(IntegerConverter):
    """`<int:...>` in an address: a number that fits into a column; any other is not found."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": ids.ROW_MAX, **options})


class Word(UnicodeConverter):
    """`<...>` in an address: one without a NUL, which PostgreSQL takes in no text."""

    def to_python(self, value: str) -> str:
        if "\0" in value:
            raise NotFound  # a ValidationError would be "method not allowed" for some methods
        return value


def init(app: Flask) -> None:
    """Register ids and words in addresses, error pages, headers, and the end of reading."""
    app.url_map.converters.update(int=Id, default=Word)
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, csrf_failed)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, _fault)
    app.before_request(_no_nul)
    app.after_request(security_headers.add)
    app.teardown_request(lambda _error: db.release_session())
    confirmations.init(app)
    app.jinja_env.globals.update(nonce=security_headers.nonce, and_back=and_back)


def _no_nul() -> None:
    """Find nothing at an address with a NUL, which PostgreSQL takes in no text."""
    if b"%00" in request.query_string:
        raise NotFound


def wants_json() -> bool:
    """Whether the client prefers JSON to a page."""
    if request.headers.get("Accept") == "application/json":
        return True  # as our own scripts ask; to weigh alternatives takes longer
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def done(
    location: str,
    payload: dict[str, Any] | None = None,
    status: int = 200,
    *,
    said: str = "",
    undo: Undo | None = None,
) -> AnyResponse:
    """Answer a write: JSON to programs, a redirect to its place for people.

    `said` tells either of them what was done, in a sentence; `undo` takes it back.
    """
    if wants_json():
        told = confirmations.as_json(str(said), undo) if said else {}
        answer = jsonify({**(payload or {"ok": True}), **told})
        answer.status_code = status
        return answer
    if said:
        confirmations.keep(str(said), undo)
    return redirect(location, 303)


def page_number(last: int | None = None) -> int:
    """Return ?page=N, at least 1 and at most `last`; nonsense is page 1."""
    page = ids.number(request.args.get("page", "1")) or 1
    return max(1, min(page, last or page))


def refused(refusal: Refusal) -> Any:
    """Turn a Refusal into JSON or a calm page; the words that were sent are on it."""
    headers = later(refusal)
    if wants_json():
        return jsonify(error=refusal.as_dict()), refusal.status, headers
    title = TITLES.get(refusal.status, DID_NOT_WORK)
    words = LOGIN_WORDS if isinstance(refusal, LoginNeeded) else refusal.words
    return *_calm(title, words, refusal.code, refusal.status), headers


def later(refusal: Refusal) -> dict[str, str]:
    """Return the header that says when it is worth trying again, if that is known."""
    return {"Retry-After": str(refusal.retry_after_s)} if refusal.retry_after_s else {}


def csrf_failed(_error: CSRFError) -> Any:
    """Say that a form was too old to be sent."""
    return refused(
        Refusal(
            _(
                "This page was open for a long time, so we couldn't send what you wrote. Go back, "
                "copy your words, reload the page and send them again."
            ),
            code="csrf",
        )
    )


def http_error(error: HTTPException) -> Any:
    """Turn what the libraries refuse into JSON or a calm page."""
    status = error.code or 500
    if status < 400:
        return error
    code, title, words = CALM.get(status, ("refused", DID_NOT_WORK, _("Please try again.")))
    if wants_json():
        return jsonify(error={"code": code, "message": str(words), "fields": {}}), status
    return _calm(title, words, code, status)


def _fault(error: Exception) -> Any:
    reference, reason = secrets.token_hex(4), database_errors.note(error)
    log.error(
        "fault",
        reference=reference,
        reason=reason.sentence if reason else None,
        route=str(request.url_rule),
        exc_info=(type(error), None, error.__traceback__),
    )
    if reason:
        return refused(Busy() if reason.passes else Unavailable())
    words = _(
        "Something went wrong on our side. If you tell us about it, the reference %(reference)s "
        "helps us find it.",
        reference=reference,
    )
    if wants_json():
        return jsonify(
            error={"code": "fault", "message": words, "fields": {}, "reference": reference}
        ), 500
    return _calm(_("Something went wrong"), words, "fault", 500)


def _calm(title: str, words: str, code: str, status: int) -> tuple[str, int]:
    told = {"title": title, "words": words, "code": code, "written": _written()}
    if status < 500:
        login_helps = status == 401 or (status in {403, 404} and bool(PLACE.match(request.path)))
        with suppress(SQLAlchemyError):
            return render_template("core/error.html", **told, login_helps=login_helps), status
    # Without who is asking and what they were told, since only the database knows that.
    return current_app.jinja_env.get_template("core/failure.html").render(**told), status


def and_back() -> str:
    """Return what leads from the login to this page, for the end of its address; "" if nothing."""
    address = ""
    if request.method == "GET":
        address = request.full_path.rstrip("?")
    elif place := PLACE.match(request.path):
        address = place[0]
    return f"?next={quote(address)}" if address not in {"", "/"} else ""


def way_back() -> str:
    """Return the place in this forum to which a small form asks to go back, with `back`."""
    asked = request.form.get("back", "")
    here = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if here and "\\" not in asked else "/"


def _written() -> list[str]:
    """Return what would be lost with a form that is not accepted."""
    if request.method != "POST":
        return []
    with suppress(HTTPException):
        return [words for name in WRITTEN if (words := request.form.get(name, "").strip())]
    return []
