"""What search engines may list: pages about the forum itself, and no words that people wrote."""

from flask import Flask, Response, request

INDEXED = frozenset({"/", "/complaints", "/groups", "/guidelines", "/help-now", "/register"})
# A page that may not be fetched cannot say that it must not be listed, so nothing is closed here.
ROBOTS = "# Each page says for itself whether it may be listed.\nUser-agent: *\nDisallow:\n"


def init(app: Flask) -> None:
    """Say on every answer whether it may be listed, and answer /robots.txt."""
    app.add_url_rule("/robots.txt", "robots", robots)
    app.jinja_env.globals["may_be_indexed"] = may_be_indexed
    app.after_request(_say)


def may_be_indexed() -> bool:
    """Whether search engines may list the page that is asked for."""
    return request.path in INDEXED and not request.args


def robots() -> Response:
    """Answer programs that ask what they may fetch."""
    return Response(ROBOTS, content_type="text/plain; charset=utf-8")


def _say(answer: Response) -> Response:
    if not may_be_indexed():
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
