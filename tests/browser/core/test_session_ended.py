"""The session ends while somebody writes: nothing is lost, nothing is sent for somebody else."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from forum.accounts import service as accounts
from forum.core import db
from forum.threads.models import Post
from tests.support.browsers.thread_browsers import BODY, BrowserWorld, live, room

__all__ = ["room"]
STATUS = "[data-status]"


def end_sessions(room: BrowserWorld, handle: str) -> None:
    """Log somebody out everywhere, from another device."""
    accounts.end_all_sessions(room.viewers[handle])


def log_in(room: BrowserWorld, page: Page, handle: str) -> None:
    """Log somebody in beside an open page, as in another tab of the same browser."""
    page.context.add_cookies(
        [{"name": "forum_session", "value": room._cookie(handle), "url": room.server.url}]
    )


def bodies(room: BrowserWorld, handle: str) -> list[str]:
    """Return what somebody has posted."""
    db.release_session()
    mine = select(Post.body).where(Post.author_id == room.viewers[handle].id).order_by(Post.id)
    return list(db.current_session().scalars(mine))


def lose_session_while_writing(room: BrowserWorld, page: Page, words: str) -> None:
    """Write, be logged out elsewhere, and write on until the page says that the draft was
    refused.
    """
    with page.expect_response("**/draft"):
        page.fill(BODY, words[:10])
    end_sessions(room, "wren")
    page.fill(BODY, words)
    expect(page.locator(STATUS)).to_contain_text("You have been logged out here.")


def test_after_logging_in_again_send_works_and_never_for_somebody_else(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    words = "I begin. And three sentences more. They matter. To me."
    lose_session_while_writing(room, wren, words)
    wren.click("[data-send]")
    expect(wren.locator(STATUS)).to_contain_text("Log in in a new tab, then press “Send reply”")
    log_in(room, wren, "robin")
    wren.click("[data-send]")
    expect(wren.locator(STATUS)).to_contain_text("You're logged in with another account now")
    expect(wren.locator(BODY)).to_have_value(words)
    log_in(room, wren, "wren")
    wren.click("[data-send]")
    expect(wren.locator(".post-body", has_text="three sentences")).to_be_visible()
    expect(wren.locator(BODY)).to_have_value("")
    assert (bodies(room, "robin"), bodies(room, "wren")[-1]) == ([], words)


@pytest.mark.parametrize("back", ["wren", "robin"])
def test_a_reload_loses_nothing_and_shows_it_to_nobody_else(room: BrowserWorld, back: str) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    words = "I begin. And three sentences more."
    lose_session_while_writing(room, wren, words)
    log_in(room, wren, back)
    wren.reload()
    expect(wren.locator(BODY)).to_have_value(words if back == "wren" else "")


def test_an_edited_post_is_saved_after_logging_in_again(room: BrowserWorld) -> None:
    room.thread()
    db.release_session()
    post_id = db.current_session().scalar(select(Post.id).order_by(Post.id.desc()).limit(1))
    wren = room.open("wren", f"/posts/{post_id}/edit")
    end_sessions(room, "wren")
    log_in(room, wren, "wren")
    wren.fill(BODY, "Other words.")
    wren.click("[data-send]")
    wren.wait_for_url(f"**/threads/**#post-{post_id}")
    assert bodies(room, "wren")[-1] == "Other words."
