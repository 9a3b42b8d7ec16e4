"""How long a request may be, before anything of it is read, parsed or computed with.

Each route takes a body of `BODY`, unless its view says otherwise with `@takes(...)`. One field is
measured with `fits` before it is normalised or hashed: both can take far longer than reading.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)

View = TypeVar("View", bound=Callable[..., Any])

BODY = 64_000
# 20,000 characters, of which each may be four bytes, each written as %XX, and more to be told so.
LONG_WORDS = 300_000
QUERY, HEADER = 4_000, 8_190
BYTES_EACH = 4


def init(app: Flask) -> None:
    """Measure every request from here on."""
    app.config["MAX_CONTENT_LENGTH"] = BODY
    app.before_request(_measure)


def takes(most: int) -> Callable[[View], View]:
    """Let a route take a body of `most` bytes."""

    def declare(view: View) -> View:
        view.body_most = most  # type: ignore[attr-defined]
        return view

    return declare


def fits(value: str, characters: int) -> bool:
    """Whether a text is no longer in bytes than so many characters can be."""
    most = characters * BYTES_EACH
    return len(value) <= most and len(value.encode("utf-8", "surrogatepass")) <= most


def _measure() -> None:
    """Refuse what is too long. Raises HTTPException with status 413, 414 or 431."""
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "body_most", BODY)
    if (request.content_length or 0) > request.max_content_length:
        raise RequestEntityTooLarge
    if len(request.query_string) > QUERY:
        raise RequestURITooLarge
    if any(len(value) > HEADER for name, value in request.environ.items() if name[:5] == "HTTP_"):
        raise RequestHeaderFieldsTooLarge
