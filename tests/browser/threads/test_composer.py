"""The composer: buttons and keys for Markdown, room for the text, and notes before Send."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsers.chromium import axe
from tests.support.browsers.thread_browsers import BODY, SLUG, BrowserWorld, live, room

__all__ = ["room"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def wren(room: BrowserWorld) -> Page:
    """Return wren's browser in a thread."""
    return live(room.open("wren", f"/threads/{room.thread()}"))


def choose(page: Page, words: str) -> None:
    """Select some of what is written."""
    page.locator(BODY).evaluate(
        """(field, words) => {
          const at = field.value.indexOf(words);
          field.focus();
          field.setSelectionRange(at, at + words.length);
        }""",
        words,
    )


@pytest.mark.parametrize(
    ("name", "keys", "expected"),
    [
        ("Bold", "Control+b", "one\n**two**\nthree"),
        ("List", "Control+Shift+Digit8", "one\n- two\nthree"),
        ("Quote", "Control+Shift+Digit9", "one\n> two\nthree"),
        ("Link", "Control+k", "one\n[two](https://)\nthree"),
    ],
)
def test_a_button_and_its_keys_write_markdown_that_undo_takes_back(
    wren: Page, name: str, keys: str, expected: str
) -> None:
    for press in ("button", "keys"):
        wren.locator(BODY).fill("")
        wren.locator(BODY).press_sequentially("one\ntwo\nthree")
        choose(wren, "two")
        if press == "button":
            wren.get_by_role("button", name=name, exact=True).click()
        else:
            wren.keyboard.press(keys)
        expect(wren.locator(BODY)).to_have_value(expected)
        expect(wren.locator(BODY)).to_be_focused()
        wren.keyboard.press("Control+z")
        expect(wren.locator(BODY)).to_have_value("one\ntwo\nthree")


def test_pressed_again_the_signs_go(wren: Page) -> None:
    wren.locator(BODY).fill("some words here")
    choose(wren, "words ")
    for expected in ("some **words** here", "some words here"):
        wren.keyboard.press("Control+b")
        expect(wren.locator(BODY)).to_have_value(expected)
    wren.locator(BODY).fill("a\nb")
    choose(wren, "a\nb")
    for expected in ("- a\n- b", "a\nb"):
        wren.keyboard.press("Control+Shift+Digit8")
        expect(wren.locator(BODY)).to_have_value(expected)


def test_the_toolbar_is_one_stop_and_opens_the_content_note(wren: Page) -> None:
    wren.locator(BODY).focus()
    wren.keyboard.press("Shift+Tab")
    expect(wren.get_by_role("button", name="Bold")).to_be_focused()
    wren.keyboard.press("ArrowRight")
    expect(wren.get_by_role("button", name="List")).to_be_focused()
    wren.keyboard.press("End")
    wren.keyboard.press("ArrowLeft")
    note = wren.get_by_role("button", name="Content note")
    expect(note).to_be_focused()
    wren.keyboard.press("Enter")
    expect(wren.locator("#content_note")).to_be_focused()
    expect(note).to_have_attribute("aria-expanded", "true")
    axe(wren)


def test_the_box_grows_and_shrinks_with_its_text(wren: Page) -> None:
    def height() -> float:
        box = wren.locator(BODY).bounding_box()
        assert box
        return box["height"]

    wren.locator(BODY).focus()
    empty = height()
    wren.fill(BODY, "a line\n" * 12)
    assert height() > empty + 100
    assert wren.locator(BODY).evaluate("field => field.scrollHeight <= field.clientHeight + 2")
    wren.fill(BODY, "a line\n" * 200)
    assert height() < (wren.viewport_size or {"height": 0})["height"] * 0.7
    wren.fill(BODY, "")
    assert height() == pytest.approx(empty, abs=2)


def test_a_question_mark_shows_the_keys_unless_it_is_written_or_off(wren: Page) -> None:
    keys = wren.get_by_role("dialog", name="Keyboard shortcuts")
    wren.locator(BODY).press_sequentially("Why?")
    expect(keys).to_be_hidden()
    wren.locator("main").focus()
    wren.keyboard.press("?")
    expect(keys).to_be_visible()
    axe(wren)
    wren.get_by_label("Press ? to open this list").uncheck()
    wren.keyboard.press("Escape")
    wren.locator("main").focus()
    wren.keyboard.press("?")
    expect(keys).to_be_hidden()
    wren.get_by_role("button", name="Keyboard shortcuts").click()
    expect(keys).to_be_visible()


def test_notes_for_the_writer_come_before_send_and_under_no_bar(room: BrowserWorld) -> None:
    path = f"/threads/{room.thread(replies=3)}"
    page = live(room.open("wren", path, viewport=PHONE, has_touch=True, is_mobile=True))
    page.locator(BODY).focus()
    page.fill(BODY, "I don't want to live any more.")
    note = page.locator("[data-note=danger]")
    expect(note).to_be_visible()
    boxes = [part.bounding_box() for part in (note, page.locator("[data-send]"))]
    bar = page.locator(".site-nav").bounding_box()
    assert all(boxes)
    assert bar
    (note_box, send_box) = (box for box in boxes if box)
    assert note_box["y"] + note_box["height"] <= min(send_box["y"], bar["y"])


def test_an_input_method_sends_nothing_while_it_composes(wren: Page) -> None:
    wren.fill(BODY, "にほ")
    sent = wren.locator(BODY).evaluate(
        """field => {
          let sent = 0;
          field.form.addEventListener("submit", (event) => { sent += 1; event.preventDefault(); });
          const key = (how) => field.dispatchEvent(new KeyboardEvent("keydown",
            { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true, ...how }));
          key({ isComposing: true });
          key({ keyCode: 229 });
          return sent;
        }"""
    )
    assert sent == 0


@pytest.mark.parametrize("path", ["thread", f"/groups/{SLUG}/threads/new"])
def test_without_script_there_is_no_toolbar_and_the_hint_is(room: BrowserWorld, path: str) -> None:
    where = f"/threads/{room.thread()}" if path == "thread" else path
    page = room.open("wren", where, java_script_enabled=False)
    expect(page.locator(".toolbar")).to_be_hidden()
    expect(page.get_by_text("You can use **bold**")).to_be_visible()
    page.get_by_text("Add a content note").click()
    expect(page.locator("#content_note")).to_be_visible()
