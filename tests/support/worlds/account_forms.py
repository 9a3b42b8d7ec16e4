"""What the tests of accounts share: forms sent as a browser or a program sends them."""

import re
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forum.accounts import queries, service
from forum.accounts.policy import Viewer

PASSWORD = "violet harbour lantern"
NEW_PASSWORD = "copper meadow thistle"
JSON = {"Accept": "application/json"}


def post_form(
    client: FlaskClient, path: str, *, as_json: bool = False, host: str = "localhost", **form: Any
) -> TestResponse:
    """Send a form with the token that pages have."""
    page = client.get("/groups", base_url=f"http://{host}").text
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    headers = {**(JSON if as_json else {}), "X-CSRFToken": unescape(found[1])}
    return client.post(path, data=form, headers=headers, base_url=f"http://{host}")


def register_member(handle: str, **more: Any) -> Viewer:
    """Return an account with the password GOOD."""
    new = service.sign_up(handle, PASSWORD, accept_guidelines=True, **more)
    found = queries.viewer(new.account_id)
    assert found is not None
    return found


def log_in_browser(app: Flask, handle: str, password: str = PASSWORD) -> FlaskClient:
    """Return a browser in which somebody has logged in through the page."""
    client = app.test_client()
    answer = post_form(client, "/login", handle=handle, password=password)
    assert answer.status_code == 303, answer.text
    return client


def code_of(answer: TestResponse) -> str:
    """Return the code of a JSON refusal."""
    return str(answer.get_json()["error"]["code"])


def fields_of(answer: TestResponse) -> set[str]:
    """Return which fields a JSON refusal names."""
    return set(answer.get_json()["error"]["fields"])
