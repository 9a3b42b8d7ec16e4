"""People, groups and conversations for tests, made by the services that everyone uses."""

from datetime import timedelta
from itertools import count
from typing import Any

from flask import session as cookie
from flask.testing import FlaskClient
from flask_login import login_user, logout_user

from forum.accounts import queries, service
from forum.accounts.login.current_user import LoginUser
from forum.accounts.policy import Viewer
from forum.core import clock
from forum.core.db import transaction
from forum.groups import service as groups
from forum.meetings.models import Meeting
from forum.threads import service as threads
from forum.threads.posts.post_creation import PostRef

_numbers = count(1)


def person(handle: str | None = None, **facts: Any) -> Viewer:
    """Return a new member; nobody can log in with a password unless `password` is given."""
    account_id = service.create_account(handle or f"person{next(_numbers)}x", **facts)
    found = queries.viewer(account_id)
    assert found is not None
    return found


def administrator(handle: str | None = None) -> Viewer:
    """Return a new administrator."""
    return person(handle, role="administrator")


def log_in(client: FlaskClient, viewer: Viewer) -> Viewer:
    """Log somebody in, in this browser, and return them with their session."""
    assert viewer.id is not None
    token = service.open_session(viewer.id, device="A test")
    me = queries.viewer_of_session(token)
    assert me is not None
    with client.application.test_request_context():
        login_user(LoginUser(token, me))
        kept = dict(cookie)
        logout_user()
    with client.session_transaction() as stored:
        stored.clear()
        stored.update(kept)
        stored.permanent = True
    return me


def group(by: Viewer | None = None, **details: Any) -> int:
    """Return the id of a new group."""
    number = next(_numbers)
    return groups.create_group(
        by, **{"slug": f"group-{number}", "name": f"Group {number}", **details}
    )


def join(viewer: Viewer, group_id: int, role: str = "member") -> Viewer:
    """Make somebody a member of a group, open or not."""
    assert viewer.id is not None
    groups.set_role(None, group_id, viewer.id, role)
    return viewer


def thread(viewer: Viewer, group_id: int, **words: Any) -> PostRef:
    """Return the place of the first post of a new conversation."""
    number = next(_numbers)
    return threads.start_thread(
        viewer,
        group_id,
        **{"title": f"Conversation {number}", "body": f"Opening words {number}", **words},
    )


def post(viewer: Viewer, thread_id: int, **words: Any) -> PostRef:
    """Return the place of a new reply."""
    return threads.post_reply(viewer, thread_id, **{"body": f"Words {next(_numbers)}", **words})


def meeting(group_id: int, **details: Any) -> int:
    """Return the id of a meeting of an hour, which begins in an hour unless told otherwise."""
    starts_at = details.pop("starts_at", clock.now() + timedelta(hours=1))
    row = {
        "title": f"Meeting {next(_numbers)}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "zone": "UTC",
        **details,
    }
    with transaction() as session:
        made = Meeting(group_id=group_id, **row)
        session.add(made)
        session.flush()
        return made.id
