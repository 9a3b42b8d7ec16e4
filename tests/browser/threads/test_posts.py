"""A post to a screen reader and a keyboard: an article with a name, and two stops."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsers.chromium import axe
from tests.support.browsers.thread_browsers import (
    BODY,
    BrowserWorld,
    live,
    open_menu,
    react,
    reaction,
    room,
)

__all__ = ["room"]
PHONE = {"width": 360, "height": 740}


def stops(page: Page, number: int) -> list[str]:
    """Return where the keyboard stops in a post, by the names of what it finds there."""
    page.locator(f"[data-number='{number}']").focus()
    found: list[str] = []
    for _ in range(9):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """number => document.activeElement.closest(`[data-number="${number}"]`)
                ? document.activeElement.ariaLabel || document.activeElement.textContent : "" """,
            str(number),
        )
        if not stop:
            return found
        found.append(stop)
    return found


def test_each_post_is_an_article_with_a_name_and_two_stops(room: BrowserWorld) -> None:
    thread_id = room.thread(replies=2)
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    react(wren.locator("[data-number='3']"), "hug")
    expect(reaction(wren.locator("[data-number='3']"), "hug")).to_be_visible()
    wren.keyboard.press("Escape")
    expect(wren.get_by_role("article", name="Post 3 by ash", exact=False)).to_be_visible()
    expect(wren.get_by_role("heading", level=2, name="Post 3 by ash")).to_be_attached()
    assert stops(wren, 1) == ["More actions for post 1"]
    assert stops(wren, 2) == ["React to post 2", "More actions for post 2"]
    assert stops(wren, 3) == ["React to post 3", "More actions for post 3"]
    axe(wren)


def test_what_is_unread_says_so_and_what_comes_later_too(room: BrowserWorld) -> None:
    thread_id = room.thread()
    robin = live(room.open("robin", f"/threads/{thread_id}", java_script_enabled=True))
    room.reply("ash", thread_id, "Said while robin was away.")
    robin.goto("about:blank")
    robin.goto(f"{room.server.url}/threads/{thread_id}")
    live(robin)
    expect(robin.get_by_role("article", name="Post 2 by ash, unread", exact=True)).to_be_visible()
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    wren.fill(BODY, "One more.")
    wren.click("[data-send]")
    expect(robin.get_by_role("article", name="Post 3 by wren, unread", exact=True)).to_be_attached()
    expect(wren.get_by_role("article", name="Post 3 by wren", exact=True)).to_be_visible()


def test_only_what_was_given_is_shown_and_one_press_joins_in(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    robin, ash = live(room.open("robin", path)), live(room.open("ash", path))
    post = robin.locator(".post")
    expect(post.locator(".post-reactions > .react")).to_have_count(0)
    for kind in ("me_too", "hug"):
        react(post, kind)
        expect(post.locator(".react-menu summary")).to_be_focused()
        expect(reaction(ash.locator(".post"), kind)).to_be_visible()
    shown = post.locator(".post-reactions > .react").evaluate_all(
        "all => all.map(one => one.value)"
    )
    assert shown == ["hug", "me_too"]
    reaction(ash.locator(".post"), "hug").click()
    expect(reaction(post, "hug").locator("b")).to_have_text("2")
    open_menu(post, "react")
    expect(post.locator(".react-menu [value=hug]")).to_have_attribute("aria-pressed", "true")
    reaction(post, "me_too").click()
    expect(reaction(ash.locator(".post"), "me_too")).to_have_count(0)


@pytest.mark.parametrize("which", ["react", "more"])
def test_a_menu_at_the_bottom_of_the_screen_comes_into_view(room: BrowserWorld, which: str) -> None:
    page = live(room.open("robin", f"/threads/{room.thread(replies=9)}", viewport=PHONE))
    post = page.locator("[data-number='4']")
    post.locator(".post-foot").evaluate("foot => foot.scrollIntoView({block: 'end'})")
    box = open_menu(post, which).locator("> div").bounding_box()
    assert box
    bar = page.locator(".site-nav").bounding_box()
    assert bar
    assert box["y"] + box["height"] <= bar["y"]
    page.keyboard.press("ArrowDown")
    first = post.locator(f".{which}-menu > div :is(a, button)").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(post.locator(f".{which}-menu summary")).to_be_focused()
