"""Cookies: closed to scripts and other sites, and to plain HTTP wherever there is HTTPS."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from forum.app import create_app
from forum.settings.environment import Settings


def cookies(client: FlaskClient, scheme: str) -> list[str]:
    """Return the cookies set by the first page and by a choice of colours."""
    first = client.get("/login", base_url=f"{scheme}://localhost")
    found = re.search(r'name="csrf_token" value="([^"]+)"', first.text)
    assert found
    form = {"csrf_token": found[1], "color_scheme": "dark"}
    chosen = client.post("/appearance", data=form, base_url=f"{scheme}://localhost")
    return [*first.headers.getlist("Set-Cookie"), *chosen.headers.getlist("Set-Cookie")]


@pytest.mark.parametrize(
    ("origins", "scheme", "secure"),
    [
        ((), "http", False),
        ((), "https", True),
        (("https://forum.example.org",), "http", True),
        (("https://forum.example.org", "http://localhost"), "http", False),
        (("https://forum.example.org", "http://localhost"), "https", True),
    ],
)
def test_cookies(settings: Settings, origins: tuple[str, ...], scheme: str, secure: bool) -> None:
    app = create_app(replace(settings, origins=origins))
    told = cookies(app.test_client(), scheme)
    assert len(told) >= 2
    for cookie in told:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure
        assert cookie.startswith("__Host-") is secure
        assert "Domain" not in cookie
        assert "Path=/" in cookie


@pytest.mark.parametrize(("scheme", "told"), [("http", None), ("https", "max-age=31536000")])
def test_who_came_over_https_is_asked_to_go_on_so(
    client: FlaskClient, scheme: str, told: str | None
) -> None:
    answer = client.get("/login", base_url=f"{scheme}://localhost")
    assert answer.headers.get("Strict-Transport-Security") == told


def test_a_neighbours_cookie_is_not_taken_for_ours(client: FlaskClient) -> None:
    page = client.get("/login", base_url="https://localhost")
    planted = page.headers["Set-Cookie"].split("__Host-forum_session=")[1].split(";")[0]
    thief = client.application.test_client()
    thief.set_cookie("forum_session", planted)
    with thief.session_transaction(base_url="https://localhost") as found:
        assert not dict(found)
