"""Passwords on the real server, where argon2 works in threads of its own."""

import re
from html import unescape

import requests

from tests.support.servers.real_servers import Server
from tests.support.worlds.account_forms import JSON, NEW_PASSWORD, PASSWORD


def send(server: Server, browser: requests.Session, path: str, **form: str) -> requests.Response:
    """Send a form with the token that pages have."""
    page = browser.get(f"{server.url}/groups", timeout=30).text
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    headers = {**JSON, "X-CSRFToken": unescape(found[1])}
    return browser.post(f"{server.url}{path}", data=form, headers=headers, timeout=30)


def test_signing_up_and_coming_back_on_the_real_server(shared_server: Server) -> None:
    server, before = shared_server, len(shared_server.output.read_text())
    here, there = requests.Session(), requests.Session()
    made = send(
        server, here, "/register", handle="violetfern", password=PASSWORD, accept_guidelines="on"
    )
    assert made.status_code == 201
    assert send(server, there, "/login", handle="violetfern", password="wrong").status_code == 422
    assert send(server, there, "/login", handle="nobody-here", password=PASSWORD).status_code == 422
    assert send(server, there, "/login", handle="violetfern", password=PASSWORD).status_code == 200
    changed = send(server, there, "/account/password", current=PASSWORD, new=NEW_PASSWORD)
    assert changed.status_code == 200
    assert here.get(f"{server.url}/account", timeout=30).status_code == 401
    back = send(
        server,
        here,
        "/recover",
        handle="violetfern",
        password=PASSWORD,
        code=made.json()["recovery_codes"][0],
    )
    assert back.status_code == 200
    said = server.output.read_text()[before:]
    assert '"level": "error"' not in said
    assert "violetfern" not in said
    assert "nobody-here" not in said
