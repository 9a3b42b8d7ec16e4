"""A live meeting with three browsers: a facilitator, a member with a phone, one at a desk."""

from playwright.sync_api import expect

from benchmarks.journeys.person import Person
from benchmarks.journeys.stage import Stage

GROUP = "low-water"


def live_meeting(stage: Stage) -> None:
    """Open a room, speak in it, give the turn to somebody, and close it."""
    facilitator = stage.person("hazelmoor")
    page = facilitator.page
    facilitator.begin()
    facilitator.tap(page.locator(f".rail a[href='/groups/{GROUP}']"))
    facilitator.tap(page.get_by_role("link", name="Meetings", exact=True))
    facilitator.tap(page.get_by_role("button", name="Open a drop-in room"))
    expect(page.locator(".room")).to_have_attribute("data-inside", "yes")
    stage.note(facilitator, "a room opened")

    at_phone = stage.person("fernway", phone=True)
    _say_something(stage, at_phone, "Good evening, from the bus.", "said something in the room")
    at_desk = stage.person("old_lantern")
    _say_something(stage, at_desk, "Evening.", "said something in the room, at a desk")
    at_phone.begin_again()
    at_phone.tap(at_phone.page.get_by_role("button", name="Raise hand"))
    expect(at_phone.page.locator("[data-hand]")).to_have_attribute("aria-pressed", "true")
    stage.note(at_phone, "a hand raised")

    facilitator.begin_again()
    facilitator.tap(page.get_by_role("button", name="Give the turn: fernway").first)
    expect(page.locator(".room-speaker")).to_contain_text("fernway")
    stage.note(facilitator, "the turn given")
    expect(at_phone.page.get_by_role("button", name="Finish my turn")).to_be_visible()
    facilitator.begin_again()
    facilitator.tap(page.get_by_role("button", name="Start wrapping up"))
    facilitator.tap(page.get_by_role("button", name="Close the room now"))
    facilitator.tap(page.get_by_role("link", name="How the meeting went"))
    facilitator.see(page.get_by_role("heading", level=1))
    stage.note(facilitator, "how it went")


def _say_something(stage: Stage, person: Person, words: str, point: str) -> None:
    page = person.page
    person.begin()
    person.tap(page.get_by_role("link", name="Go to the room").first)
    expect(page.locator(".room")).to_have_attribute("data-inside", "yes")
    person.write(page.get_by_label("Say something"), words)
    person.tap(page.get_by_role("button", name="Send", exact=True))
    expect(page.locator(".room-log").get_by_text(words)).to_be_visible()
    stage.note(person, point)
