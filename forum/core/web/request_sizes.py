"""How long a request may be, before anything of it is read, parsed or computed with.

Each route takes a body of `BODY`, unless its view says otherwise with `@takes(...)`. A form has at
most `FIELDS` fields, since many empty ones take longer to parse than to send. One field is measured
with `fits` before it is normalised or hashed: both can take far longer than reading.
"""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import (
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)
from werkzeug.formparser import FormDataParser

View = TypeVar("View", bound=Callable[..., Any])

BODY = 64_000
# 20,000 characters, of which each may be four bytes, each written as %XX, and more to be told so.
LONG_WORDS = 300_000
QUERY, HEADER, HEADERS = 4_000, 8_190, 32_000
FIELDS = 1_000  # as many as werkzeug takes of the other kind of form
BYTES_EACH = 4
_LONG_HEADERS = "forum.long_headers"


def init(app: Flask) -> None:
    """Measure every request from here on."""
    app.config["MAX_CONTENT_LENGTH"] = BODY
    app.request_class = _Request
    app.before_request(_measure)


class _Counting(FormDataParser):
    """Reads a form only if it has no more fields than it may; `max_form_parts` counts none here."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """Return what a form holds. Raises RequestEntityTooLarge."""
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()
            # What is longer are files, which come as another kind of form.
            if len(body) > LONG_WORDS or body.count(b"&") >= FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class _Request(Request):
    form_data_parser_class = _Counting


def keep_out_long_headers(app: Flask) -> None:
    """Let nothing parse headers that are too long: the forum refuses the request without them.

    A server makes one long header of many that go by the same name. What is put around the
    application later does not know of it: this comes last.
    """
    inner = app.wsgi_app

    def measured(environ: dict[str, Any], start_response: Any) -> Any:
        lengths = [len(value) for name, value in environ.items() if name[:5] == "HTTP_"]
        if max(lengths, default=0) > HEADER or sum(lengths) > HEADERS:
            environ = {name: it for name, it in environ.items() if name[:5] != "HTTP_"}
            environ[_LONG_HEADERS] = True
        return inner(environ, start_response)

    app.wsgi_app = measured  # type: ignore[method-assign]


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
    if _LONG_HEADERS in request.environ:
        raise RequestHeaderFieldsTooLarge
