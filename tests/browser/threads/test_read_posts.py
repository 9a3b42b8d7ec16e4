"""What counts as read: what was on screen, and without scripts what was served, which is said."""

import time

from playwright.sync_api import Page, expect

from forum.accounts.preferences import content_note_preferences
from forum.core import db
from forum.threads.lists import thread_lists
from tests.support.browsers.chromium import screenshot
from tests.support.browsers.thread_browsers import SLUG, WIDE, BrowserWorld, room  # noqa: F401 - a fixture

WAIT_S = 10.0
SAID = "The posts on this page are now marked as read."


def unread(room: BrowserWorld, handle: str = "robin") -> int:  # noqa: F811
    """Return how many posts of the newest thread are new to somebody."""
    db.release_session()
    return int(thread_lists.threads_of(room.viewers[handle], room.group_id, 1)[0].unread)


def awaited(room: BrowserWorld, most: int) -> int:  # noqa: F811
    """Return the same once it is no more than that."""
    until = time.monotonic() + WAIT_S
    while (left := unread(room)) > most and time.monotonic() < until:
        time.sleep(0.1)
    return left


def with_scripts(room: BrowserWorld, path: str) -> Page:  # noqa: F811
    """Return robin's browser on a page; they were on the first page before."""
    robin = room.open("robin", "/", viewport=WIDE)
    robin.goto(room.server.url + path)
    return robin


def test_posts_that_were_on_screen_are_read_and_no_others(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread(replies=18)
    robin = with_scripts(room, f"/threads/{thread}")
    assert 12 <= awaited(room, 18) < 19
    robin.locator("[data-number='19']").scroll_into_view_if_needed()
    expect(robin.locator("[data-number='19']")).to_be_in_viewport()
    awaited(room, 15)
    robin.get_by_role("link", name="Night owls").first.click()
    expect(robin.get_by_role("link", name="new")).to_be_visible()
    robin.get_by_role("link", name="new").click()
    expect(robin.locator("#first-new + li .post")).to_be_in_viewport()
    assert robin.locator("#first-new + li .post").get_attribute("data-number") != "1"
    screenshot(robin, "read in part")


def test_a_page_that_was_only_loaded_is_not_read(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread(replies=3)
    robin = room.open("robin", "/")
    robin.add_init_script("Object.defineProperty(document, 'hidden', { value: true })")
    robin.goto(f"{room.server.url}/threads/{thread}")
    expect(robin.locator("[data-present]")).to_contain_text("Here now:")
    robin.wait_for_timeout(2500)  # longer than a post has to be on screen
    assert unread(room) == 4


def test_what_is_out_of_sight_by_ones_own_choice_is_read_too(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread()
    room.reply("ash", thread, "It happened again.", content_note="self-harm")
    content_note_preferences.save(room.viewers["robin"], {"self-harm": "hidden"})
    db.release_session()
    robin = with_scripts(room, f"/threads/{thread}")
    robin.get_by_text("Hidden because of its content note").scroll_into_view_if_needed()
    assert awaited(room, 0) == 0


def test_marking_a_thread_as_read_leaves_what_came_later(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread(replies=24)
    robin = with_scripts(room, f"/threads/{thread}")
    room.reply("ash", thread, "Said since.")
    db.release_session()
    robin.get_by_role("button", name="Mark all as read").click()
    expect(robin.get_by_role("button", name="Mark all as read")).to_be_visible()
    assert awaited(room, 1) == 1
    robin.goto(f"{room.server.url}/groups/{SLUG}")
    robin.get_by_role("link", name="1 new").click()
    expect(robin.locator("[data-number='26']")).to_be_in_viewport()


def test_without_scripts_what_was_served_counts_and_the_page_says_so(
    room: BrowserWorld,  # noqa: F811
) -> None:
    thread = room.thread(replies=24)
    robin = room.open("robin", f"/threads/{thread}", java_script_enabled=False)
    expect(robin.locator("noscript > p.hint")).to_have_text(
        "The posts on this page are now marked as read."
    )
    assert awaited(room, 5) == 5


def test_who_turns_scripts_off_counts_the_page_by_a_button(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread(replies=24)
    robin = room.open("robin", "/", java_script_enabled=False)
    robin.context.add_cookies([{"name": "page_scripts", "value": "on", "url": room.server.url}])
    robin.goto(f"{room.server.url}/threads/{thread}")
    assert unread(room) == 25
    screenshot(robin, "scripts turned off")
    robin.get_by_role("button", name="Mark this page as read").click()
    assert awaited(room, 5) == 5
    expect(robin.locator("noscript > p.hint")).to_have_text(
        "The posts on this page are now marked as read."
    )
