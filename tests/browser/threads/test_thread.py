"""People in real browsers talk in a thread as it happens; rule 4, seen from the screen."""

import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.support.browsers.thread_browsers import (
    BODY,
    WIDE,
    BrowserWorld,
    live,
    numbers,
    open_menu,
    react,
    reaction,
    room,
    send,
    top,
)

__all__ = ["room"]


def test_a_reply_appears_on_the_other_screen_once(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    send(robin, "I am awake **too**.")
    expect(wren.locator(".post strong", has_text="too")).to_be_visible()
    assert numbers(wren) == numbers(robin) == [1, 2]
    expect(wren.locator("[data-announce]")).to_have_text("New reply from robin")
    expect(robin.locator("[data-announce]")).to_have_text("")


def test_presence_and_typing_are_shown_and_typing_is_not_announced(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    expect(wren.locator("[data-present]")).to_contain_text("robin")
    robin.locator(BODY).press_sequentially("Well")
    typing = wren.locator("[data-typing]")
    expect(typing).to_have_text("robin is writing…")
    expect(typing).to_have_attribute("aria-hidden", "true")
    send(robin, "Well then.")
    expect(typing).to_have_text("")


def test_new_replies_wait_behind_a_button_and_nothing_moves(room: BrowserWorld) -> None:
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


def test_an_edit_above_the_reader_does_not_move_them_or_take_their_focus(
    room: BrowserWorld,
) -> None:
    thread_id = room.thread(replies=9)
    wren = live(room.open("wren", f"/threads/{thread_id}", viewport=WIDE))
    ash = room.open("ash", f"/threads/{thread_id}")
    wren.locator("[data-number='6']").evaluate("post => post.scrollIntoView()")
    hug = wren.locator("[data-number='3'] .react-menu summary")
    hug.evaluate("button => button.focus({preventScroll: true})")
    before = top(wren, "[data-number='6']")
    edit = ash.locator("[data-number='3'] a[href$='/edit']").get_attribute("href")
    ash.goto(f"{room.server.url}{edit}")
    ash.fill(BODY, "More to say.\n\n" * 40)
    ash.click("[data-send]")
    expect(wren.locator("[data-number='3'] .post-edited")).to_be_attached()
    assert top(wren, "[data-number='6']") == pytest.approx(before, abs=1)
    expect(hug).to_be_focused()


def test_an_opened_content_note_stays_open_after_a_reaction(room: BrowserWorld) -> None:
    thread_id = room.thread(replies=1)
    room.reply("robin", thread_id, "Hard words.", content_note="loss")
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    ash = live(room.open("ash", f"/threads/{thread_id}"))
    post = wren.locator("[data-number='3']")
    post.locator(".post-note summary").click()
    opened = open_menu(post).locator("a", has_text="Report").element_handle()
    time = post.locator("time").inner_text()
    react(ash.locator("[data-number='3']"), "hug")
    expect(reaction(post, "hug").locator("b")).to_have_text("1")
    assert opened.is_visible()
    expect(post.locator(".more-menu summary")).to_be_focused()
    expect(post.get_by_text("Hard words.")).to_be_visible()
    expect(post.locator("time")).to_have_text(time)
    expect(reaction(post, "hug")).to_have_attribute("aria-pressed", "false")


def test_a_restart_of_the_server_loses_and_doubles_nothing(room: BrowserWorld) -> None:
    thread_id = room.thread()
    path = f"/threads/{thread_id}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    room.server.kill9()
    expect(wren.locator("[data-connection]")).to_contain_text("You're offline")
    wren.fill(BODY, "Written in the dark.")
    wren.click("[data-send]")
    expect(wren.locator("[data-send]")).to_have_text("Waiting for the connection…")
    missed = room.reply("ash", thread_id, "Said while nobody could hear.")
    room.server.start()
    for page in (robin, wren):
        expect(page.locator(f"#post-{missed}")).to_be_visible(timeout=20_000)
    expect(robin.get_by_text("Written in the dark.")).to_have_count(1, timeout=20_000)
    expect(wren.get_by_text("Written in the dark.")).to_have_count(1)
    expect(wren.locator(BODY)).to_have_value("")
    assert numbers(wren) == numbers(robin) == [1, 2, 3]


def test_messages_lost_doubled_and_out_of_order_do_no_harm(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren = room.open("wren", "/groups")
    told: list[str] = []
    held: list[str | bytes] = []

    def trouble(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def deliver(message: str | bytes) -> None:
            if '"post:' not in str(message):
                socket.send(message)
                return
            told.append(str(message))
            if len(told) in {1, 4}:  # lost
                return
            if len(told) == 2:  # late
                held.append(message)
                return
            for late in (message, *held, message):
                socket.send(late)

        server.on_message(deliver)

    wren.route_web_socket("**/socket.io/**", trouble)
    wren.goto(room.server.url + path)
    live(wren)
    robin = live(room.open("robin", path))
    for words in ("One.", "Two.", "Three."):
        send(robin, words)
    expect(wren.locator("[data-number='2']")).to_be_visible()
    assert numbers(wren) == [1, 2, 3, 4]
    for kind in ("hug", "me_too"):
        react(robin.locator("[data-number='1']"), kind)
    for kind in ("hug", "me_too"):
        given = reaction(wren.locator("[data-number='1']"), kind)
        expect(given.locator("b")).to_have_text("1")
    assert len(told) >= 5


def test_hidden_posts_go_and_come_back_in_their_place(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread(replies=3)}"
    wren, heron = live(room.open("wren", path)), live(room.open("heron", path))
    open_menu(heron.locator("[data-number='2']"))
    heron.get_by_role("button", name="Hide").click()
    expect(wren.locator("[data-number='2']")).to_have_count(0)
    expect(heron.locator("[data-number='2'] .post-banner")).to_be_visible()
    open_menu(heron.locator("[data-number='2']"))
    heron.get_by_role("button", name="Restore").click()
    expect(wren.locator("[data-number='2']")).to_have_count(1)
    assert numbers(wren) == [1, 2, 3, 4]
    expect(wren.locator("[data-new-replies]")).to_be_hidden()


def test_reactions_are_pressed_at_once_and_agree_between_tabs(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread()}"
    wren, robin = live(room.open("wren", path)), live(room.open("robin", path))
    second = robin.context.new_page()
    second.goto(room.server.url + path)
    react(robin.locator(".post"), "hug")
    for page in (robin, second):
        given = reaction(page.locator(".post"), "hug")
        expect(given).to_have_attribute("aria-pressed", "true")
        expect(given.locator("b")).to_have_text("1")
    given = reaction(wren.locator(".post"), "hug")
    expect(given.locator("b")).to_have_text("1")
    expect(given).to_have_attribute("aria-pressed", "false")


def test_posts_of_the_next_page_are_only_announced(room: BrowserWorld) -> None:
    thread_id = room.thread(replies=19)
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    robin = live(room.open("robin", f"/threads/{thread_id}"))
    robin.fill(BODY, "The twenty-first.")
    robin.click("[data-send]")
    expect(robin).to_have_url(re.compile(r"page=2&post=\d+#post-\d+$"))
    expect(wren.get_by_role("link", name="1 new reply on the next page")).to_be_visible()
    expect(wren.locator("[data-announce]")).to_have_text("1 new reply on the next page")
    assert len(numbers(wren)) == 20
