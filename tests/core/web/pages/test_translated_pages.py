"""Every page, for each reader, in a language that is made up: no English is left on it."""

import pytest
from flask import Flask

from tests.support.languages import made_up, untranslated
from tests.support.permissions import matrix_addresses
from tests.support.permissions.matrix_world import build
from tests.support.permissions.whole_pages import ROLES, pages


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_translated(app: Flask, role: str) -> None:
    with made_up.is_known():
        world = build(app, "open", "visible")
        client = world.client(role)
        client.environ_base["HTTP_X_LANGUAGE"] = made_up.CODE
        english = [
            f"{address}: {words}"
            for address, page in pages(world, role)
            for words in untranslated.words_of(page)
        ]
    assert not english, "\n".join(english)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_confirmation_and_its_undo_are_translated(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with made_up.is_known():
        world = build(app, "open", "visible")
        client = world.client("member")
        client.environ_base["HTTP_X_LANGUAGE"] = made_up.CODE
        thread = matrix_addresses.address(world, "/threads/<int:thread_id>")
        client.post(f"{thread}/follow", data={"on": "1"})
        page = client.get(thread).text
    confirmation = page[page.index("data-confirmation>") :].partition("</form>")[0]
    assert "<button" in confirmation
    assert not list(untranslated.words_of(f"<div {confirmation}"))
