"""Browsers in a meeting's room."""

from playwright.sync_api import Page, expect

from forum.core import clock, db
from tests.support import factories
from tests.support.browsers.thread_browsers import BODY, BrowserWorld

NARROW = {"width": 320, "height": 700}
WIDE = {"width": 1180, "height": 800}


def meeting(room: BrowserWorld, **details: object) -> str:
    """Return the address of the room of a meeting that begins now; heron moderates it."""
    plan = {"title": "Evening circle", "starts_at": clock.now(), **details}
    made = factories.meeting(room.group_id, **plan)
    db.release_session()
    return f"/meetings/{made}/room"


def inside(page: Page) -> Page:
    """Wait until somebody is in the room."""
    expect(page.locator(".room")).to_have_attribute("data-inside", "yes")
    return page


def say(page: Page, words: str) -> None:
    """Write something and send it with Enter."""
    page.fill(BODY, words)
    page.press(BODY, "Enter")
    expect(page.locator(BODY)).to_have_value("")
