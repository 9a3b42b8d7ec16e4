"""The search by its key, / , and nowhere where somebody writes."""

from playwright.sync_api import expect

from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, live, room

__all__ = ["room"]


def test_the_key_leads_to_the_search_and_can_be_switched_off(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    wren.locator(BODY).press_sequentially("a/b")
    expect(wren.locator(BODY)).to_have_value("a/b")
    wren.locator("h1").click()
    wren.keyboard.press("/")
    box = wren.get_by_role("searchbox").first
    expect(box).to_be_visible()
    box.fill("opening words")
    box.press("Enter")
    expect(wren.get_by_role("heading", name="Search", exact=True)).to_be_visible()
    check_page(wren, "search")
    wren.locator("h1").click()
    wren.keyboard.press("/")
    expect(wren.locator("#q")).to_be_focused()
    wren.get_by_text("How to search").click()
    wren.locator("[data-search-key]").uncheck()
    wren.locator("h1").click()
    wren.keyboard.press("/")
    expect(wren.locator("#q")).not_to_be_focused()
