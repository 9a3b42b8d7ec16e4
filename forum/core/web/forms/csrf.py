"""The CSRF check of every form and script that writes, and the token that pages have for it.

Flask-WTF checks each POST before its view runs; a refusal is `responses.csrf_failed`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import Flask, current_app, g, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup

REMEMBERED = 2_000  # tokens and fields
V = TypeVar("V", bound=Callable[..., Any])
_protection = CSRFProtect()


@lru_cache(REMEMBERED)
def _token(secret_key: str, raw: str) -> str:
    return str(URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token").dumps(raw))


def csrf_token() -> str:
    """Return the token for a page's forms; Flask-WTF would sign it again for each page.

    It is valid for as long as its session, so it may be an earlier page's.
    """
    if made := g.get("csrf_token"):
        return str(made)
    if raw := session.get("csrf_token"):
        g.csrf_token = _token(current_app.config["SECRET_KEY"], raw)
        return str(g.csrf_token)
    return str(generate_csrf())


def csrf_field() -> Markup:
    """Return the hidden field with that token, which every form of ours holds."""
    return _field(csrf_token())


@lru_cache(REMEMBERED)
def _field(token: str) -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


def without_token(view: V) -> V:
    """Let a view be sent to without the token: its address holds one that nobody can make up."""
    _protection.exempt(view)
    return view


def init(app: Flask) -> None:
    """Check every POST of this application, and give its templates the token."""
    _protection.init_app(app)
    app.context_processor(lambda: {"csrf_token": csrf_token})  # after Flask-WTF's own
    # For macros, which have no context.
    app.jinja_env.globals.update(csrf_token=csrf_token, csrf_field=csrf_field)
