"""Three people in real browsers hold a meeting: one who facilitates, and two members."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from forum.core import clock
from tests.support.browsers.chromium import axe, screenshot
from tests.support.browsers.room_browsers import NARROW, WIDE, inside, meeting, say
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, open_menu, room

__all__ = ["room"]
PRIVATE = "Your private message"


def open_person(page: Page, handle: str) -> None:
    """Open what can be done with somebody."""
    page.locator(f'.room-menu summary[aria-label="More about {handle}"]').click()


def aside(page: Page) -> Locator:
    """Show people and the speaking queue, which are behind a button on a small screen."""
    button = page.locator(".room-people-link")
    if button.is_visible():
        button.click()
    return page.locator(".room-side")


@pytest.fixture
def circle(room: BrowserWorld) -> dict[str, Page]:
    """Return a meeting with heron, who facilitates, wren and robin in it, on wide and small."""
    path = meeting(room)
    pages = {"heron": inside(room.open("heron", path, viewport=WIDE))}
    pages["wren"] = inside(room.open("wren", path, viewport=WIDE))
    pages["robin"] = inside(room.open("robin", path, viewport=NARROW))
    for page in pages.values():
        expect(page.locator(".room-count")).to_have_text("3")
    return pages


def test_the_doors_open_on_the_pages_of_waiting_members(room: BrowserWorld) -> None:
    path = meeting(room, starts_at=clock.now() + timedelta(minutes=5))
    wren = room.open("wren", path, viewport=WIDE)
    expect(wren.locator("[data-state-line]")).to_contain_text("The room is not open yet")
    axe(wren)
    screenshot(wren, "room waiting")
    inside(room.open("heron", path, viewport=WIDE))
    inside(wren)
    expect(wren.locator("[data-state-line]")).to_contain_text("The room is open")
    expect(wren.locator(".room-composer")).to_be_visible()
    axe(wren)


def test_people_talk_in_turns(circle: dict[str, Page]) -> None:
    heron, wren, robin = circle["heron"], circle["wren"], circle["robin"]
    say(wren, "Good evening, everyone. It was a **long** week.")
    say(robin, "I am glad to be here.")
    say(heron, "Welcome. Let us begin with a quiet minute.")
    for page in circle.values():
        expect(page.locator(".message")).to_have_count(3)
    expect(robin.locator(".message strong", has_text="long")).to_be_visible()

    heron.get_by_label("Only the person whose turn it is can write").check()
    heron.get_by_role("button", name="Save", exact=True).click()
    expect(robin.locator(".room-turn-hint")).to_be_visible()
    hand = robin.get_by_role("button", name="Raise hand")
    hand.focus()
    robin.keyboard.press("Space")
    expect(hand).to_have_attribute("aria-pressed", "true")
    expect(heron.locator(".room-hands li")).to_have_count(1)
    wren.get_by_role("button", name="Raise hand").click()
    hands = heron.locator(".room-hands li")
    expect(hands).to_have_count(2)
    hands.nth(1).get_by_role("button", name="Move up").click()
    expect(hands.nth(0)).to_contain_text("wren")
    screenshot(heron, "room facilitator")
    axe(heron)

    hands.nth(1).get_by_role("button", name="Give the turn").click()
    expect(robin.locator("[data-say]")).to_have_text("It's your turn.")
    say(robin, "Thank you. I slept badly, and I came anyway.")
    expect(wren.locator(".message")).to_have_count(4)
    wren.fill(BODY, "Out of turn")
    wren.press(BODY, "Enter")
    expect(wren.locator("[data-composer] [data-status]")).to_contain_text("One person speaks")
    expect(wren.locator(BODY)).to_have_value("Out of turn")
    screenshot(robin, "room turn 320")
    axe(robin)
    robin.get_by_role("button", name="Finish my turn").click()
    expect(heron.locator(".room-speaker")).to_have_count(0)
    wren.get_by_role("button", name="Take your turn").click()
    expect(wren.locator("[data-say]")).to_have_text("It's your turn.")


def test_hiding_a_message_keeps_the_focus_and_what_was_opened(circle: dict[str, Page]) -> None:
    heron, wren = circle["heron"], circle["wren"]
    say(wren, "I am glad to be here.")
    message = heron.locator(".message")
    more = message.locator(".post-menu summary")
    more.focus()
    for act, then in (("Hide", "Show again"), ("Show again", "Hide")):
        heron.keyboard.press("Enter")
        heron.keyboard.press("ArrowUp")
        expect(message.get_by_role("button", name=act)).to_be_focused()
        heron.keyboard.press("Enter")
        expect(message.locator("button", has_text=then)).to_be_attached()
        expect(more).to_be_focused()
    expect(wren.locator(".message")).to_have_count(1)


def test_a_reaction_passes_and_a_word_is_private(circle: dict[str, Page]) -> None:
    heron, wren, robin = circle["heron"], circle["wren"], circle["robin"]
    open_menu(wren.locator(".room-say"), "react").get_by_role("button", name="Hug").click()
    expect(robin.locator("[data-transient-reactions]")).to_contain_text("wren: Hug")
    expect(robin.locator("[data-transient-reactions]")).to_have_attribute("aria-hidden", "true")
    wren.get_by_text("Message facilitators privately").click()
    wren.get_by_label(PRIVATE).fill("I need a break.")
    wren.get_by_role("button", name="Send privately").click()
    expect(heron.locator("summary [data-private-new]")).to_have_text("1 new")
    expect(wren.get_by_label(PRIVATE)).to_have_value("")
    heron.get_by_text("Private messages").click()
    expect(heron.locator("[data-private-new]").last).to_be_hidden()
    expect(heron.locator("[data-private-notes]")).to_contain_text("I need a break.")
    heron.get_by_label("To", exact=True).select_option(label="wren")
    heron.get_by_label(PRIVATE).fill("Take your time.")
    heron.get_by_role("button", name="Send privately").click()
    expect(wren.locator("[data-private-notes]")).to_contain_text("Take your time.")
    expect(robin.locator("[data-private-notes]")).to_have_text("")


def test_a_removal_and_a_meeting_up_to_its_summary(
    circle: dict[str, Page],
) -> None:
    heron, wren, robin = circle["heron"], circle["wren"], circle["robin"]
    say(robin, "Something unkind.")
    open_person(heron, "robin")
    heron.get_by_role("button", name="Remove from the room: robin").click()
    expect(robin.locator("[data-connection]")).to_contain_text("removed you from this meeting")
    expect(robin.locator(".room-log")).to_be_hidden()
    screenshot(robin, "room sent out 320")
    say(heron, "Let us go on.")
    expect(wren.locator(".message")).to_have_count(2)
    expect(robin.locator(".message")).to_have_count(1)
    expect(wren.locator(".room-count")).to_have_text("2")

    heron.get_by_role("button", name="Start wrapping up").click()
    expect(wren.locator("[data-state-line]")).to_contain_text("The meeting is coming to an end")
    axe(wren)
    heron.get_by_role("button", name="Close the room now").click()
    expect(wren.locator("[data-state-line]")).to_contain_text("This meeting is over")
    expect(wren.locator(".room-composer")).to_be_hidden()
    axe(wren)
    screenshot(wren, "room over")
    expect(wren.get_by_role("link", name="How the meeting went")).to_have_count(0)
    heron.get_by_role("link", name="How the meeting went").click()
    expect(heron.get_by_role("heading", name="Who left without speaking")).to_be_visible()
    screenshot(heron, "room summary")
    axe(heron)


def test_only_what_is_said_is_in_the_log(circle: dict[str, Page]) -> None:
    wren = circle["wren"]
    log = wren.get_by_role("log")
    expect(log).to_have_attribute("aria-relevant", "additions")
    wren.evaluate(
        """() => { window.changes = 0; new MutationObserver((all) => {
        window.changes += all.length;
        }).observe(document.querySelector("[data-log]"), {childList: true, subtree: true}); }"""
    )
    circle["robin"].locator(BODY).press_sequentially("Well")
    expect(wren.locator("[data-typing]")).to_have_text("robin is writing…")
    circle["robin"].get_by_role("button", name="Raise hand").click()
    expect(wren.locator(".room-hands li")).to_have_count(1)
    aside(circle["robin"]).get_by_role("button", name="Leave the room").click()
    expect(wren.locator(".room-count")).to_have_text("2")
    assert wren.evaluate("window.changes") == 0
    say(circle["heron"], "Now.")
    expect(log.locator(".message")).to_have_count(1)
    assert wren.evaluate("window.changes") > 0


def test_a_restart_of_the_server_leaves_the_room_open_and_loses_nothing(
    room: BrowserWorld, circle: dict[str, Page]
) -> None:
    wren, robin = circle["wren"], circle["robin"]
    say(wren, "Before.")
    room.server.kill9()
    expect(wren.locator("[data-connection]")).to_contain_text("You're offline")
    wren.fill(BODY, "Written in the dark.")
    wren.press(BODY, "Enter")
    expect(wren.locator("[data-send]")).to_have_text("Waiting for the connection…")
    room.server.start()
    for page in circle.values():
        dark = page.locator(".message", has_text="Written in the dark.")
        expect(dark).to_have_count(1, timeout=20_000)
    expect(robin.locator("[data-state-line]")).to_contain_text("The meeting has started")
    expect(robin.locator(".message")).to_have_count(2)


def test_what_is_not_sent_yet_survives_a_reload(circle: dict[str, Page]) -> None:
    wren = circle["wren"]
    wren.fill(BODY, "Half a thought")
    with wren.expect_response("**/draft"):
        wren.locator(BODY).blur()
    wren.reload()
    expect(inside(wren).locator(BODY)).to_have_value("Half a thought")


def test_all_of_it_works_without_script(room: BrowserWorld, circle: dict[str, Page]) -> None:
    path = circle["wren"].url.removeprefix(room.server.url)
    ash = room.open("ash", path, java_script_enabled=False)
    ash.get_by_role("button", name="Come in").click()
    ash.fill(BODY, "I have no script.")
    ash.get_by_role("button", name="Send", exact=True).click()
    expect(ash.locator(".message")).to_contain_text("I have no script.")
    expect(circle["wren"].locator(".message")).to_contain_text("I have no script.")
    ash.get_by_role("button", name="Raise hand").click()
    expect(ash.locator(".room-hands")).to_contain_text("ash")
    expect(circle["wren"].locator(".room-hands")).to_contain_text("ash")
    ash.get_by_text("Message facilitators privately").click()
    ash.get_by_label(PRIVATE).fill("A private word")
    ash.get_by_role("button", name="Send privately").click()
    expect(ash.locator(".room-note-list")).to_contain_text("A private word")
    heron = room.open("heron", path, java_script_enabled=False)
    heron.get_by_role("button", name="Give the turn: ash").first.click()
    expect(heron.locator(".room-speaker")).to_contain_text("ash")
    ash.reload()
    ash.get_by_role("button", name="Finish my turn").click()
    expect(ash.locator(".room-speaker")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 800])
def test_the_room_in_the_dark_and_on_a_small_screen(room: BrowserWorld, width: int) -> None:
    path = meeting(room)
    viewport = {"width": width, "height": 700}
    heron = inside(room.open("heron", path, viewport=viewport, color_scheme="dark"))
    say(heron, "averyveryverylongword" * 6)
    say(heron, "> A quotation")
    expect(heron.locator(".message")).to_have_count(2)
    first = heron.locator(".message").first
    actions, when = (first.locator(part).bounding_box() for part in (".post-menu", ".message-time"))
    assert actions
    assert when
    assert actions["x"] >= when["x"] + when["width"] or actions["y"] >= when["y"] + when["height"]
    axe(heron)
    screenshot(heron, f"room dark {width}")
    assert heron.evaluate("document.documentElement.scrollWidth") <= width
