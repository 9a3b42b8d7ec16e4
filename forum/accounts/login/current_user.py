"""The person behind this request or socket event, through Flask-Login and the session's row."""

from typing import cast

from flask import Flask, request
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import SQLAlchemyError

from forum.accounts import queries
from forum.accounts.login import sessions
from forum.accounts.policy import VISITOR, Viewer
from forum.core.errors import Conflict, LoginNeeded
from forum.core.translation import lazy

ACCOUNT_HEADER = "X-Account"
OTHER_ACCOUNT = lazy(
    "You're logged in with another account now, so this hasn't been sent. "
    "What you wrote is still here."
)
manager = LoginManager()


class LoginUser(UserMixin):  # type: ignore[misc]
    """Flask-Login's view of a session: its id is the token in the cookie."""

    def __init__(self, token: str, viewer: Viewer) -> None:
        self.token, self.viewer = token, viewer

    def get_id(self) -> str:
        return self.token


def init(app: Flask) -> None:
    """Let Flask-Login find sessions by their token, and templates know who is asking."""
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)
    app.context_processor(_for_templates)
    app.before_request(_same_account)


def viewer() -> Viewer:
    """Return who is asking; a visitor when nobody is logged in."""
    return cast("Viewer", getattr(current_user, "viewer", VISITOR))


def chosen_language() -> str:
    """Return the language that this person has chosen for their account; "" for the browser's."""
    return viewer().language


def page_account() -> str:
    """Return how pages name the account that they are made for; "" for a visitor's."""
    return viewer().public_id


def _same_account() -> None:
    """Do nothing for one person from an open page that was made for another.

    Our scripts say for whom the page was made. Raises Conflict, or LoginNeeded where nobody is.
    """
    if request.method != "POST":
        return
    page = request.headers.get(ACCOUNT_HEADER)
    if page and page != page_account():
        raise LoginNeeded if viewer().id is None else Conflict(OTHER_ACCOUNT, code="other_account")


def _for_templates() -> dict[str, object]:
    # The page that says that the database is away, and the one with help, need none.
    try:
        return {"viewer": viewer(), "current_user": current_user}
    except SQLAlchemyError:
        return {"viewer": VISITOR, "current_user": manager.anonymous_user()}


def _load(token: str) -> LoginUser | None:
    found = queries.session_of(token)
    if found is None:
        return None
    if found.unnoted:
        sessions.note_seen(found.viewer.session_id or 0)
    return LoginUser(token, found.viewer)
