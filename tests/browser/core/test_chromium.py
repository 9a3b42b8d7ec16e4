"""The browser that the other tests look through."""

import pytest
from playwright.sync_api import Page

from tests.support.browsers.chromium import axe, check_page


def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.set_content("<html><body><img src='data:,'><input></body></html>")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_axe_is_content_with_a_sound_page(page: Page) -> None:
    page.set_content("<html lang='en'><title>Fine</title><main><h1>Fine</h1></main></html>")
    axe(page)


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }", "contrast"),
        ("@media (max-width: 400px) { p { color: #ccc } }", "contrast"),
        ("@media (max-width: 400px) { p { width: 500px } }", "assert"),
    ],
)
def test_a_page_is_looked_at_in_the_dark_and_narrow_too(page: Page, style: str, told: str) -> None:
    sound = """<html lang="en"><head><title>A page</title><meta name="viewport"
        content="width=device-width"><style>{}</style></head>
        <body><main><h1>A page</h1><p>Words</p></main></body></html>"""
    page.set_content(sound.format(""))
    check_page(page)
    page.set_content(sound.format(style))
    with pytest.raises(AssertionError, match=told):
        check_page(page)
