"""Where links lead, seen from the screen: to what is new, and to a post wherever it has gone."""

import re

import pytest
from playwright.sync_api import expect

from forum.moderation.actions import service as moderation
from forum.threads.reader import reader_state
from tests.support.browsers.chromium import screenshot
from tests.support.browsers.thread_browsers import SLUG, WIDE, BrowserWorld, room  # noqa: F401 - a fixture


@pytest.mark.parametrize("script", [True, False])
def test_what_is_new_is_one_click_away(room: BrowserWorld, script: bool) -> None:  # noqa: F811
    thread = room.thread(replies=44)
    reader_state.record_read(room.viewers["robin"].id or 0, thread, 45)
    for number in range(5):
        room.reply("ash", thread, f"New number {number}. " + "It is light again. " * 9)
    robin = room.open("robin", "/", viewport=WIDE, java_script_enabled=script)
    expect(robin.get_by_text("1 thread with new posts").last).to_be_visible()
    robin.get_by_role("link", name="Awake at three").last.click()
    expect(robin.locator("#first-new")).to_be_in_viewport()
    expect(robin.locator("[data-number='46']")).to_be_in_viewport()
    screenshot(robin, f"first unread {'live' if script else 'plain'}")
    for place, link in (
        (f"/threads/{thread}", "Go to first unread"),
        (f"/groups/{SLUG}", re.compile("[0-9] new")),
    ):
        with room.app.app_context():
            room.reply("ash", thread, "And on.")
        robin.goto(f"{room.server.url}{place}")
        robin.get_by_role("link", name=link).click()
        expect(robin.locator("#first-new")).to_be_in_viewport()


def test_an_address_that_was_copied_leads_to_its_post_after_a_merge(room: BrowserWorld) -> None:  # noqa: F811
    older, newer = room.thread(replies=22), room.thread(replies=22)
    last = room.reply("robin", newer, "This is what I meant.")
    wren = room.open("wren", f"/posts/{last}")
    copied = wren.url
    assert copied.endswith(f"/threads/{newer}?page=2&post={last}#post-{last}")
    moderation.take_action(room.viewers["heron"], "merge", newer, value=str(older))
    long_ago = f"{room.server.url}/threads/{newer}?page=2#post-{last}"
    for script, address in ((True, copied), (False, copied), (True, long_ago)):
        reader = room.open("robin", "/", java_script_enabled=script)
        reader.goto(address)
        expect(reader.locator(f"#post-{last}")).to_be_in_viewport()
        expect(reader).to_have_url(
            f"{room.server.url}/threads/{older}?page=3&post={last}#post-{last}"
        )
