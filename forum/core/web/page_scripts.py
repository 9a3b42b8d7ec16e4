"""Whether the pages' scripts run in a browser, as it says by a cookie that they set.

The cookie has no authority: who invents one only has their own reading counted otherwise.
"""

from flask import request
from werkzeug.wrappers import Response

COOKIE = "page_scripts"  # static/js/core/page.js sets it


def are_running() -> bool:
    """Whether scripts ran on a page that this browser was sent before."""
    return request.cookies.get(COOKIE) == "on"


def forget(answer: Response) -> None:
    """Let a browser in which they run no longer say so no longer."""
    answer.delete_cookie(COOKIE, samesite="Lax")
