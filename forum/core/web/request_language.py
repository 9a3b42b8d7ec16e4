"""In which language a request is answered.

The page that a script speaks for says so; else the account, a cookie, or the browser decides, and
without any of them the forum's own language.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from flask import Flask, g, has_request_context, request
from flask import Response as FlaskResponse
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from forum.core.translation import catalogues, languages
from forum.core.web import cookies
from forum.settings.values import BadSettings

COOKIE = "language"
PAGE_HEADER = "X-Language"  # static/js/core/http.js sends it
SOCKETS = "/socket.io"
YEAR_S = 365 * 24 * 3600
_of_account: Callable[[], str] = str


def init(app: Flask, language: str) -> None:
    """Answer each request in its language; `language` is the forum's own. Raises BadSettings."""
    if not catalogues.has(language):
        known = ", ".join(catalogues.codes())
        raise BadSettings(f"FORUM_LANGUAGE must be one of these: {known}.")
    languages.speak_by_default(language)
    languages.find_with(_of_request)
    app.before_request(_begin)
    app.after_request(_name_language)
    app.teardown_request(_end)


def of_account(find: Callable[[], str]) -> None:
    """Ask this function which language the account has that sends a request; "" for none."""
    global _of_account
    _of_account = find


def keep(answer: Response, language: str) -> None:
    """Let a browser keep its choice."""
    cookies.keep(answer, COOKIE, language, YEAR_S)


def _begin() -> None:
    g.language_before = languages.spoken()
    languages.speak(None)


def _end(_error: BaseException | None) -> None:
    languages.speak(g.get("language_before"))


def _name_language(answer: FlaskResponse) -> FlaskResponse:
    if answer.mimetype == "text/html":  # which no cache keeps, so it need not vary
        answer.headers["Content-Language"] = languages.current()
    return answer


def _of_request() -> str | None:
    if not has_request_context():
        return None
    headers = request.headers
    return (
        _known(headers.get(PAGE_HEADER) or _of_socket())
        or _known(_account_language())
        or _known(cookies.read(request, COOKIE))
        or _accepted(headers.get("Accept-Language", ""), languages.default())
    )


def _known(language: str | None) -> str | None:
    return language if language and catalogues.has(language) else None


def _of_socket() -> str | None:
    """Return the language of the page that has opened a socket."""
    return request.args.get("language") if request.path.startswith(SOCKETS) else None


def _account_language() -> str:
    with suppress(SQLAlchemyError):
        return _of_account()
    return ""


@lru_cache(500)
def _accepted(header: str, otherwise: str) -> str:
    """Return what a browser would have of our languages."""
    accepted: LanguageAccept = parse_accept_header(header, LanguageAccept)
    return accepted.best_match(catalogues.codes(), otherwise) or otherwise
