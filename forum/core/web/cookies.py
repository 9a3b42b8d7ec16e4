"""Cookies: closed to scripts and to other sites, and bound to this host wherever there is HTTPS.

There a name begins with `__Host-`: no neighbouring host or unencrypted page can set it.
"""

from flask import Flask, Request, current_app
from werkzeug.wrappers import Response

PREFIX = "__Host-"


def name(base: str, app: Flask | None = None) -> str:
    """Return what a cookie is called for this request."""
    return PREFIX + base if over_https(app) else base


def over_https(app: Flask | None = None) -> bool:
    """Whether people reach the forum over HTTPS, or this request came so."""
    app = app or current_app
    return app.session_interface.get_cookie_secure(app)


def read(request: Request, base: str) -> str:
    """Return the value of a cookie; "" when there is none."""
    return request.cookies.get(name(base), "")


def keep(answer: Response, base: str, value: str, seconds: int) -> None:
    """Let a browser keep a cookie for so long."""
    answer.set_cookie(
        name(base), value, max_age=seconds, httponly=True, samesite="Lax", secure=over_https()
    )
