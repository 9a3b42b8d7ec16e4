"""Three people in real browsers hold a meeting: one who facilitates, and two members."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from forum.core import clock
from tests import factories
from tests.browsers import axe, screenshot
from tests.threadsroom import BODY, Room, room

__all__ = ["room"]
NARROW = {"width": 320, "height": 700}
WIDE = {"width": 1180, "height": 800}


def meeting(room: Room, **details: object) -> str:
    """Return the address of the room of a meeting that begins now; heron looks after it."""
    plan = {"title": "Evening circle", "starts_at": clock.now(), **details}
    return f"/meetings/{factories.meeting(room.group_id, **plan)}/room"


def inside(page: Page) -> Page:
    """Wait until somebody is in the room."""
    expect(page.locator(".room")).to_have_attribute("data-inside", "yes", timeout=10_000)
    return page


def say(page: Page, words: str) -> None:
    """Write something and send it with Enter."""
    page.fill(BODY, words)
    page.press(BODY, "Enter")
    expect(page.locator(BODY)).to_have_value("")


def open_menu(page: Page, handle: str) -> None:
    """Open what can be done with somebody."""
    page.locator(f'.room-menu summary[aria-label="More about {handle}"]').click()


def test_a_meeting_from_the_door_to_the_summary(room: Room) -> None:
    path = meeting(room, starts_at=clock.now() + timedelta(minutes=5), greeting="Welcome, *all*.")
    wren = room.open("wren", path, viewport=WIDE)
    expect(wren.locator("[data-state-line]")).to_contain_text("The room is not open yet")
    axe(wren)
    screenshot(wren, "room waiting")
    heron = inside(room.open("heron", path, viewport=WIDE))
    inside(wren)
    expect(wren.locator("[data-state-line]")).to_contain_text("The doors are open")
    robin = inside(room.open("robin", path, viewport=NARROW))
    for page in (wren, robin, heron):
        expect(page.locator(".room-count")).to_have_text("3")

    say(wren, "Good evening, everyone. It was a **long** week.")
    say(robin, "I am glad to be here.")
    say(heron, "Welcome. Let us begin with a quiet minute.")
    for page in (wren, robin, heron):
        expect(page.locator(".message")).to_have_count(3)
    expect(robin.locator(".message strong", has_text="long")).to_be_visible()

    heron.get_by_label("Only whose turn it is writes").check()
    heron.get_by_role("button", name="Set", exact=True).click()
    expect(robin.locator(".room-turn-hint")).to_be_visible()
    hand = robin.get_by_role("button", name="Raise your hand")
    hand.click()
    expect(hand).to_have_attribute("aria-pressed", "true")
    wren.get_by_role("button", name="Raise your hand").click()
    hands = heron.locator(".room-hands li")
    expect(hands).to_have_count(2)
    hands.nth(1).get_by_role("button", name="Earlier").click()
    expect(hands.nth(0)).to_contain_text("wren")
    screenshot(heron, "room facilitator")
    axe(heron)
    hands.nth(1).get_by_role("button", name="Give the turn").click()
    expect(robin.locator("[data-say]")).to_have_text("It is your turn.")
    say(robin, "Thank you. I slept badly, and I came anyway.")
    expect(wren.locator(".message")).to_have_count(4)
    wren.fill(BODY, "Out of turn")
    wren.press(BODY, "Enter")
    expect(wren.locator("[data-composer] [data-status]")).to_contain_text("One person speaks")
    expect(wren.locator(BODY)).to_have_value("Out of turn")
    screenshot(robin, "room turn 320")
    axe(robin)
    robin.get_by_role("button", name="I have finished").click()
    expect(heron.locator(".room-speaker")).to_have_count(0)

    wren.get_by_role("button", name="Hug").click()
    expect(robin.locator("[data-passing]")).to_contain_text("wren: Hug")
    wren.get_by_label("Your words").fill("I need a break.")
    wren.get_by_role("button", name="Send privately").click()
    expect(heron.locator("[data-words]")).to_contain_text("I need a break.")
    expect(robin.locator("[data-words]")).not_to_contain_text("I need a break.")
    heron.get_by_label("To").select_option(label="wren")
    heron.get_by_label("Your words").fill("Take your time.")
    heron.get_by_role("button", name="Send privately").click()
    expect(wren.locator("[data-words]")).to_contain_text("Take your time.")

    open_menu(heron, "robin")
    heron.get_by_role("button", name="Send out of the room: robin").click()
    expect(robin.locator("[data-connection]")).to_contain_text("stay out of this meeting")
    expect(robin.locator(".room-log")).to_be_hidden()
    say(heron, "Let us go on.")
    expect(wren.locator(".message")).to_have_count(5)
    expect(robin.locator(".message")).to_have_count(4)
    expect(wren.locator(".room-count")).to_have_text("2")

    heron.get_by_role("button", name="Ask for last words").click()
    expect(wren.locator("[data-state-line]")).to_contain_text("We are coming to an end")
    heron.get_by_role("button", name="Close the room now").click()
    expect(wren.locator("[data-state-line]")).to_contain_text("This meeting is over")
    expect(wren.locator(".room-composer")).to_be_hidden()
    screenshot(wren, "room over")
    heron.goto(heron.url.replace("/room", "/summary"))
    expect(heron.get_by_role("heading", name="Who came")).to_be_visible()
    screenshot(heron, "room summary")
    axe(heron)
