"""What Flask and Jinja make anew for every page, made once.

Both would be a tenth of a thread page's time, and give the same at every request.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, g, request
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from forum.core import cookies


class Templates(Environment):
    """Templates whose globals are one plain dictionary, not a chain that each import compares."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what all templates know, with `d` before it if there is such a thing."""
        return super().make_globals(d) if d else self.globals


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies, whose signer is made once for an application."""

    def __init__(self) -> None:
        self._signer = lru_cache(super().get_signing_serializer)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs this application's cookies."""
        return self._signer(app)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether a cookie insists on HTTPS: always there, and wherever this request came so."""
        return super().get_cookie_secure(app) or request.is_secure

    def get_cookie_name(self, app: Flask) -> str:
        """Return the cookie's name, which over HTTPS binds it to this host."""
        return cookies.name(super().get_cookie_name(app), app)


def csrf_token() -> str:
    """Return the request's token; Flask-WTF looks up its settings anew for each form of a page."""
    return str(g.get("csrf_token") or generate_csrf())


def init(app: Flask) -> None:
    """Let this application use them; call it before anything asks for its templates."""
    app.jinja_environment = Templates
    app.session_interface = Sessions()
    # No view here is a coroutine; each request would ask that of some twenty functions.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
