"""People in real browsers talk in a thread as it happens; rule 4, seen from the screen."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsers import axe
from tests.threadsroom import SLUG, Room, live, room

__all__ = ["room"]
BODY = "textarea[name=body]"
WIDE, NARROW = {"width": 1000, "height": 500}, {"width": 320, "height": 640}


def send(page: Page, words: str) -> None:
    """Write a reply and send it."""
    page.fill(BODY, words)
    page.click("[data-send]")
    expect(page.locator(BODY)).to_have_value("")


def numbers(page: Page) -> list[int]:
    """Return the numbers of the posts on the page, from top to bottom."""
    shown = page.locator(".post").evaluate_all("all => all.map(one => one.dataset.number)")
    return [int(number) for number in shown]


def top(page: Page, selector: str) -> float:
    """Return how far from the top of the screen something is, in pixels."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def test_a_reply_appears_on_the_other_screen_once(room: Room) -> None:
    path = f"/threads/{room.thread()}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    send(robin, "I am awake **too**.")
    expect(wren.locator(".post strong", has_text="too")).to_be_visible()
    assert numbers(wren) == numbers(robin) == [1, 2]
    expect(wren.locator("[data-announce]")).to_have_text("New reply from robin")
    expect(robin.locator("[data-announce]")).to_have_text("")


def test_presence_and_typing_are_shown_and_typing_is_not_announced(room: Room) -> None:
    path = f"/threads/{room.thread()}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    expect(wren.locator("[data-present]")).to_contain_text("robin")
    robin.locator(BODY).press_sequentially("Well")
    typing = wren.locator("[data-typing]")
    expect(typing).to_have_text("robin is writing…")
    expect(typing).to_have_attribute("aria-hidden", "true")
    send(robin, "Well then.")
    expect(typing).to_have_text("")


def test_new_replies_wait_behind_a_button_and_nothing_moves(room: Room) -> None:
    path = f"/threads/{room.thread(replies=9)}"
    wren = live(room.open("wren", path, viewport=WIDE))
    robin = live(room.open("robin", path))
    wren.locator("[data-number='4']").evaluate("post => post.scrollIntoView()")
    before = top(wren, "[data-number='4']")
    send(robin, "One.")
    send(robin, "Two.")
    button = wren.get_by_role("button", name="2 new replies")
    expect(button).to_be_visible()
    assert top(wren, "[data-number='4']") == pytest.approx(before, abs=1)
    button.click()
    expect(wren.locator("[data-number='11']")).to_be_focused()
    expect(button).to_be_hidden()


def test_an_edit_above_the_reader_does_not_move_them_or_take_their_focus(room: Room) -> None:
    thread_id = room.thread(replies=9)
    wren = live(room.open("wren", f"/threads/{thread_id}", viewport=WIDE))
    ash = room.open("ash", f"/threads/{thread_id}")
    wren.locator("[data-number='6']").evaluate("post => post.scrollIntoView()")
    hug = wren.locator("[data-number='3'] .react-hug")
    hug.evaluate("button => button.focus({preventScroll: true})")
    before = top(wren, "[data-number='6']")
    edit = ash.locator("[data-number='3'] a[href$='/edit']").get_attribute("href")
    ash.goto(f"{room.server.url}{edit}")
    ash.fill(BODY, "More to say.\n\n" * 40)
    ash.click("[data-send]")
    expect(wren.locator("[data-number='3'] .post-edited")).to_be_attached()
    assert top(wren, "[data-number='6']") == pytest.approx(before, abs=1)
    expect(hug).to_be_focused()


def test_a_restart_of_the_server_loses_and_doubles_nothing(room: Room) -> None:
    thread_id = room.thread()
    path = f"/threads/{thread_id}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    room.server.kill9()
    expect(wren.locator("[data-connection]")).to_contain_text("You are offline for now")
    wren.fill(BODY, "Written in the dark.")
    wren.click("[data-send]")
    expect(wren.locator("[data-send]")).to_have_text("Waiting for the connection…")
    missed = room.reply("ash", thread_id, "Said while nobody could hear.")
    room.server.start()
    expect(robin.locator(f"#post-{missed}")).to_be_visible(timeout=20_000)
    expect(robin.get_by_text("Written in the dark.")).to_have_count(1, timeout=20_000)
    expect(wren.get_by_text("Written in the dark.")).to_have_count(1)
    expect(wren.locator(BODY)).to_have_value("")
    assert numbers(wren) == numbers(robin) == [1, 2, 3]


def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(room: Room) -> None:
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


def test_hidden_posts_go_and_come_back_in_their_place(room: Room) -> None:
    path = f"/threads/{room.thread(replies=3)}"
    wren, heron = live(room.open("wren", path)), live(room.open("heron", path))
    heron.locator("[data-number='2'] .post-menu summary").click()
    heron.get_by_role("button", name="Hide").click()
    expect(wren.locator("[data-number='2']")).to_have_count(0)
    expect(heron.locator("[data-number='2'] .post-banner")).to_be_visible()
    heron.get_by_role("button", name="Restore").click()
    expect(wren.locator("[data-number='2']")).to_have_count(1)
    assert numbers(wren) == [1, 2, 3, 4]
    expect(wren.locator("[data-new-replies]")).to_be_hidden()


def test_reactions_are_pressed_at_once_and_agree_between_tabs(room: Room) -> None:
    path = f"/threads/{room.thread()}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    second = robin.context.new_page()
    second.goto(room.server.url + path)
    robin.get_by_role("button", name="Hug").click()
    for page in (robin, second):
        expect(page.locator(".react-hug")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".react-hug b")).to_have_text("1")
    expect(wren.locator(".react-hug b")).to_have_text("1")
    expect(wren.locator(".react-hug")).to_have_attribute("aria-pressed", "false")


def test_a_reaction_that_fails_is_taken_back_kindly(room: Room) -> None:
    robin = live(room.open("robin", f"/threads/{room.thread()}"))
    robin.route("**/reactions", lambda route: route.abort())
    robin.get_by_role("button", name="Thank you").click()
    expect(robin.locator("[data-notice]")).to_contain_text("You seem to be offline")
    expect(robin.locator(".react-thank_you")).to_have_attribute("aria-pressed", "false")
    expect(robin.locator(".react-thank_you b")).to_have_count(0)


def test_a_draft_survives_a_closed_tab(room: Room) -> None:
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


def test_a_refusal_stands_next_to_its_field_and_the_words_stay(room: Room) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    wren.fill(BODY, "x" * 20_001)
    wren.click("[data-send]")
    expect(wren.locator("#body-error")).to_contain_text("up to 20,000 characters")
    expect(wren.locator(BODY)).to_be_focused()
    assert len(wren.locator(BODY).input_value()) == 20_001


def test_by_keyboard_alone(room: Room) -> None:
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
    wren.locator("[data-number='2'] .react-hug").focus()
    for _ in range(6):
        wren.keyboard.press("Tab")
    wren.keyboard.press("Enter")
    wren.keyboard.press("Tab")
    wren.keyboard.press("Enter")
    expect(wren.locator("li:has([data-number='2'])")).to_have_attribute("data-bookmarked", "")


def test_quote_and_preview(room: Room) -> None:
    robin = live(room.open("robin", f"/threads/{room.thread()}"))
    robin.get_by_role("link", name="Quote").click()
    expect(robin.locator(BODY)).to_be_focused()
    value = robin.locator(BODY).input_value()
    assert value.startswith("> @wren wrote:\n> The house is so quiet.")
    robin.get_by_role("button", name="Preview").click()
    expect(robin.locator(".preview blockquote")).to_be_visible()
    robin.get_by_role("button", name="Close the preview").click()
    expect(robin.locator(".preview")).to_be_hidden()


def test_posts_of_the_next_page_are_only_told_of(room: Room) -> None:
    thread_id = room.thread(replies=19)
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    robin = live(room.open("robin", f"/threads/{thread_id}"))
    robin.fill(BODY, "The twenty-first.")
    robin.click("[data-send]")
    expect(robin).to_have_url(re.compile(r"page=2#post-\d+$"))
    expect(wren.get_by_role("link", name="1 new reply on the next page")).to_be_visible()
    assert len(numbers(wren)) == 20


def test_everything_works_without_javascript(room: Room) -> None:
    thread_id = room.thread()
    path = f"/threads/{thread_id}"
    robin = room.open("robin", path, java_script_enabled=False)
    robin.fill(BODY, "Plainly *said*.")
    robin.get_by_role("button", name="Preview").click()
    expect(robin.locator(".preview em")).to_be_visible()
    robin.get_by_role("button", name="Send reply").click()
    expect(robin.locator("[data-number='2'] em")).to_be_visible()
    robin.locator("[data-number='1'] .react-hear_you").click()
    expect(robin.locator("[data-number='1'] .react-hear_you b")).to_have_text("1")
    robin.locator("[data-number='1'] .react-hear_you").click()
    expect(robin.locator("[data-number='1'] .react-hear_you b")).to_have_count(0)
    robin.locator("[data-number='1'] .post-reply").click()
    assert robin.locator(BODY).input_value().startswith("> @wren wrote:")
    robin.locator("[data-number='2'] .post-menu summary").click()
    robin.locator("[data-number='2']").get_by_role("link", name="Delete").click()
    robin.get_by_role("button", name="Delete it").click()
    expect(robin.locator(".post-gap")).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_axe_finds_nothing(room: Room, look: str) -> None:
    thread_id = room.thread(replies=2)
    room.reply("robin", thread_id, "Hard words.", content_note="loss")
    options = {
        "color_scheme": "dark" if look == "dark" else "light",
        "viewport": NARROW if look == "narrow" else WIDE,
    }
    heron = live(room.open("heron", f"/threads/{thread_id}", **options))
    heron.locator("[data-number='2'] .post-menu summary").click()
    axe(heron)
    width = heron.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0
    for page in (f"/groups/{SLUG}", f"/groups/{SLUG}/threads/new", "/bookmarks"):
        heron.goto(room.server.url + page)
        axe(heron)
