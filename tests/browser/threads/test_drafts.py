"""Two hands on one text: what was sent is no draft, and what is typed meanwhile is kept."""

import pytest
from playwright.sync_api import Page, Route, expect

from forum.accounts.policy import Viewer
from forum.core import db
from forum.threads import service
from forum.threads.posts.post_creation import PostRef
from forum.threads.reader import drafts
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, live, room
from tests.support.worlds.thread_people import group, opening, owl, robin, wren

__all__ = ["group", "opening", "owl", "robin", "room", "wren"]


class Held:
    """Requests that wait until a test lets them go."""

    def __init__(self, page: Page, where: str) -> None:
        self.waiting: list[Route] = []
        page.route(where, lambda route: self.waiting.append(route))  # noqa: PLW0108 - it is marked

    def let_go(self, page: Page) -> None:
        """Let the first one go on, as soon as it is there."""
        while not self.waiting:
            page.wait_for_timeout(20)
        self.waiting.pop(0).continue_()


def hide(page: Page) -> None:
    """Do what happens when somebody switches to another app."""
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )


def until_kept_on_device(page: Page, texts: int) -> None:
    """Wait until so many texts are kept on the device, whatever becomes of the tab."""
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('unsaved ')).length"
    while page.evaluate(kept) != texts:
        page.wait_for_timeout(20)


def test_what_is_typed_while_something_is_sent_is_the_next_message(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren = live(room.open("wren", path))
    replies, saved = Held(wren, "**/replies"), Held(wren, "**/draft")
    wren.fill(BODY, "This is all.")
    wren.press(BODY, "Control+Enter")
    hide(wren)
    wren.locator(BODY).press_sequentially("And one thing more")
    assert not saved.waiting
    replies.let_go(wren)
    expect(wren.locator(".post-body", has_text="This is all.")).to_be_visible()
    expect(wren.locator(BODY)).to_have_value("And one thing more")
    again = room.open("wren", path)
    expect(again.locator(BODY)).not_to_have_value("This is all.")


@pytest.mark.parametrize("letters", ["я" * 18_000, "夜" * 12_500, "夜" * 19_900])
def test_a_long_draft_is_kept_when_one_leaves_at_once(room: BrowserWorld, letters: str) -> None:
    thread = room.thread()
    wren = live(room.open("wren", f"/threads/{thread}"))
    wren.fill(BODY, letters)
    wren.goto(f"{room.server.url}/help-now")
    for _ in range(200):  # nothing tells of a request that outlives its page
        db.release_session()
        kept = bodies(room.viewers["wren"], room.group_id, thread)
        if kept:
            break
        wren.wait_for_timeout(50)
    assert kept == [letters]


def bodies(viewer: Viewer, group: int, thread: int) -> list[str]:
    """Return what somebody has begun to write in a thread."""
    return [draft.body for draft in drafts.drafts_of(viewer, group, thread)]


def test_a_draft_that_comes_after_its_post_is_not_kept(
    opening: PostRef, robin: Viewer, group: int
) -> None:
    service.post_reply(robin, opening.thread_id, body="I hear you")
    drafts.save_draft(robin, group, opening.thread_id, body="I hear you")
    db.release_session()
    assert not bodies(robin, group, opening.thread_id)
    drafts.save_draft(robin, group, opening.thread_id, body="I hear you, and")
    db.release_session()
    assert bodies(robin, group, opening.thread_id) == ["I hear you, and"]


def test_what_is_typed_offline_survives_a_closed_tab(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren = live(room.open("wren", path))
    wren.context.set_offline(True)
    wren.fill(BODY, "Written on a train.")
    until_kept_on_device(wren, 1)
    later = wren.context.new_page()
    wren.close()
    later.context.set_offline(False)
    later.goto(room.server.url + path)
    expect(later.locator(BODY)).to_have_value("Written on a train.")
    until_kept_on_device(later, 0)
    assert room.open("wren", path).locator(BODY).input_value() == "Written on a train."


def test_quick_exit_leaves_no_draft_on_the_device(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    old = "JSON.stringify({at: Date.now()})"
    wren.evaluate(f"localStorage.setItem('unsaved x /y', {old})")
    wren.route("https://www.wikipedia.org/**", lambda route: route.abort())
    wren.locator("[data-leave]").click()
    after = wren.context.new_page()
    after.goto(f"{room.server.url}/help-now")
    assert after.evaluate("localStorage.length") == 0
