"""The browser that the other tests look through."""

import pytest
from playwright.sync_api import Page

from tests.browsers import axe


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content("<html><body><img src='data:,'><input></body></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_axe_is_content_with_a_sound_page(page: Page) -> None:
    page.set_content("<html lang='en'><title>Fine</title><main><h1>Fine</h1></main></html>")
    axe(page)
