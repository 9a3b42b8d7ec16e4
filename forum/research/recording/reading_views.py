"""The HTTP door for reading time: what a participant's page needs, and its last word."""

from typing import Any

from flask import Blueprint, Flask, current_app, request
from markupsafe import Markup

from forum.accounts.login.current_user import viewer
from forum.core import ids
from forum.core.web import rate_limits, responses, security_headers
from forum.research.recording import page_tokens, reading
from forum.research.recording.reading import ReadingReport

bp = Blueprint("reading", __name__)
_PART = '<div data-reading="%s" hidden></div>\n<script type="module" nonce="%s" src="%s"></script>'


def init(app: Flask) -> None:
    """Let the page of a thread measure reading, where its reader agreed to that."""
    app.jinja_env.globals["reading_time"] = _reading_time


@bp.post("/activity/reading")
@rate_limits.limiter.limit(rate_limits.SMALL_ACTS)
def report_reading() -> Any:
    """Take what a page says while its socket is away, or when it is closed."""
    given = request.form
    low, high = (ids.number(given.get(name, ""), reading.MS_MAX) for name in ("low_ms", "high_ms"))
    report = ReadingReport(
        -1 if low is None else low, -1 if high is None else high, given.get("posts", "")
    )
    reading.report_reading(viewer(), page_tokens.read_token(given.get("page", "")), report)
    return responses.done("/")


def _reading_time(thread: Any) -> Markup:
    """Note that a page of a thread is served, and return what measures reading there.

    That is nothing for everybody of whom nothing may be recorded.
    """
    me = viewer()
    page = reading.open_page(me.id, thread.group_id, thread.id) if me.id else None
    if page is None:
        return Markup()
    # Filled in by hand, since to render a template costs as much as a tenth of the page, and what
    # is filled in is ours: digits, dots, letters.
    asset: Any = current_app.jinja_env.globals["asset"]
    report = _PART % (
        page_tokens.make_token(page),
        security_headers.nonce(),
        asset("js/research/reading.js"),
    )
    return Markup(report)  # noqa: S704
