"""Writing in a thread: nothing typed is lost, by mouse, by keyboard alone, and without script."""

import re

import pytest
from playwright.sync_api import Route, expect

from forum.accounts import service as accounts
from forum.core import db
from forum.moderation.actions import service as moderation
from tests.support import factories as make
from tests.support.browsers.chromium import axe, check_page
from tests.support.browsers.thread_browsers import (
    BODY,
    SLUG,
    BrowserWorld,
    live,
    open_menu,
    react,
    reaction,
    room,
    send,
)

__all__ = ["room"]
NARROW = {"width": 320, "height": 640}


def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    keys: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        keys.append(re.findall("idempotency_key=([^&]+)", route.request.post_data or "")[0])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    wren.route("**/replies", lose_the_first_answer)
    send(wren, "Only once.")
    assert len(keys) == 2
    assert keys[0] == keys[1] != wren.locator("[name=idempotency_key]").input_value()
    expect(wren.get_by_text("Only once.")).to_have_count(1)


def test_a_logout_elsewhere_keeps_what_was_being_written(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    wren.fill(BODY, "Still here.")
    accounts.end_all_sessions(room.viewers["wren"])
    expect(wren.locator("[data-connection]")).to_contain_text("You have been logged out here.")
    wren.click("[data-send]")
    expect(wren.locator("[data-status]")).to_contain_text("You have been logged out here.")
    expect(wren.locator(BODY)).to_have_value("Still here.")


def test_a_reaction_that_fails_is_taken_back_kindly(room: BrowserWorld) -> None:
    robin = live(room.open("robin", f"/threads/{room.thread()}"))
    robin.route("**/reactions", lambda route: route.abort())
    react(robin.locator(".post"), "thank_you")
    expect(robin.locator("[data-notice]")).to_contain_text("You seem to be offline")
    offered = robin.locator(".react-menu [value=thank_you]")
    expect(offered).to_have_attribute("aria-pressed", "false")
    expect(reaction(robin.locator(".post"), "thank_you")).to_have_count(0)


def test_a_draft_survives_a_closed_tab(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren = room.open("wren", path)
    with wren.expect_response("**/draft"):
        wren.fill(BODY, "Half a thought")
    wren.close()
    again = room.open("wren", path)
    expect(again.locator(BODY)).to_have_value("Half a thought")
    send(again, "A whole thought")
    again.reload()
    expect(again.locator(BODY)).to_have_value("")


def test_a_refusal_is_next_to_its_field_and_the_text_stays(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    wren.fill(BODY, "x" * 20_001)
    wren.click("[data-send]")
    expect(wren.locator("#body-error")).to_contain_text("up to 20,000 characters")
    expect(wren.locator(BODY)).to_be_focused()
    assert len(wren.locator(BODY).input_value()) == 20_001


def test_by_keyboard_alone(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    wren.locator(BODY).focus()
    wren.keyboard.type("Thank you @rob")
    expect(wren.get_by_role("option", name="robin")).to_be_visible()
    wren.keyboard.press("Escape")
    expect(wren.get_by_role("listbox")).to_be_hidden()
    wren.keyboard.type("i")
    expect(wren.get_by_role("option", name="robin")).to_be_visible()
    wren.keyboard.press("Enter")
    expect(wren.locator(BODY)).to_have_value("Thank you @robin ")
    wren.keyboard.press("Control+Enter")
    expect(wren.locator("[data-number='2'] a", has_text="@robin")).to_be_visible()
    wren.locator("[data-number='2'] .more-menu summary").focus()
    wren.keyboard.press("Enter")
    wren.keyboard.press("Tab")
    wren.keyboard.press("ArrowDown")
    wren.keyboard.press("Enter")
    expect(wren.locator("li:has([data-number='2'])")).to_have_attribute("data-bookmarked", "")


def test_quote_and_preview(room: BrowserWorld) -> None:
    robin = live(room.open("robin", f"/threads/{room.thread()}"))
    open_menu(robin.locator(".post")).get_by_role("link", name="Quote").click()
    expect(robin.locator(BODY)).to_be_focused()
    value = robin.locator(BODY).input_value()
    assert value.startswith("> @wren wrote:\n> The house is so quiet.")
    robin.get_by_role("button", name="Preview").click()
    expect(robin.locator(".preview blockquote")).to_be_visible()
    robin.get_by_role("button", name="Close the preview").click()
    expect(robin.locator(".preview")).to_be_hidden()


def test_everything_works_without_javascript(room: BrowserWorld) -> None:
    thread_id = room.thread()
    path = f"/threads/{thread_id}"
    robin = room.open("robin", path, java_script_enabled=False)
    robin.fill(BODY, "Plainly *said*.")
    robin.get_by_role("button", name="Preview").click()
    expect(robin.locator(".preview em")).to_be_visible()
    robin.get_by_role("button", name="Send reply").click()
    expect(robin.locator("[data-number='2'] em")).to_be_visible()
    first = robin.locator("[data-number='1']")
    react(first, "hear_you")
    expect(reaction(first, "hear_you").locator("b")).to_have_text("1")
    react(first, "hear_you")
    expect(reaction(first, "hear_you")).to_have_count(0)
    open_menu(first).locator(".post-reply").click()
    expect(robin.locator(BODY)).to_have_value(re.compile("^> @wren wrote:"))
    open_menu(robin.locator("[data-number='2']"))
    robin.locator("[data-number='2']").get_by_role("link", name="Delete").click()
    robin.get_by_role("button", name="Delete this post").click()
    expect(robin.locator(".post-gap")).to_be_visible()


def test_axe_finds_nothing(room: BrowserWorld) -> None:
    thread_id = room.thread(replies=2)
    room.reply("robin", thread_id, "Hard words.", content_note="loss")
    heron = live(room.open("heron", f"/threads/{thread_id}"))
    for which in ("react", "more"):
        open_menu(heron.locator("[data-number='4']"), which)
        axe(heron)
    heron.keyboard.press("Escape")
    check_page(heron)
    for page in (f"/groups/{SLUG}", f"/groups/{SLUG}/threads/new", "/bookmarks"):
        heron.goto(room.server.url + page)
        check_page(heron)


@pytest.mark.parametrize("width", [320, 500, 768, 1000])
def test_the_menu_of_a_post_is_on_the_screen(room: BrowserWorld, width: int) -> None:
    thread_id = room.thread(replies=1)
    path = f"/threads/{thread_id}"
    wren = live(room.open("wren", path, viewport={"width": width, "height": 800}))
    post = wren.locator("[data-number='2']")
    for kind in ("hug", "me_too"):
        react(post, kind)
        expect(reaction(post, kind).locator("b")).to_be_visible()
    for which in ("react", "more"):
        box = open_menu(post, which).locator("> div").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_an_edit_meets_what_was_changed_meanwhile(room: BrowserWorld) -> None:
    place = make.post(room.viewers["ash"], room.thread(), body="Call me on 0151")
    db.release_session()
    page = room.open("ash", f"/posts/{place.id}/edit")
    moderation.take_action(room.viewers["heron"], "edit", place.id, value="Call me")
    page.get_by_label("Your post").fill("Do call me on 0151")
    page.get_by_role("button", name="Save changes").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Someone else has changed this")
    expect(told.locator("blockquote").first).to_have_text("Call me")
    expect(page.get_by_label("Your post")).to_have_value("Do call me on 0151")
    page.get_by_label("Your post").fill("Do call me")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Do call me")).to_be_visible()
