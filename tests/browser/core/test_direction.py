"""Words from right to left, own colours, and lines that are there to be read out."""

from playwright.sync_api import Page, expect

from tests.support.browsers.thread_browsers import (
    BODY,
    SLUG,
    BrowserWorld,
    live,
    open_menu,
    react,
    reaction,
    room,
)

__all__ = ["room"]
ARABIC = "مرحبا بالجميع."
BODY_OF_POST = (
    f"{ARABIC}\n\n- أولا\n- ثانيا\n\n1. واحد\n\n> اقتباس\n\nEnglish in between.\n\n# عنوان"
)


def style(page: Page, selector: str, name: str = "direction") -> list[str]:
    """Return a computed style of all that the selector finds."""
    found: list[str] = page.locator(selector).evaluate_all(
        "(all, name) => all.map((one) => getComputedStyle(one).getPropertyValue(name))", name
    )
    return found


def test_words_run_as_their_first_letter_does(room: BrowserWorld) -> None:
    thread = room.thread()
    room.reply("ash", thread, BODY_OF_POST, content_note="تنبيه: حزن!")
    page = live(room.open("wren", f"/threads/{thread}"))
    body = "[data-number='2'] .post-body"
    page.locator("[data-number='2'] summary").first.click()
    for block in ("ul", "ul > li", "ol", "blockquote", "blockquote > p", "h3"):
        assert set(style(page, f"{body} {block}")) == {"rtl"}, block
    assert style(page, f"{body} > p") == ["rtl", "ltr"]
    assert style(page, f"{body} blockquote", "border-right-width") == ["3px"]
    assert style(page, f"{body} blockquote", "border-left-width") == ["0px"]
    assert style(page, "[data-number='2'] .post-note bdi") == ["rtl"]
    assert set(style(page, "[data-number='1'] .post-body p")) == {"ltr"}

    page.fill(BODY, ARABIC)
    assert style(page, BODY) == ["rtl"]
    page.goto(f"{room.server.url}/groups/{SLUG}/threads/new")
    page.fill("[name=title]", ARABIC)
    page.locator("[name=content_note]").evaluate(
        "(field, words) => { field.value = words; }", ARABIC
    )
    assert style(page, "[name=title], [name=content_note]") == ["rtl", "rtl"]
    page.fill(BODY, "Hello")
    page.click("[data-send]")
    expect(page.locator("h1")).to_have_text(ARABIC)
    assert style(page, "h1") == ["rtl"]
    page.goto(f"{room.server.url}/groups/{SLUG}")
    titles = page.locator(".thread-row-title")
    assert style(page, ".thread-row-title") == [
        "rtl" if words == ARABIC else "ltr" for words in titles.all_inner_texts()
    ]


def test_icons_menus_and_choices_can_be_seen_in_own_colours(room: BrowserWorld) -> None:
    thread = room.thread()
    page = live(room.open("robin", f"/threads/{thread}", forced_colors="active"))
    react(page.locator(".post"), "thank_you")
    expect(reaction(page.locator(".post"), "thank_you")).to_have_attribute("aria-pressed", "true")
    open_menu(page.locator(".post"), "react")
    shown = page.evaluate("""() => {
      const colour = (css, from, pseudo) =>
        getComputedStyle(document.querySelector(from), pseudo)[css];
      return {
        page: colour("backgroundColor", "body"),
        icon: colour("backgroundColor", "[value=hug]", "::before"),
        more: colour("backgroundColor", ".more-menu > summary", "::before"),
        pressed: colour("backgroundColor", "[value=thank_you]"),
        unpressed: colour("backgroundColor", "[value=hug]"),
        pressedIcon: colour("backgroundColor", "[value=thank_you]", "::before"),
        menu: colour("backgroundColor", ".react-menu > summary"),
        menuIcon: colour("backgroundColor", ".react-menu > summary", "::before"),
      };
    }""")
    assert shown["icon"] != shown["page"] != shown["more"]
    assert shown["pressed"] != shown["unpressed"]
    assert shown["pressed"] != shown["pressedIcon"]
    assert shown["menu"] != shown["menuIcon"]


def test_live_lines_are_there_before_they_say_anything(room: BrowserWorld) -> None:
    page = live(room.open("robin", f"/threads/{room.thread()}"))
    for line in ("[data-connection]", "[data-notice]"):
        expect(page.locator(line)).to_have_text("")
        assert style(page, line, "display") != ["none"]
        assert page.locator(line).get_attribute("role") == "status"
        box = page.locator(line).bounding_box()
        assert box
        assert box["height"] <= 1
    page.route("**/reactions", lambda route: route.abort())
    react(page.locator(".post"), "hug")
    expect(page.locator("[data-notice]")).to_contain_text("You seem to be offline")
    box = page.locator("[data-notice]").bounding_box()
    assert box
    assert box["height"] > 20
