"""Headers that protect readers: the content security policy, no referrer, HTTPS alone."""

import secrets

from flask import Response, g

from forum.core.web import cookies

YEAR_S = 365 * 24 * 3600
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
)


def nonce() -> str:
    """Return this answer's nonce, which only its own scripts have."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def add(answer: Response) -> Response:
    """Put them on an answer, and return it."""
    answer.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if not answer.cache_control.public:  # our own scripts and styles are
        answer.headers["Cache-Control"] = "no-store"
    if cookies.over_https():
        answer.headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return answer
