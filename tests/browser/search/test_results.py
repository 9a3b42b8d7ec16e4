"""A result leads to its post: on a later page, behind a note, in a thread that is being read."""

from playwright.sync_api import expect

from forum.search import indexing
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BrowserWorld, live, room

__all__ = ["room"]


def test_a_result_leads_to_its_post(room: BrowserWorld) -> None:
    thread = room.thread(replies=84)
    noted = room.reply("ash", thread, "The lighthouse was dark.", content_note="loss")
    plain = room.reply("robin", thread, "A lighthouse, and a boat.")
    indexing.catch_up()
    wren = live(room.open("wren", f"/threads/{thread}"))
    wren.keyboard.press("/")
    wren.get_by_role("searchbox").first.fill("lighthouse")
    wren.keyboard.press("Enter")
    check_page(wren, "search-results")
    results = wren.locator(".search-results > li")
    expect(results).to_have_count(2)
    expect(results.nth(1).get_by_text("was dark")).to_be_hidden()
    results.nth(1).get_by_text("Content note: loss").click()
    expect(results.nth(1).get_by_text("was dark")).to_be_visible()
    for nth, post_id in ((1, noted), (0, plain)):
        results.nth(nth).get_by_role("link", name="Awake at three").click()
        expect(wren.locator(f"#post-{post_id}")).to_be_in_viewport()
        assert "page=5" in wren.url
        wren.go_back()
    results.nth(1).get_by_role("link", name="Awake at three").click()
    expect(wren.locator(f"#post-{noted}").get_by_text("was dark")).to_be_hidden()


def test_similar_threads_are_shown_while_a_title_is_written(room: BrowserWorld) -> None:
    thread = room.thread()
    indexing.catch_up()
    wren = room.open(
        "wren", "/groups/night-owls/threads/new", viewport={"width": 320, "height": 640}
    )
    wren.locator("[name=title]").press_sequentially("Always awake at three")
    link = wren.get_by_role("link", name="Awake at three")
    expect(link).to_have_attribute("href", f"/threads/{thread}")
    assert wren.evaluate("document.documentElement.scrollWidth") == 320
    check_page(wren, "similar-threads")
    wren.locator("[name=title]").fill("Birthdays")
    expect(link).to_be_hidden()
