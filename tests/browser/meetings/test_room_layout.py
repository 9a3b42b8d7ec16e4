"""Where things are in a room: the newest message and the composer are always on the screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsers.chromium import axe
from tests.support.browsers.room_browsers import inside, meeting, say
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, room

__all__ = ["room"]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1280, "height": 800}}
# As 1280 x 800 is at 200 %.
ZOOMED = {"viewport": {"width": 640, "height": 400}}


def bottom(page: Page, selector: str) -> float:
    """Return where something ends, in pixels from the top of the screen."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"] + box["height"]


def floor(page: Page) -> float:
    """Return where the screen ends for what is read: above a bar at its bottom."""
    size = page.viewport_size
    bar = page.locator(".site-nav").bounding_box()
    assert size
    assert bar
    return bar["y"] if bar["y"] > 100 else size["height"]


@pytest.mark.parametrize("screen", [PHONE, WIDE, ZOOMED], ids=["phone", "wide", "zoomed"])
def test_the_composer_and_the_newest_message_are_on_the_screen(
    room: BrowserWorld, screen: dict[str, object]
) -> None:
    path = meeting(room)
    heron = inside(room.open("heron", path))
    wren = inside(room.open("wren", path, **screen))
    for n in range(12):
        say(heron, f"Message {n}")
    expect(wren.get_by_text("Message 11", exact=True)).to_be_in_viewport()
    expect(wren.locator(BODY)).to_be_in_viewport(ratio=1)
    expect(wren.locator("[data-send]")).to_be_in_viewport(ratio=1)
    assert bottom(wren, "[data-send]") <= floor(wren)
    wren.fill(BODY, "One line\n" * 30)
    expect(wren.locator("[data-send]")).to_be_in_viewport(ratio=1)
    assert bottom(wren, "[data-send]") <= floor(wren)
    if screen is not ZOOMED:
        assert wren.evaluate("scrollY") == 0
        expect(wren.get_by_text("Message 11", exact=True)).to_be_in_viewport()
    axe(wren)


def test_a_reader_further_up_stays_there_and_is_led_on(room: BrowserWorld) -> None:
    path = meeting(room)
    heron = inside(room.open("heron", path))
    wren = inside(room.open("wren", path, **WIDE))
    for n in range(15):
        say(heron, f"Message {n}")
    expect(wren.get_by_text("Message 14", exact=True)).to_be_in_viewport()
    button = wren.get_by_role("button", name="New messages")
    wren.locator("[data-log]").evaluate("log => log.scrollTo(0, 0)")
    expect(button).to_be_hidden()
    say(heron, "The latest")
    expect(button).to_be_visible()
    expect(wren.get_by_text("Message 0", exact=True)).to_be_in_viewport()
    axe(wren)
    button.click()
    expect(wren.get_by_text("The latest", exact=True)).to_be_in_viewport()
    expect(button).to_be_hidden()


def test_people_are_next_to_messages_or_behind_one_button(room: BrowserWorld) -> None:
    path = meeting(room)
    heron = inside(room.open("heron", path, **WIDE))
    expect(heron.get_by_role("complementary", name="People")).to_be_in_viewport()
    expect(heron.locator(".room-people-link")).to_be_hidden()
    wren = inside(room.open("wren", path, **PHONE))
    side = wren.get_by_role("complementary", name="People")
    expect(side).to_be_hidden()
    link = wren.get_by_role("link", name="People 2")
    link.click()
    expect(side).to_be_visible()
    expect(wren.locator(".room-log")).to_be_hidden()
    expect(wren.get_by_label("Your private message")).to_be_hidden()
    wren.get_by_text("Message facilitators privately").click()
    expect(wren.get_by_label("Your private message")).to_be_visible()
    axe(wren)
    wren.get_by_role("link", name="Back to the messages").click()
    expect(wren.locator(".room-log")).to_be_visible()
    link.click()
    side.press("Escape")
    expect(link).to_be_focused()


def test_return_begins_a_line_on_touch_and_sends_from_a_keyboard(room: BrowserWorld) -> None:
    path = meeting(room)
    heron = inside(room.open("heron", path, **WIDE))
    wren = inside(room.open("wren", path, **PHONE))
    wren.fill(BODY, "One")
    wren.press(BODY, "Enter")
    expect(wren.locator(BODY)).to_have_value("One\n")
    wren.locator("[data-send]").tap()
    expect(wren.locator(".message")).to_have_count(1)
    heron.fill(BODY, "Two")
    composing = "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', %s}))"
    for how in ("isComposing: true", "keyCode: 229"):
        heron.locator(BODY).evaluate(composing % how)
    heron.press(BODY, "Shift+Enter")
    expect(heron.locator(BODY)).to_have_value("Two\n")
    heron.press(BODY, "Enter")
    expect(wren.locator(".message")).to_have_count(2)
    expect(heron.locator(BODY)).to_have_value("")


def test_the_speaker_is_shown_above_the_composer(room: BrowserWorld) -> None:
    path = meeting(room)
    heron = inside(room.open("heron", path, **WIDE))
    wren = inside(room.open("wren", path, **PHONE))
    wren.get_by_role("button", name="Raise hand").tap()
    wren.get_by_role("button", name="Take your turn").tap()
    expect(wren.get_by_role("button", name="Finish my turn")).to_be_in_viewport(ratio=1)
    expect(heron.locator(".room-speaker")).to_contain_text("wren")
    assert bottom(wren, "[data-send]") <= floor(wren)
    axe(wren)
