"""The style sheets of every page come as one, and what they name is found from there."""

import re
from pathlib import PurePosixPath

from flask.testing import FlaskClient

from forum.core.web.templating import assets


def test_the_sheets_of_every_page_are_one(client: FlaskClient) -> None:
    root = assets.folder("static")
    page = client.get("/guidelines").text
    (address,) = re.findall(rf'href="([^"]+/{assets.EVERY_PAGE})"', page)
    answer = client.get(address)
    sheets = [(root / "css" / f"{sheet}.css").read_text() for sheet in assets.SHEETS]
    assert answer.text == "".join(sheets)
    assert answer.content_type == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    squeezed = client.get(address, headers={"Accept-Encoding": "br"})
    assert squeezed.headers["Content-Encoding"] == "br"
    assert len(squeezed.data) < len(answer.data) / 3
    folder = PurePosixPath(assets.EVERY_PAGE).parent
    named = re.findall(r'url\("([^"]+)"\)', answer.text)
    assert len(named) == 6
    assert all((root / folder / name).resolve().is_file() for name in named)


def test_no_sheet_of_every_page_is_asked_for_again(client: FlaskClient) -> None:
    page = client.get("/register").text
    assert not any(f"css/{sheet}.css" in page for sheet in assets.SHEETS)
