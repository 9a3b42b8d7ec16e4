"""The pages of meetings in a real browser: axe, narrow and wide, light and dark, local hours."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from forum.core import clock, db
from forum.meetings.models import Meeting
from forum.meetings.schedule import recurrence
from forum.meetings.schedule import service as scheduling
from tests.support import factories
from tests.support.browsers.chromium import axe, screenshot
from tests.support.browsers.thread_browsers import SLUG, BrowserWorld, room
from tests.support.worlds.meeting_schedules import form, meetings

__all__ = ["room"]
NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1180, "height": 800}


@pytest.fixture
def planned(room: BrowserWorld) -> Meeting:
    """Return the first of weekly meetings, planned by an administrator, beside one that is over."""
    typed = form(title="Evening circle", agenda="1. Arriving\n2. Open floor")
    series_id = scheduling.schedule_series(factories.administrator(), room.group_id, typed)
    ago = clock.now() - timedelta(days=4)
    factories.meeting(room.group_id, starts_at=ago, state="over")
    db.release_session()
    return meetings(series_id)[0]


def seen(page: Page, name: str) -> None:
    """Judge a page, keep a picture of it, and see that nothing is cut off."""
    axe(page)
    screenshot(page, name)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (page.viewport_size or WIDE)["width"]


@pytest.mark.parametrize(("view", "scheme"), [(NARROW, "light"), (WIDE, "dark")])
def test_axe_finds_nothing(
    room: BrowserWorld, planned: Meeting, view: dict[str, int], scheme: str
) -> None:
    paths = {
        "list": f"/groups/{SLUG}/meetings",
        "plan": f"/groups/{SLUG}/meetings/new",
        "change": f"/meeting-series/{planned.series_id}/edit",
        "meeting": f"/meetings/{planned.id}",
        "cancel": f"/meetings/{planned.id}/cancel",
        "calendars": "/account/calendars",
    }
    page = room.open("heron", paths["list"], viewport=view, color_scheme=scheme)
    for name, path in paths.items():
        page.goto(room.server.url + path)
        seen(page, f"meetings {name} {view['width']} {scheme}")
    page.get_by_role("button", name="Get an address").click()
    expect(page.get_by_role("heading", name="Your new address")).to_be_visible()
    seen(page, f"meetings calendar made {view['width']} {scheme}")


def test_hours_are_the_readers_own_and_a_reminder_is_one_press(
    room: BrowserWorld, planned: Meeting
) -> None:
    page = room.open("wren", f"/meetings/{planned.id}", viewport=WIDE, timezone_id="Asia/Tokyo")
    local = recurrence.to_wall_clock(planned.starts_at, "Asia/Tokyo")
    words = f"{local:%A %-d %B, %-I:%M%p}".lower()
    expect(page.locator(".meeting-when time")).to_contain_text(words, ignore_case=True)
    page.get_by_role("button", name="Remind me of Evening circle").click()
    expect(page.get_by_role("button", name="Cancel reminder")).to_be_visible()
