"""What a browser keeps of words that were not sent: enough to go on, and nothing for others."""

import pytest
from playwright.sync_api import Page, expect

from forum.core import db
from forum.threads import service as threads
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, live, room

__all__ = ["room"]
KEPT = """[sessionStorage, localStorage].flatMap(
    (store) => Object.keys(store).filter((key) => key.startsWith("unsaved ")))"""
LEFT = "JSON.stringify({at: Date.now(), words: {}})"


def write_unsaved(room: BrowserWorld, page: Page) -> None:
    """Write what the forum cannot be told."""
    page.route("**/draft", lambda route: route.abort())
    page.fill(BODY, "Nobody else should read this.")
    page.evaluate("document.querySelector('textarea[name=body]').blur()")
    while not page.evaluate("Object.keys(localStorage).some((k) => k.startsWith('unsaved '))"):
        page.wait_for_timeout(20)


def log_out(page: Page, form: str) -> None:
    page.evaluate(f"document.querySelector('form[action=\"{form}\"]').requestSubmit()")
    page.wait_for_url(lambda url: "/threads/" not in url and "/sessions" not in url)


def test_logging_out_keeps_nothing_of_what_is_still_in_the_editor(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    write_unsaved(room, wren)
    log_out(wren, "/logout")
    assert wren.evaluate(KEPT) == []


def test_leaving_at_once_keeps_nothing_of_it_either(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    write_unsaved(room, wren)
    elsewhere = f"{room.server.url}/help-now"
    wren.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="Elsewhere"))
    wren.click("[data-leave]")
    wren.wait_for_url("https://www.wikipedia.org/**")
    wren.goto(elsewhere)
    assert wren.evaluate(KEPT) == []


@pytest.mark.parametrize("how", ["everywhere", "erased", "another"])
def test_other_ways_to_go_keep_nothing_on_the_device(room: BrowserWorld, how: str) -> None:
    path = {"everywhere": "/account/sessions", "erased": "/account/erased", "another": "/groups"}
    page = room.open(None if how == "erased" else "wren", "/help-now")
    page.evaluate(f"localStorage.setItem('unsaved x /threads/1/replies', {LEFT})")
    if how != "another":
        me = (
            page.locator('meta[name="account"]').get_attribute("content") if how != "erased" else ""
        )
        page.evaluate(f"sessionStorage.setItem('unsaved {me} /y', {LEFT})")
    page.goto(room.server.url + path[how])
    if how == "everywhere":
        log_out(page, "/account/sessions/end-all")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_a_reload_keeps_an_edit_that_somebody_else_was_faster_than(room: BrowserWorld) -> None:
    thread_id = room.thread()
    wren = room.open("wren", f"/threads/{thread_id}")
    post_id = (wren.locator(".post").first.get_attribute("id") or "").removeprefix("post-")
    wren.goto(f"{room.server.url}/posts/{post_id}/edit")
    wren.fill(BODY, "What I wrote in this tab.")
    threads.edit_post(room.viewers["wren"], int(post_id), body="What I wrote on the phone.")
    db.release_session()
    wren.reload()
    expect(wren.locator(BODY)).to_have_value("What I wrote in this tab.")
    wren.click("[data-send]")
    theirs = wren.locator("blockquote", has_text="What I wrote on the phone.")
    expect(theirs).to_be_visible()
    expect(wren.locator(BODY)).to_have_value("What I wrote in this tab.")
    wren.click("[data-send]")
    wren.wait_for_url("**/threads/**")
    expect(wren.locator(".post-body", has_text="in this tab")).to_be_visible()
