"""Cookies: closed to scripts and other sites, and to plain HTTP wherever there is HTTPS."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from forum.app import create_app
from forum.settings import Settings
from tests.privacyworld import token


def cookies(client: FlaskClient, scheme: str) -> list[str]:
    """Return what a browser is told to keep by the first page and by a choice of colours."""
    first = client.get("/login", base_url=f"{scheme}://localhost")
    form = {**token(client, "/login"), "theme": "dark"}
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
