"""People at a running server, without a browser."""

import re

import requests
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from forum.accounts import service
from forum.accounts.policy import Viewer
from tests.support.servers.real_servers import Server


def cookie_of(server: Server, viewer: Viewer) -> str:
    """Return a cookie that is logged in; the server's database must be bound in this process."""
    app = Flask(__name__)
    app.secret_key = (server.instance / "secret_key").read_text()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    assert viewer.id is not None
    return str(signer.dumps({"_user_id": service.open_session(viewer.id), "_fresh": True}))


def at_address(server: Server, viewer: Viewer | None = None) -> requests.Session:
    """Return somebody's connection to a server, with the token that its forms want."""
    person = requests.Session()
    if viewer:
        person.cookies.set("forum_session", cookie_of(server, viewer), domain="127.0.0.1")
    found = re.search(r'name="csrf-token" content="([^"]+)"', person.get(server.url).text)
    assert found
    person.headers.update({"X-CSRFToken": found[1], "Accept": "application/json"})
    return person
