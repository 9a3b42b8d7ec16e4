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
    if answer.mimetype == "text/html":
        answer.content_language.add(languages.current())
        answer.vary.add("Accept-Language")
    return answer


def _of_request() -> str | None:
    if not has_request_context():
        return None
    of_page = request.headers.get(PAGE_HEADER) or request.args.get(COOKIE)
    if of_page and catalogues.has(of_page):
        return of_page
    for language in (_account_language(), cookies.read(request, COOKIE)):
        if language and catalogues.has(language):
            return language
    return _accepted(request.headers.get("Accept-Language", ""), languages.default())


def _account_language() -> str:
    with suppress(SQLAlchemyError):
        return _of_account()
    return ""


@lru_cache(500)
def _accepted(header: str, otherwise: str) -> str:
    """Return what a browser would have of our languages."""
    accepted = parse_accept_header(header, LanguageAccept)
    return accepted.best_match(catalogues.codes(), otherwise) or otherwise
