"""A page takes the limit of a field from the rule that checks it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.identity import handles

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = [
    page
    for slice_ in ("accounts", "groups", "safety")
    for page in (TEMPLATES / slice_).rglob("*.html")
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_has_a_limit_of_its_own(page: Path) -> None:
    assert not re.search(r"maxlength=\d", page.read_text())


def test_every_limit_that_a_page_asks_for_is_there(app: Flask) -> None:
    asked = {name for page in PAGES for name in re.findall(r"limits\.(\w+)", page.read_text())}
    known = app.jinja_env.globals["limits"]
    assert isinstance(known, dict)
    assert asked
    assert asked <= set(known)


def test_forms_give_browsers_the_limit(client: FlaskClient) -> None:
    page = client.get("/register").text
    assert f'maxlength="{handles.MAX_LENGTH}"' in page
