"""One of everybody around three groups, for the tests of groups."""

from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.accounts.models import ADMINISTRATOR
from forum.accounts.policy import VISITOR, Viewer
from forum.accounts.service import suspend
from forum.core import clock, db
from forum.groups import queries, service
from forum.groups.models import Membership
from forum.groups.queries import GroupView
from forum.moderation.actions import service as moderation
from tests.support import factories
from tests.support.worlds import copied_worlds

JSON = {"Accept": "application/json"}
ROLES = (
    "visitor",
    "outsider",
    "member",
    "facilitator",
    "moderator",
    "elsewhere",
    "administrator",
    "suspended",
)
SLUGS = ("an-open-group", "an-approval-group", "a-hidden-group")
OPEN, APPROVAL, HIDDEN = SLUGS


def person(handle: str, *, role: str = "member") -> int:
    """Make an account and return its id."""
    return factories.person(handle, role=role).id or 0


def viewer(account_id: int) -> Viewer:
    """Return somebody as they are now."""
    db.release_session()
    found = accounts.viewer(account_id)
    assert found
    return found


@dataclass
class World:
    """Account ids by role, and group ids by slug; every role is held in all three groups."""

    app: Flask
    people: dict[str, int]
    groups: dict[str, int]

    def who(self, role: str) -> Viewer:
        """Return the one who plays a role."""
        return VISITOR if role == "visitor" else viewer(self.people[role])

    def browser(self, role: str) -> FlaskClient:
        """Return their browser."""
        client = self.app.test_client()
        if role != "visitor":
            factories.log_in(client, viewer(self.people[role]))
        return client

    def group(self, slug: str, role: str = "administrator") -> GroupView:
        """Return a group as somebody sees it now."""
        db.release_session()
        return queries.group_for(self.who(role), slug)

    def members(self, slug: str) -> dict[int, str]:
        """Return the truth about who is in a group."""
        db.release_session()
        rows = db.current_session().execute(
            select(Membership.account_id, Membership.role).where(
                Membership.group_id == self.groups[slug]
            )
        )
        return {row.account_id: row.role for row in rows}


def set_role(by: Viewer, group_id: int, account_id: int, role: str) -> None:
    """Give somebody a role, as a moderator does."""
    moderation.take_action(by, "role", account_id, group_id=group_id, value=role)


def remove_member(by: Viewer, group_id: int, account_id: int) -> None:
    """Remove somebody from a group, as a moderator does."""
    moderation.take_action(by, "remove", account_id, group_id=group_id)


def world(app: Flask) -> World:
    """Make everybody and everything."""
    return World(app, *copied_worlds.world("groupworld", _made))


def _made() -> tuple[dict[str, int], dict[str, int]]:
    people = {
        role: person(f"the-{role}", role=ADMINISTRATOR if role == "administrator" else "member")
        for role in ROLES
        if role != "visitor"
    }
    groups = {
        slug: service.create_group(None, slug=slug, name=slug, visibility=kind)
        for slug, kind in zip(SLUGS, ("open", "approval", "hidden"), strict=True)
    }
    for group_id in groups.values():
        for role in ("member", "facilitator", "moderator"):
            service.set_role(None, group_id, people[role], role)
        service.set_role(None, group_id, people["suspended"], "moderator")
    other = service.create_group(None, slug="another-group", name="Another")
    service.set_role(None, other, people["elsewhere"], "moderator")
    suspend(people["suspended"], until=clock.now() + timedelta(days=1), because="A test")
    return people, groups


def post(client: FlaskClient, path: str, *, as_json: bool, **form: Any) -> Any:
    """Send a form with the token that its page has, as a browser or as a program."""
    page = client.get("/groups").get_data(as_text=True)
    token = unescape(page.split('name="csrf-token" content="')[1].split('"')[0])
    headers = {**(JSON if as_json else {}), "X-CSRFToken": token}
    return client.post(path, data=form, headers=headers)
