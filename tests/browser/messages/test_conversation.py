"""Two people in real browsers, from the first message to the last; and one without scripts."""

import re

from playwright.sync_api import Page, expect

from forum.accounts.identity import public_ids
from forum.core import db
from forum.core.web import private_ids
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, room
from tests.support.worlds import conversation_world

__all__ = ["room"]


def between(room: BrowserWorld) -> str:
    """Return the address of a conversation of wren and robin."""
    there = conversation_world.begin(room.viewers["wren"], room.viewers["robin"])
    db.release_session()
    return f"/messages/{private_ids.of(there)}"


def write(page: Page, words: str) -> None:
    page.fill(BODY, words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message", has_text=words)).to_be_visible()


def test_from_a_request_to_a_conversation(room: BrowserWorld) -> None:
    conversation_world.settle(room.viewers["wren"], room.group_id)
    db.release_session()
    wren = room.open("wren", f"/members/{public_ids.of(room.viewers['robin'].id)}")
    wren.get_by_role("link", name="Write to robin").click()
    wren.fill(BODY, "Could we talk?")
    check_page(wren, "asking for a conversation")
    wren.get_by_role("button", name="Send the request").click()
    expect(wren.locator("[data-state]")).to_contain_text("Your request is waiting")
    expect(wren.locator(BODY)).to_be_hidden()
    robin = room.open("robin", "/messages")
    check_page(robin, "messages")
    robin.get_by_role("link", name="wren").click()
    check_page(robin, "request for a conversation")
    robin.get_by_role("button", name="Accept").click()
    expect(wren.locator(BODY)).to_be_visible()  # without loading the page
    write(robin, "Yes, gladly.")
    arrived = wren.locator(".message", has_text="Yes, gladly.")
    expect(arrived).to_be_visible()
    arrived.get_by_text("React", exact=False).first.click()
    arrived.get_by_role("button", name="Hug").first.click()
    expect(robin.locator(".message span.react")).to_have_text("Hug")
    check_page(wren, "conversation")
    expect(robin.locator("[data-message-badge]")).to_be_hidden()


def test_what_is_deleted_for_both_goes_and_typing_shows(room: BrowserWorld) -> None:
    path = between(room)
    wren, robin = room.open("wren", path), room.open("robin", path)
    write(robin, "Are you there?")
    expect(wren.get_by_text("Are you there?")).to_be_visible()
    robin.reload()
    write(wren, "Yes, I am.")
    expect(robin.get_by_text("Yes, I am.")).to_be_visible()  # so both pages are live
    robin.locator(BODY).press_sequentially("I")
    expect(wren.locator("[data-typing]")).to_have_text("robin is writing…")
    write(robin, "Too much of me")
    place = robin.locator(".message", has_text="Too much of me")
    place.hover()
    place.get_by_label("More about this message").click()
    place.get_by_role("link", name="Delete").click()
    check_page(robin)
    robin.get_by_role("button", name="Delete for both").click()
    expect(wren.get_by_text("This message was deleted.")).to_be_visible()
    expect(wren.get_by_text("Too much of me")).to_have_count(0)


def test_all_of_it_without_scripts(room: BrowserWorld) -> None:
    path = between(room)
    wren = room.open(
        "wren", path, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    wren.fill(BODY, "Plainly")
    wren.get_by_role("button", name="Send", exact=True).click()
    message = wren.locator(".message", has_text="Plainly")
    expect(message).to_be_visible()
    expect(wren).to_have_url(re.compile("#message-2$"))
    wren.get_by_text("Options").click()
    wren.get_by_role("link", name="Leave this conversation").click()
    wren.get_by_role("button", name="Leave this conversation").click()
    expect(wren.get_by_text("You've left the conversation.")).to_be_visible()
    expect(wren.get_by_text("No messages yet")).to_be_visible()
