"""Two tabs, or two devices, in which one person writes at the same place: no words are lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsers.thread_browsers import BODY, SLUG, BrowserWorld, live, room

__all__ = ["room"]
OTHER = "[data-draft-key]"


def write(page: Page, words: str) -> None:
    """Type over what is there, and wait until the forum has it."""
    with page.expect_response("**/draft"):
        page.fill(BODY, words)
        page.evaluate("document.querySelector('textarea[name=body]').blur()")


def another(room: BrowserWorld, page: Page, where: str, path: str) -> Page:
    """Return a second tab of the same browser, or a second device of the same person."""
    if where == "device":
        return live(room.open("wren", path))
    tab = page.context.new_page()
    tab.set_default_timeout(10_000)
    tab.goto(room.server.url + path)
    return live(tab)


@pytest.mark.parametrize("where", ["tab", "device"])
def test_both_drafts_are_kept_and_each_page_says_so(room: BrowserWorld, where: str) -> None:
    path = f"/threads/{room.thread()}"
    first = live(room.open("wren", path))
    second = another(room, first, where, path)
    write(first, "Words of the first")
    write(second, "Words of the second")
    expect(second.locator(OTHER)).to_contain_text("Words of the first")
    expect(second.locator("[data-status]")).to_contain_text("another draft")
    write(first, "Words of the first, and more")
    expect(first.locator(OTHER)).to_contain_text("Words of the second")
    for page, words in ((first, "Words of the first, and more"), (second, "Words of the second")):
        page.reload()
        live(page)
        expect(page.locator(BODY)).to_have_value(words)
        expect(page.locator(OTHER)).to_have_count(1)
    first.click("[data-send]")
    expect(first.locator(".post-body", has_text="of the first, and more")).to_be_visible()
    expect(second.locator(BODY)).to_have_value("Words of the second")
    fresh = room.open("wren", path)
    expect(fresh.locator(BODY)).to_have_value("Words of the second")
    expect(fresh.locator(OTHER)).to_have_count(0)


def test_two_pages_that_hold_one_draft_part_when_both_write(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    first = live(room.open("wren", path))
    write(first, "I was awake")
    second = another(room, first, "device", path)
    expect(second.locator(BODY)).to_have_value("I was awake")
    write(second, "I was awake until four")
    write(first, "I fell asleep")
    expect(first.locator(OTHER)).to_contain_text("I was awake until four")
    first.click("text=Add it to what I'm writing")
    expect(first.locator(BODY)).to_have_value("I fell asleep\n\nI was awake until four")
    expect(first.locator(OTHER)).to_have_count(0)
    write(second, "I was awake until five")
    expect(second.locator(OTHER)).to_contain_text("I fell asleep")
    second.click("text=Open it instead")
    expect(second.locator(BODY)).to_have_value("I fell asleep\n\nI was awake until four")
    expect(second.locator(OTHER)).to_contain_text("I was awake until five")
    second.click("summary:has-text('Delete this draft')")
    second.click("text=Delete permanently")
    expect(second.locator(OTHER)).to_have_count(0)
    expect(second.locator(BODY)).to_have_value("I fell asleep\n\nI was awake until four")


def test_an_offline_draft_is_kept_next_to_the_other_draft(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    first = live(room.open("wren", path))
    first.context.set_offline(True)
    first.fill(BODY, "Written on the train")
    first.wait_for_timeout(2000)
    write(live(room.open("wren", path)), "Written at home")
    first.context.set_offline(False)
    expect(first.locator(OTHER)).to_contain_text("Written at home", timeout=15_000)
    expect(first.locator(BODY)).to_have_value("Written on the train")


def test_without_a_script_the_other_draft_is_there_to_take(room: BrowserWorld) -> None:
    path = f"/groups/{SLUG}/threads/new"
    phone, laptop = room.open("wren", path), room.open("wren", path)
    write(phone, "Begun on the phone")
    write(laptop, "Begun on the laptop")
    plain = room.open("wren", path, java_script_enabled=False)
    expect(plain.locator(OTHER)).to_have_count(1)
    plain.fill(BODY, "Typed now")
    plain.click("text=Open it instead")
    expect(plain.locator(OTHER)).to_contain_text("Typed now")
    plain.click("text=Add it to what I'm writing")
    expect(plain.locator(BODY)).to_have_value("Begun on the phone\n\nTyped now")
