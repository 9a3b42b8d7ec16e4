"""One of everybody around three groups, for the tests of groups."""

from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from forum.accounts import queries as accounts
from forum.accounts.models import ADMINISTRATOR, Account, LoginSession
from forum.accounts.policy import VISITOR, Viewer
from forum.core import clock, db, ids
from forum.core.db import transaction
from forum.groups import queries, service
from forum.groups.queries import GroupView

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
    with transaction() as session:
        made = Account(
            handle=handle,
            handle_key=handle.casefold(),
            password_hash="!",
            role=role,
            created_at=clock.now(),
        )
        session.add(made)
        session.flush()
        return made.id


def viewer(account_id: int) -> Viewer:
    """Return somebody as they are now."""
    db.done_reading()
    found = accounts.viewer(account_id)
    assert found
    return found


def suspend(account_id: int) -> None:
    """Suspend somebody for a day."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        account.suspended_until = clock.now() + timedelta(days=1)


def browser(app: Flask, account_id: int | None) -> FlaskClient:
    """Return somebody's browser, logged in; a visitor's for None."""
    client = app.test_client()
    if account_id is not None:
        token = ids.token()
        with transaction() as session:
            now = clock.now()
            session.add(
                LoginSession(
                    account_id=account_id,
                    token_digest=ids.digest(token),
                    created_at=now,
                    seen_at=now,
                )
            )
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
    return client


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
        return browser(self.app, self.people.get(role))

    def group(self, slug: str, role: str = "administrator") -> GroupView:
        """Return a group as somebody sees it now."""
        db.done_reading()
        return queries.group_for(self.who(role), slug)

    def members(self, slug: str) -> dict[int, str]:
        """Return the truth about who is in a group."""
        from sqlalchemy import select

        from forum.groups.models import Membership

        db.done_reading()
        rows = db.reading().execute(
            select(Membership.account_id, Membership.role).where(
                Membership.group_id == self.groups[slug]
            )
        )
        return {row.account_id: row.role for row in rows}


def world(app: Flask) -> World:
    """Make everybody and everything."""
    people = {
        role: person(role, role=ADMINISTRATOR if role == "administrator" else "member")
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
    suspend(people["suspended"])
    return World(app, people, groups)


def post(client: FlaskClient, path: str, *, as_json: bool, **form: Any) -> Any:
    """Send a form with the token that its page carries, as a browser or as a program."""
    page = client.get("/groups").get_data(as_text=True)
    token = unescape(page.split('name="csrf-token" content="')[1].split('"')[0])
    headers = {**(JSON if as_json else {}), "X-CSRFToken": token}
    return client.post(path, data=form, headers=headers)
