"""Saying "I am here" in real browsers: seen by the other at once, with and without script."""

import pytest
from playwright.sync_api import expect

from forum.core import db
from forum.groups import service as groups
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import (  # noqa: F401 - a fixture
    BrowserWorld,
    live,
    room,
    send,
)


@pytest.fixture
def night(room: BrowserWorld) -> BrowserWorld:  # noqa: F811
    """Return a group in which robin may be in danger; heron and ash moderate."""
    groups.set_role(None, room.group_id, room.viewers["ash"].id or 0, "moderator")
    room.reply("robin", room.thread(), "I don't want to live any more.")
    db.release_session()
    return room


def test_one_click_in_the_queue_is_seen_by_the_other_at_once(night: BrowserWorld) -> None:
    heron, ash = (night.open(name, "/moderation") for name in ("heron", "ash"))
    expect(ash.locator("[data-queue][data-joined]")).to_have_count(1)
    row = ash.locator(".queue-row", has_text="heron is here")
    expect(row).to_have_count(0)
    check_page(heron, "crisis in the queue")
    heron.get_by_role("button", name="I'm here").first.click()
    expect(heron.get_by_text("You've been here since")).to_be_visible()
    expect(row).to_have_count(1)
    check_page(heron, "crisis item with somebody there")


def test_a_notification_and_the_page_of_a_mail_do_it_without_script(night: BrowserWorld) -> None:
    page = night.open("heron", "/notifications", java_script_enabled=False)
    page.get_by_role("button", name="I'm here").first.click()
    expect(page.get_by_text("You've been here since")).to_be_visible()
    item = page.url.rsplit("/", 1)[1]
    other = night.open("ash", f"/moderation/queue/{item}/here", java_script_enabled=False)
    expect(other.get_by_text("heron has been here since")).to_be_visible()
    other.get_by_role("button", name="I'm here").first.click()
    expect(other.get_by_text("You've been here since")).to_be_visible()


def test_the_pages_of_a_call_are_fit_for_everybody(night: BrowserWorld) -> None:
    page = night.open("heron", "/notifications")
    check_page(page, "crisis in notifications")
    page.get_by_role("link", name="may be in danger").first.click()
    check_page(page, "crisis item with nobody there")
    page.goto(f"{page.url}/here")
    check_page(page, "I am here")
    page.get_by_role("button", name="I'm here").first.click()
    page.goto(f"{page.url}/here")
    check_page(page)
    page.goto(f"{night.server.url}/moderation/log")
    check_page(page, "log of calls")


def test_the_writer_reads_live_that_nobody_and_then_somebody_is_there(
    night: BrowserWorld,
) -> None:
    thread = f"/threads/{night.thread()}"
    robin = live(night.open("robin", thread, locale="en-GB"))
    send(robin, "I don't want to live any more, and nobody knows.")
    newest = robin.locator(".posts > li").last.locator("[data-team-note]")
    expect(newest.locator("a[href='tel:116123']")).to_be_visible()
    page = night.open("robin", thread, locale="en-GB")
    check_page(page, "nobody from the team is there")
    heron = night.open("heron", "/moderation")
    for _ in range(2):
        heron.goto(f"{night.server.url}/moderation")
        heron.get_by_role("button", name="I'm here").first.click()
        expect(heron.get_by_text("You've been here since")).to_be_visible()
    expect(newest.locator("a")).to_have_count(0)
    expect(newest).to_be_visible()
