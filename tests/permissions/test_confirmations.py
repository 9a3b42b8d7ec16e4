"""After every act a confirmation says what was done: by the page that follows, and by JSON."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import factories
from tests.support.permissions import (
    confirmed_moderation,  # noqa: F401 - they add to PREPARED
    confirmed_research_acts,  # noqa: F401
    matrix_addresses,
    matrix_world,
)
from tests.support.permissions.confirmed_acts import FORMS, PREPARED, ROLES, Act
from tests.support.permissions.matrix_requests import FILLED_IN, TABLE
from tests.support.permissions.matrix_world import World

JSON = {"Accept": "application/json"}
# What answers with a page of its own, and what that page says of the act.
OWN_PAGE = {
    "/register": "Welcome, newcomer",
    "/forgot": "Check your email",
    "/unsubscribe/<token>": "Emails stopped",
    "/account/recovery-codes": "Your new recovery codes",
    "/account/calendars": "address",
    "/account/erase": "erased",
    "/groups/<slug>/invitations": "link",
    "/moderation/break": "You&#39;re off call",
    "/posts/<int:post_id>/report": "Thank you for telling us",
    "/reports/new": "Thank you for telling us",
}
# What nobody has pressed a button for, or what gives only what was asked for.
NO_ACT = {
    "/preview": "shows how words would look",
    "/writing-check": "asked by a script, while somebody writes",
    "/activity/reading": "sent by a script",
    "/groups/<slug>/threads/similar": "asked by a script, while somebody writes",
    "/account/data/download": "a file",
    "/recover": "as a password that is set anew: tests/accounts/recovery",
    "/reset/<token>": "as a password that is set anew: tests/accounts/recovery",
    "/forgot": "needs mail: tests/accounts/recovery",
    "/account/email/link": "the same: tests/accounts/profile",
    "/notifications/devices": "needs web push: tests/notifications/devices",
    "/notifications/devices/<private:device_id>/remove": "the same",
    "/notifications/devices/<private:device_id>/test": "the same",
}
ROUTES = [route.removeprefix("POST ") for route in TABLE if route.startswith("POST ")]
TOLD = [route for route in ROUTES if route not in NO_ACT]


def act_of(world: World, route: str) -> tuple[FlaskClient, str, dict[str, Any]]:
    """Return a browser, an address and a form that do what a route does."""
    asked = PREPARED[route](world) if route in PREPARED else Act()
    row = TABLE[f"POST {route}"]
    who = asked.who or next((role for role in ROLES if isinstance(row, str) or role in row), "")
    form = asked.form or FORMS.get(route, {})
    if isinstance(who, str):
        client = world.client(who)
    else:
        client = world.app.test_client()
        if who.id is not None:
            factories.log_in(client, who)
    sent = {**FILLED_IN, "idempotency_key": uuid4().hex, **form}
    return client, asked.address or matrix_addresses.address(world, route), sent


def said_on(page: str) -> str:
    """Return what a page says in the place of confirmations."""
    found = re.search(r'<p role="status" data-confirmed>(.*?)</p>', page, re.DOTALL)
    return unescape(found[1]).strip() if found else ""


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return matrix_world.silent(app, "open", "visible")


def test_every_route_that_changes_something_is_tried() -> None:
    assert set(ROUTES) >= set(OWN_PAGE) | set(NO_ACT)
    assert set(PREPARED) <= set(ROUTES)


@pytest.mark.parametrize("route", TOLD)
def test_the_page_that_follows_says_what_was_done(world: World, route: str) -> None:
    client, address, form = act_of(world, route)
    answer = client.post(address, data=form, follow_redirects=True)
    assert answer.status_code < 400, answer.text
    if route in OWN_PAGE:
        assert OWN_PAGE[route] in answer.text
        return
    assert said_on(answer.text)
    assert said_on(client.get("/groups").text) == ""  # once


@pytest.mark.parametrize("route", [route for route in TOLD if route not in OWN_PAGE])
def test_json_answers_confirm_the_same(world: World, route: str) -> None:
    client, address, form = act_of(world, route)
    answer = client.post(address, data=form, headers=JSON)
    assert answer.status_code < 400, answer.text
    assert answer.get_json()["said"].endswith((".", "?"))
