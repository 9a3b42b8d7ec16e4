"""Finding one's way in a real browser: the first page, the rail, the bar of a phone, the menu."""

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.support.browsers.chromium import check_page, screenshot
from tests.support.browsers.thread_browsers import SLUG, BrowserWorld, room, send  # noqa: F401 - a fixture

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 800}
SMALL: list[ViewportSize] = [{"width": 320, "height": 640}, PHONE, {"width": 640, "height": 400}]


def test_the_first_page_stays_up_to_date(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread()
    robin = room.open("robin", "/", viewport=WIDE)
    expect(robin.get_by_text("The house is so quiet.")).to_be_visible()
    expect(robin.locator("body[data-live]")).to_be_visible()
    ash = room.open("ash", f"/threads/{thread}")
    rail = robin.get_by_role("navigation", name="Your groups")
    expect(rail.get_by_text("1 thread with new posts")).to_be_attached()
    robin.get_by_role("link", name="Awake at three").first.focus()
    send(ash, "I know this well.")
    expect(robin.get_by_text("2 unread")).to_be_attached(timeout=15_000)
    assert robin.evaluate("document.activeElement.textContent") == "Awake at three"
    screenshot(robin, "first page")
    robin.get_by_role("link", name="Awake at three").first.blur()
    reader = room.open("robin", f"/threads/{thread}")  # on another device
    reader.locator("[data-number='2']").scroll_into_view_if_needed()
    expect(robin.get_by_text("You're up to date")).to_be_visible(timeout=15_000)
    expect(rail.get_by_text("with new posts")).to_have_count(0)


def test_a_wide_screen_has_the_rail_on_every_page(room: BrowserWorld) -> None:  # noqa: F811
    room.thread()
    heron = room.open("heron", "/help-now", viewport=WIDE)
    rail = heron.get_by_role("navigation", name="Your groups")
    expect(rail.get_by_text("1 thread with new posts")).to_be_attached()
    expect(rail.get_by_role("link", name="Moderation queue")).to_be_visible()
    heading = heron.get_by_role("heading", level=1)
    assert heading.evaluate("one => getComputedStyle(one).marginTop") == "0px"
    check_page(heron, widths=(1280,))
    rail.get_by_role("link", name="Night owls").click()
    expect(rail.get_by_role("link", name="Night owls")).to_have_attribute("aria-current", "page")
    screenshot(heron, "rail")
    heron.set_viewport_size(PHONE)
    expect(rail).to_be_hidden()


def test_the_rail_of_any_page_stays_up_to_date(room: BrowserWorld) -> None:  # noqa: F811
    thread = room.thread()
    robin = room.open("robin", "/help-now", viewport=WIDE)
    news = robin.get_by_role("navigation", name="Your groups").get_by_text("with new posts")
    expect(news).to_have_count(1)
    expect(robin.locator("body[data-live]")).to_be_visible()
    asked: list[str] = []
    robin.on("request", lambda request: asked.append(request.url))
    reader = room.open("robin", f"/threads/{thread}")  # on another device
    reader.locator("[data-number='1']").scroll_into_view_if_needed()
    expect(news).to_have_count(0, timeout=15_000)
    reader.goto(f"{room.server.url}/help-now")
    ash = room.open("ash", f"/threads/{thread}")
    for words in ("I know this well.", "And the kettle is on."):
        send(ash, words)
    expect(news).to_have_count(1, timeout=15_000)
    assert len([url for url in asked if url.endswith("/rail")]) <= 3


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_has_a_bar_that_covers_nothing(room: BrowserWorld, script: bool) -> None:  # noqa: F811
    thread = room.thread(replies=3)
    robin = room.open("robin", f"/threads/{thread}", viewport=PHONE, java_script_enabled=script)
    for size in SMALL:
        robin.set_viewport_size(size)
        for name in ("Get help now", "Quick exit"):
            link = robin.get_by_role("link", name=name, exact=True)
            expect(link).to_be_in_viewport(ratio=1)
        for name in ("Home", "Groups", "Notifications"):
            link = robin.get_by_role("navigation", name="Site").get_by_role("link", name=name)
            expect(link).to_be_in_viewport(ratio=1)
        for part in (
            robin.get_by_role("button", name="Send reply"),
            robin.locator("footer button").last,
        ):
            part.scroll_into_view_if_needed()
            part.focus()
            assert is_on_top(part), (size, part)
    robin.set_viewport_size(PHONE)
    robin.locator(".site-nav summary").click()
    expect(robin.get_by_role("link", name="Bookmarks")).to_be_in_viewport(ratio=1)
    expect(robin.get_by_role("button", name="Log out")).to_be_in_viewport(ratio=1)
    screenshot(robin, f"phone bar {'live' if script else 'plain'}")


def is_on_top(part: Locator) -> bool:
    """Whether the middle of something can be pressed where it is."""
    box = part.bounding_box()
    assert box
    where = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    return bool(
        part.evaluate("(one, [x, y]) => one.contains(document.elementFromPoint(x, y))", where)
    )


@pytest.mark.parametrize("script", [True, False])
def test_a_group_has_one_menu_and_leaving_comes_last(room: BrowserWorld, script: bool) -> None:  # noqa: F811
    heron = room.open("heron", f"/groups/{SLUG}", viewport=PHONE, java_script_enabled=script)
    tabs = heron.get_by_role("navigation", name="Night owls")
    tops = tabs.locator("> a, > details > summary").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1  # one row
    expect(tabs.get_by_role("link", name="Leave this group")).to_be_hidden()
    tabs.locator("summary").focus()
    heron.keyboard.press("Enter")
    links = tabs.locator("details a").all_inner_texts()
    assert links[-1] == "Leave this group"
    assert "Settings" in links
    tabs.get_by_role("link", name="Settings").click()
    expect(heron).to_have_url(f"{room.server.url}/groups/{SLUG}/settings")


def test_axe_finds_nothing_on_the_first_page_and_in_a_group(room: BrowserWorld) -> None:  # noqa: F811
    room.thread(replies=2)
    heron = room.open("heron", "/")
    for path in ("/", f"/groups/{SLUG}", "/account", "/account/handle"):
        heron.goto(room.server.url + path)
        check_page(heron, widths=(320, 800, 1280))
