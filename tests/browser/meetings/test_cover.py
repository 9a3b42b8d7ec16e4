"""A facilitator who is ill, one who takes over from their notifications, and a member who waits."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import update

from forum.core import clock, db
from forum.core.db import transaction
from forum.groups import service as groups
from forum.meetings.models import Meeting
from forum.meetings.schedule import reminders
from forum.meetings.schedule import service as scheduling
from tests.support.browsers.chromium import axe, screenshot
from tests.support.browsers.thread_browsers import SLUG, BrowserWorld, room
from tests.support.worlds.meeting_schedules import form, meetings

__all__ = ["room"]
PHONE, WIDE = {"width": 390, "height": 780}, {"width": 1280, "height": 800}


def test_the_meeting_takes_place_after_all(room: BrowserWorld) -> None:
    for handle in ("ash", "robin"):
        groups.set_role(None, room.group_id, room.viewers[handle].id or 0, "facilitator")
    series = scheduling.schedule_series(room.viewers["heron"], room.group_id, form(repeats="once"))
    meeting = meetings(series)[0].id
    reminders.set_reminder(room.viewers["wren"], meeting, on=True)
    with transaction() as session:
        soon = clock.now() + timedelta(minutes=90)
        session.execute(update(Meeting).where(Meeting.id == meeting).values(starts_at=soon))
    db.release_session()

    heron = room.open("heron", f"/meetings/{meeting}", viewport=PHONE)
    heron.get_by_role("button", name="I can't come").click()
    expect(heron.get_by_text("We're asking the others")).to_be_visible()
    expect(heron.get_by_text("Nobody can come yet.")).to_be_visible()
    axe(heron)
    screenshot(heron, "cover needed phone")

    wren = room.open("wren", "/notifications", viewport=PHONE)
    wren.get_by_role("link", name="may not take place").click()
    expect(wren.get_by_text("No facilitator can come yet")).to_be_visible()
    axe(wren)
    screenshot(wren, "cover missing member phone")

    ash = room.open("ash", "/notifications", viewport=WIDE, color_scheme="dark")
    screenshot(ash, "cover notification wide dark")
    ash.get_by_role("button", name="I'll facilitate").click()
    expect(ash.get_by_text("You facilitate this meeting")).to_be_visible()
    screenshot(ash, "cover taken wide dark")

    wren.goto(f"{room.server.url}/notifications")
    expect(wren.get_by_role("link", name="a facilitator has been found")).to_be_visible()
    form_page = room.open("heron", f"/groups/{SLUG}/meetings/new", viewport=PHONE)
    form_page.get_by_label("ash").check()
    axe(form_page)
    screenshot(form_page, "cover plan phone")
