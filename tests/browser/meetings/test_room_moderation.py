"""Keeping a room kind, in real browsers: who says something, who reports it, and who looks."""

from playwright.sync_api import Page, expect

from forum.accounts.preferences import content_note_preferences
from forum.core import db
from forum.groups import service as groups
from tests.support.browsers.chromium import axe, screenshot
from tests.support.browsers.room_browsers import NARROW, WIDE, inside, meeting, say
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, open_menu, room

__all__ = ["room"]
UNKIND = "You are all pretending."


def beside(page: Page, words: str, act: str) -> None:
    """Press what can be done with a message."""
    message = page.locator(".message", has_text=words)
    open_menu(message).get_by_text(act, exact=True).click()


def test_a_message_is_reported_hidden_explained_and_in_the_log(room: BrowserWorld) -> None:
    groups.set_role(None, room.group_id, room.viewers["ash"].id or 0, "facilitator")
    db.release_session()
    path = meeting(room)
    ash = inside(room.open("ash", path, viewport=WIDE))
    wren = inside(room.open("wren", path, viewport=NARROW, color_scheme="dark"))
    robin = inside(room.open("robin", path, viewport=WIDE))
    say(wren, UNKIND)
    expect(robin.locator(".message")).to_have_count(1)
    expect(wren.locator(".message .not-own")).to_be_hidden()

    beside(robin, UNKIND, "Report")
    robin.get_by_label("It's unkind").check()
    robin.get_by_role("button", name="Send report").click()
    expect(robin.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    robin.get_by_role("link", name="Back to where you were").click()
    inside(robin)

    heron = room.open("heron", "/moderation", viewport=WIDE)
    heron.get_by_role("link", name="Reported message in a room, by wren").click()
    expect(heron.locator(".queue-messages")).to_contain_text(UNKIND)
    expect(heron.locator("main")).not_to_contain_text("robin")
    screenshot(heron, "room report entry")
    axe(heron)
    entry = heron.url

    beside(ash, UNKIND, "Hide")
    expect(robin.locator(".message")).to_have_count(0)
    expect(wren.locator(".message-hidden")).to_contain_text("See why, or appeal")
    screenshot(wren, "room hidden 320 dark")
    axe(wren)
    beside(ash, UNKIND, "Show again")
    expect(robin.locator(".message")).to_have_count(1)

    heron.goto(entry)
    heron.get_by_label("Why are you hiding it?").fill("It hurts people who are brave")
    heron.get_by_role("button", name="Hide the message").click()
    expect(robin.locator(".message")).to_have_count(0)
    heron.goto(entry)
    heron.get_by_label("Action taken").check()
    heron.get_by_role("button", name="Resolve").click()
    expect(heron.get_by_role("button", name="Reopen")).to_be_visible()
    heron.goto(room.server.url + "/moderation/log?looks=with")
    for words in ("A message in a room was hidden", "shown again", "kept with a report"):
        expect(heron.locator("main")).to_contain_text(words)
    screenshot(heron, "log with looks")
    axe(heron)

    wren.get_by_role("link", name="See why, or appeal").click()
    expect(wren.locator("main")).to_contain_text("It hurts people who are brave")
    expect(wren.locator("main")).not_to_contain_text("heron")
    screenshot(wren, "room act explained 320 dark")
    axe(wren)


def test_notes_while_writing_and_content_notes_as_in_a_thread(room: BrowserWorld) -> None:
    content_note_preferences.save(
        room.viewers["robin"], {"hospital": content_note_preferences.HIDDEN}
    )
    db.release_session()
    path = meeting(room)
    inside(room.open("heron", path, viewport=WIDE))
    wren = inside(room.open("wren", path, viewport=NARROW))
    robin = inside(room.open("robin", path, viewport=WIDE))
    wren.fill(BODY, "Write to fern@example.org, I don't want to live any more.")
    expect(wren.locator("[data-note=danger]")).to_be_visible()
    expect(wren.locator("[data-note=email]")).to_be_visible()
    screenshot(wren, "room writing notes 320")
    axe(wren)
    wren.fill(BODY, "They kept me for a week.")
    expect(wren.locator("[data-note]")).to_have_count(0)
    wren.get_by_role("button", name="Formatting").click()
    wren.get_by_role("button", name="Content note").click()
    wren.fill("#content_note", "Hospital stay")
    wren.press(BODY, "Enter")
    expect(wren.locator(".message")).to_have_count(1)
    expect(robin.locator("[data-note-gap]")).to_contain_text("Hidden because of its content note")
    expect(robin.locator(".message")).to_be_hidden()
    screenshot(robin, "room content note out of sight")
    axe(robin)
    robin.reload()
    expect(inside(robin).locator("[data-note-gap]")).to_have_count(1)
