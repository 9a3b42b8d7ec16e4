"""What was just sent is taken back with its Undo, and its words are in the editor again."""

from playwright.sync_api import expect

from tests.support.browsers.thread_browsers import BODY, SLUG, BrowserWorld, live, room, send

__all__ = ["room"]
UNDO = "[data-confirmation] button"


def test_a_reply_and_a_new_thread_are_taken_back(room: BrowserWorld) -> None:
    thread = f"/threads/{room.thread()}"
    wren = live(room.open("wren", thread))
    robin = live(room.open("robin", thread))
    send(wren, "A reply that I regret")
    expect(wren.locator("[data-confirmed]")).to_have_text("Reply sent.")
    expect(robin.get_by_text("A reply that I regret")).to_be_visible()
    wren.locator(UNDO).click()
    expect(wren.locator(BODY)).to_have_value("A reply that I regret")
    expect(robin.get_by_text("A reply that I regret")).to_have_count(0)

    wren.goto(wren.url.split("/threads/")[0] + f"/groups/{SLUG}/threads/new")
    wren.get_by_label("Title").fill("A title that I regret")
    send(wren, "Words that I regret")
    expect(wren.locator("[data-confirmed]")).to_have_text("Thread started.")
    wren.locator(UNDO).click()
    expect(wren.locator(BODY)).to_have_value("Words that I regret")
    expect(wren.get_by_label("Title")).to_have_value("A title that I regret")
