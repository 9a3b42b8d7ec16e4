"""The frame in a real browser: the way out, narrow screens, keyboard, local times, weight."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browsers.chromium import check_page
from tests.support.servers.real_servers import Server

ELSEWHERE = "https://www.wikipedia.org/"
PAGES = ["/help-now?country=GB", "/help-now?country=elsewhere", "/no-such-page"]
FIRST_VISIT_MOST = 150_000
WIDTHS = (320, 800, 1280)


def elsewhere(route: Route) -> None:
    route.fulfill(body="<title>Somewhere neutral</title>", content_type="text/html")


@pytest.fixture
def visit(page: Page, shared_server: Server) -> Page:
    page.route(f"{ELSEWHERE}**", elsewhere)
    page.goto(f"{shared_server.url}/help-now?country=GB")
    return page


def test_the_button_leaves_and_takes_the_place_in_the_history(visit: Page) -> None:
    before = visit.evaluate("history.length")
    visit.get_by_role("link", name="Quick exit").click()
    visit.wait_for_url(ELSEWHERE)
    assert visit.evaluate("history.length") == before


def test_three_presses_of_shift_leave_even_from_a_field(visit: Page) -> None:
    visit.get_by_label("Where are you?").focus()
    for _ in range(3):
        visit.keyboard.press("Shift")
    visit.wait_for_url(ELSEWHERE)


def test_the_presses_that_are_missing_are_spoken(visit: Page) -> None:
    count = visit.locator("[data-leave-count]")
    for words in ("Press Shift twice more", "Press Shift once more"):
        visit.keyboard.press("Shift")
        expect(count).to_contain_text(words)
        assert count.get_attribute("role") == "status"


@pytest.mark.parametrize("between", ["A", "Escape", "Tab", "Shift+B"])
def test_shift_with_another_key_is_no_press(visit: Page, between: str) -> None:
    for _ in range(2):
        visit.keyboard.press("Shift")
    visit.keyboard.press(between)
    for _ in range(2):
        visit.keyboard.press("Shift")
    expect(visit.get_by_role("heading", name="Get help now")).to_be_visible()
    for _ in range(3):
        visit.keyboard.press("Escape")
    expect(visit.get_by_role("heading", name="Get help now")).to_be_visible()


def test_slow_presses_stay_and_say_so(visit: Page) -> None:
    visit.clock.install()
    for _ in range(2):
        visit.keyboard.press("Shift")
    visit.clock.run_for(6000)
    expect(visit.locator("[data-leave-count]")).to_have_text("You are still on this site.")
    visit.keyboard.press("Shift")
    expect(visit.get_by_role("heading", name="Get help now")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_visitors_are_promised_the_way_out_that_they_have(
    browser: Browser, shared_server: Server, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(shared_server.url)
    promise = page.get_by_role("listitem").filter(has_text="A quick way out")
    shift, back = promise.get_by_text("Shift three times"), promise.locator("noscript")
    expect(shift if script else back).to_be_visible()
    expect(back if script else shift).to_be_hidden()
    context.close()


def test_without_script_the_way_out_is_a_link(browser: Browser, shared_server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route(f"{ELSEWHERE}**", elsewhere)
    page.goto(f"{shared_server.url}/help-now")
    page.get_by_label("Where are you?").select_option("IE")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Ireland")).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")
    assert page.url.endswith("?country=IE")
    page.get_by_role("link", name="Quick exit").click()
    page.wait_for_url(ELSEWHERE)
    context.close()


def test_axe_finds_nothing_and_nothing_is_cut_off(page: Page, shared_server: Server) -> None:
    for address in PAGES:
        page.goto(shared_server.url + address)
        check_page(page, widths=WIDTHS)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            for name in ("Get help now", "Quick exit"):
                expect(page.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)


def test_the_end_of_a_page_is_not_covered(browser: Browser, shared_server: Server) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{shared_server.url}/help-now")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    lowest = page.get_by_role("button", name="Dark").bounding_box()
    bar = page.get_by_role("navigation", name="Site").bounding_box()
    assert lowest
    assert bar
    assert lowest["y"] + lowest["height"] <= bar["y"]
    context.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Page) -> None:
    visit.keyboard.press("Tab")
    skip = visit.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visit.keyboard.press("Enter")
    expect(visit.locator("main")).to_be_focused()


def test_a_first_visit_is_light(browser: Browser, shared_server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(shared_server.url, wait_until="networkidle")
    assert 10_000 < sum(sizes) < FIRST_VISIT_MOST
    context.close()
