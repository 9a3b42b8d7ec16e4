"""An administrator looks at an announcement before it is sent, and a member reads it."""

from playwright.sync_api import expect

from forum.core import db
from tests.support import factories
from tests.support.browsers.chromium import axe, screenshot
from tests.support.browsers.thread_browsers import BrowserWorld, room

__all__ = ["room"]
PHONE, WIDE = {"width": 390, "height": 780}, {"width": 1280, "height": 800}


def test_it_is_looked_at_sent_and_read(room: BrowserWorld) -> None:
    room.viewers["keeper"] = factories.administrator("keeper")
    db.release_session()
    keeper = room.open("keeper", "/admin", viewport=PHONE)
    axe(keeper)
    screenshot(keeper, "administration phone")
    keeper.get_by_role("link", name="Announcements").click()
    keeper.get_by_label("Title").fill("We move house")
    keeper.get_by_label("Announcement", exact=True).fill("On **Sunday** we are away.")
    keeper.get_by_role("button", name="Preview").click()
    expect(keeper.locator(".post-body strong")).to_have_text("Sunday")
    axe(keeper)
    screenshot(keeper, "announcement preview phone")
    keeper.get_by_role("button", name="Send announcement").click()
    expect(keeper.get_by_role("button", name="Take back We move house")).to_be_visible()

    wren = room.open("wren", "/notifications", viewport=WIDE, color_scheme="dark")
    badge = wren.locator("[data-notification-badge]")
    expect(badge).to_have_text("1")
    wren.reload()
    wren.get_by_role("link", name="We move house").click()
    expect(wren.locator(".post-body strong")).to_have_text("Sunday")
    axe(wren)
    screenshot(wren, "announcement wide dark")
