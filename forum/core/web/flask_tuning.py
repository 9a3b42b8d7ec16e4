"""What Flask, its extensions and Jinja make for every page, made once.

It would be a fifth of a page's time, and gives the same at every request.
"""

import time
from copy import deepcopy
from functools import cached_property, lru_cache
from typing import Any, cast

from flask import Flask, Request, Response, request
from flask.json.provider import DefaultJSONProvider
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from forum.core.translation import current
from forum.core.translation.lazy_text import LazyText
from forum.core.web import cookies
from forum.core.web.translated_templates import Templates

COOKIES = 2_000  # are remembered at once, of sessions and of forms
VERIFIED_FOR_S = 60


class Json(DefaultJSONProvider):
    """JSON in which a text is plain text, in the reader's language; Flask would make it HTML."""

    @staticmethod
    def default(value: Any) -> Any:
        """Return what JSON knows in place of another value."""
        return str(value) if isinstance(value, LazyText) else DefaultJSONProvider.default(value)


class Forum(Flask):
    """Flask, with templates in the language of each request."""

    jinja_environment = Templates
    json_provider_class = Json
    jinja_options = {"trim_blocks": True, "lstrip_blocks": True}

    @property
    def jinja_env(self) -> Templates:
        """Return the templates in the language of this request or job."""
        return self._templates.in_language(current())

    @cached_property
    def _templates(self) -> Templates:
        return cast("Templates", self.create_jinja_environment())


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies: one signer for all, and a cookie is verified once a minute."""

    def __init__(self) -> None:
        self._signer = lru_cache(super().get_signing_serializer)
        self._verified = lru_cache(COOKIES)(self._verify)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs this application's cookies."""
        return self._signer(app)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether a cookie insists on HTTPS: always there, and wherever this request came so."""
        return super().get_cookie_secure(app) or request.is_secure

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, which over HTTPS binds it to this host."""
        return cookies.name(super().get_cookie_name(app), app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """Return the session in a request's cookie; an empty one where none is valid."""
        value = request.cookies.get(self.get_cookie_name(app), "")
        try:
            known = self._verified(app, value, int(time.time() / VERIFIED_FOR_S)) if value else {}
        except BadSignature:
            known = {}
        return self.session_class(deepcopy(known))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write a session that has changed; of any other only that an answer depends on it."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")

    def _verify(self, app: Flask, value: str, _minute: int) -> dict[str, Any]:
        signer = cast("URLSafeTimedSerializer", self._signer(app))  # no forum is without a key
        most = int(app.permanent_session_lifetime.total_seconds())
        known: dict[str, Any] = signer.loads(value, max_age=most)
        return known


def init(app: Flask) -> None:
    """Let this application use them; call it before anything asks for its templates."""
    app.session_interface = Sessions()
    # No view here is a coroutine; each request would ask that of some twenty functions.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
