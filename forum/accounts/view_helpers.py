"""What the views of accounts share: letting somebody in, and showing or doing what a form asks."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import redirect, render_template, request, session
from flask_login import login_user
from werkzeug.wrappers import Response

from forum.accounts import queries
from forum.accounts.identity import public_ids
from forum.accounts.login import attempts, devices, user_agents
from forum.accounts.login.current_user import LoginUser
from forum.core.errors import Busy, Forbidden, Invalid, LoginNeeded
from forum.core.translation import languages, lazy
from forum.core.web import rate_limits, responses
from forum.core.web.rate_limits import limiter

T = TypeVar("T")
LOGGED_OUT = lazy("You're logged out.")
NEW_PASSWORD = lazy("New password saved. You're logged out everywhere else.")
_POST_IN_ADDRESS = re.compile(r"^/threads/[0-9]+\?(?:[^#]*&)?post=([0-9]{1,18})(?![0-9])")


def start_browser_session(token: str) -> None:
    """Make this browser the one that has the session: nothing of an earlier one stays in it."""
    found = queries.viewer_of_session(token)
    if found is None:
        raise LoginNeeded
    session.clear()
    login_user(LoginUser(token, found))
    languages.speak(None)  # the account's may be another
    session.permanent = True
    devices.remember(public_ids.digest(found.public_id))


def device() -> str:
    """Return a coarse label of the browser that asks."""
    return user_agents.device(request.headers.get("User-Agent", ""))


def next_address(otherwise: str = "/") -> str:
    """Return where `next` asks to go, if that is a place in this forum.

    What browsers do not send, the post in a thread's address, is put back behind it.
    """
    path = request.values.get("next", "")
    local = path.startswith("/") and not path.startswith("//") and len(path) <= 500
    # Browsers take a backslash for a slash, and leave control characters out.
    if not local or not path.isprintable() or "\\" in path:
        return otherwise
    post = _POST_IN_ADDRESS.search(path)
    return f"{path}#post-{post[1]}" if post and "#" not in path else path


def limit_login_attempts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Bound how often a household may try passwords, codes and links, and oftener be wrong."""
    here: dict[str, Any] = {
        "key_func": rate_limits.household,
        "methods": ["POST"],
        "exempt_when": _on_own_device,
    }
    wrong = limiter.limit(
        attempts.WRONG, **here, deduct_when=lambda answer: answer.status_code == 422
    )
    return limiter.limit(attempts.AT_ALL, **here)(wrong(view))


def _on_own_device() -> bool:
    """Whether a login is tried on a device of its account, which has a budget of its own."""
    if request.endpoint != "accounts.login":
        return False
    return devices.known_device(attempts.attempt_key(request.form.get("handle", ""))) is not None


def redirect_home() -> Response:
    """Send a person who is already logged in to where they wanted to go."""
    return redirect(next_address(), 303)


def show_or_submit(
    template: str, act: Callable[[], T], then: Callable[[T], Any], **context: Any
) -> Any:
    """Show a form's page for GET; for POST, `act` and answer with `then`, or show what is wrong."""
    values = context.pop("values", {})
    if request.method != "POST":
        return render_template(template, values=values, errors={}, **context)
    try:
        result = act()
    except (Invalid, Forbidden, Busy) as refusal:
        if responses.wants_json() or (isinstance(refusal, Forbidden) and not refusal.fields):
            raise
        errors = refusal.fields or {"": refusal.message}
        page = render_template(template, values=request.form, errors=errors, **context)
        return page, refusal.status, responses.later(refusal)
    return then(result)
