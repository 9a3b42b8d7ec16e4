"""What browsers show of the forum outside its pages: its name, its icons, its colours."""

import json
import re

import pytest
from flask.testing import FlaskClient

from forum.core.web import robots, web_app_manifest
from forum.core.web.templating import assets

LINK = re.compile(r'<link rel="(?:icon|apple-touch-icon|manifest)"[^>]* href="([^"]+)"')


def size(png: bytes) -> str:
    assert png.startswith(b"\x89PNG")
    return f"{int.from_bytes(png[16:20])}x{int.from_bytes(png[20:24])}"


def test_the_manifest_names_the_forum_and_icons_of_their_sizes(client: FlaskClient) -> None:
    answer = client.get("/site.webmanifest")
    manifest = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json"
    assert manifest["name"] == client.application.config["SITE_NAME"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert size(client.get(icon["src"]).data) == icon["sizes"]


def test_every_icon_that_a_page_names_is_there(client: FlaskClient) -> None:
    named = LINK.findall(client.get("/help-now").text)
    assert len(named) == 4
    for path in (*named, client.get("/favicon.ico").location):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browsers_frame_has_the_colour_of_the_paper(client: FlaskClient, scheme: str) -> None:
    sheet = {"light": "tokens", "dark": "dark"}[scheme]
    css = (assets.folder("static") / "css" / "core" / f"{sheet}.css").read_text()
    paper = web_app_manifest.PAPER[scheme]
    assert f"--paper: {paper};" in css
    assert paper in client.get("/help-now").text
    client.set_cookie("appearance", scheme)
    assert f'<meta name="theme-color" content="{paper}">' in client.get("/help-now").text


def test_pages_that_may_be_listed_say_what_they_are_about(client: FlaskClient) -> None:
    said = [
        re.findall('<meta name="description" content="([^"]+)">', client.get(path).text)
        for path in sorted(robots.INDEXED)
    ]
    assert all(len(one) == 1 and 50 < len(one[0]) < 160 for one in said), said
    assert len({one[0] for one in said}) == len(said)
    for path in ("/login", "/groups?q=x"):
        assert 'name="description"' not in client.get(path).text
