"""Safety in a real browser: notes while writing, themes live, no traps, no findings of axe."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from forum.accounts.identity.public_ids import of as named
from forum.accounts.preferences import content_note_preferences
from forum.core import db
from forum.core.web import private_ids
from forum.groups import service as groups
from forum.safety import service as care
from forum.threads import service as threads
from tests.support.browsers.chromium import axe, check_page, screenshot
from tests.support.browsers.thread_browsers import BODY, SLUG, BrowserWorld, live, room, send
from tests.support.worlds.content_note_cases import CASES

__all__ = ["room"]
DANGER, PRIVATE = "I don't want to live any more.", "Ring me on 07700 900461."
NARROW = {"width": 320, "height": 640}
HELP = "[data-note=danger]"
ANONYMOUS = "[data-note=phone]"


def type_in(page: Page, words: str) -> None:
    """Write, and wait for the answer about it."""
    with page.expect_response("**/writing-check"):
        page.fill(BODY, words)


def test_notes_come_and_go_as_one_types_and_hold_nothing_back(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}", locale="en-GB"))
    type_in(wren, DANGER)
    expect(wren.locator(HELP)).to_contain_text("You don't have to go through this alone.")
    expect(wren.locator(HELP)).to_contain_text("Samaritans: 116 123")
    screenshot(wren, "safety offer while writing")
    axe(wren)
    type_in(wren, PRIVATE)
    expect(wren.locator(HELP)).to_have_count(0)
    expect(wren.locator(ANONYMOUS)).to_contain_text("a phone number")
    axe(wren)
    send(wren, PRIVATE)
    expect(wren.locator(".post-body", has_text="Ring me on")).to_be_visible()
    expect(wren.locator(ANONYMOUS)).to_have_count(0)


def test_the_offer_stays_after_sending_until_it_is_closed(room: BrowserWorld) -> None:
    thread_id = room.thread()
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    robin = live(room.open("robin", f"/threads/{thread_id}"))
    with wren.expect_response("**/writing-check"):
        send(wren, DANGER)
    expect(wren.locator(HELP)).to_be_visible()
    expect(robin.locator(".post-body", has_text="want to live")).to_be_visible()
    expect(robin.locator(HELP)).to_have_count(0)
    wren.get_by_role("button", name="Close this note").click()
    expect(wren.locator(HELP)).to_have_count(0)


def test_what_is_closed_stays_closed_while_writing_goes_on(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    type_in(wren, PRIVATE)
    wren.locator("[data-dismiss]").click()
    type_in(wren, PRIVATE + " At any hour.")
    expect(wren.locator("[data-note]")).to_have_count(0)


def test_a_check_that_fails_is_not_heard_of(room: BrowserWorld) -> None:
    wren = live(room.open("wren", f"/threads/{room.thread()}"))
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    wren.route("**/writing-check", lose)
    with wren.expect_request("**/writing-check"):
        wren.fill(BODY, DANGER)
    send(wren, DANGER)
    assert asked
    expect(wren.locator(".post-body", has_text="want to live")).to_be_visible()
    expect(wren.locator("[data-status]")).to_have_text("")


def test_without_script_private_words_come_back_and_go_on_the_second_time(
    room: BrowserWorld,
) -> None:
    thread_id = room.thread(replies=3)
    wren = room.open("wren", f"/threads/{thread_id}", java_script_enabled=False, viewport=NARROW)
    wren.fill(BODY, f"{PRIVATE} {DANGER}")
    wren.get_by_role("button", name="Send reply").click()
    expect(wren.locator(BODY)).to_have_value(f"{PRIVATE} {DANGER}")
    expect(wren.locator(BODY)).to_be_in_viewport()
    expect(wren.get_by_text("Not sent yet: your text is still here.")).to_be_visible()
    screenshot(wren, "safety held back without script 320")
    wren.get_by_role("button", name="Send as it is").click()
    expect(wren.locator(".post-body", has_text="Ring me on")).to_be_visible()
    expect(wren.locator(HELP)).to_have_count(1)
    screenshot(wren, "safety offer after sending without script 320")


def test_the_profile_tells_and_saves_at_once(room: BrowserWorld) -> None:
    wren = room.open("wren", "/account/profile")
    with wren.expect_response("**/writing-check"):
        wren.get_by_label("A few words about yourself").fill(PRIVATE)
    expect(wren.locator(ANONYMOUS)).to_be_visible()
    axe(wren)
    wren.get_by_role("button", name="Save").click()
    expect(wren.locator("[data-confirmed]")).to_have_text("Profile saved.")


def test_a_new_thread_leads_to_an_offer_of_help(room: BrowserWorld) -> None:
    wren = room.open("wren", f"/groups/{SLUG}/threads/new")
    wren.get_by_label("Title").fill("A bad night")
    wren.fill(BODY, DANGER)
    wren.get_by_role("button", name="Start the thread").click()
    expect(wren.locator(".post-body", has_text="want to live")).to_be_visible()
    expect(wren.locator(HELP)).to_be_visible()
    wren.reload()
    expect(wren.locator(HELP)).to_have_count(0)


def test_content_note_preferences_hold_for_posts_that_arrive_live(room: BrowserWorld) -> None:
    thread_id = room.thread()
    content_note_preferences.save(room.viewers["robin"], {"suicide": "hidden", "loss": "open"})
    content_note_preferences.save(room.viewers["heron"], {"suicide": "hidden"})
    db.release_session()
    robin = live(room.open("robin", f"/threads/{thread_id}"))
    heron = live(room.open("heron", f"/threads/{thread_id}"))
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    said = {"suicide": "First words.", "loss": "Second words.", "other": "Third."}
    for note, words in said.items():
        if not wren.locator("[name=content_note]").is_visible():
            wren.get_by_role("button", name="Content note").click()
        wren.fill("[name=content_note]", note)
        send(wren, words)
    expect(robin.locator(".post-body", has_text="Second words.")).to_be_visible()
    expect(robin.locator("[data-note-gap]")).to_have_count(1)
    expect(robin.locator(".post-body", has_text="First words.")).to_be_hidden()
    expect(robin.get_by_text("Content note: suicide")).to_be_hidden()
    expect(robin.locator(".post-body", has_text="Third.")).to_be_hidden()
    expect(robin.get_by_text("Content note: other")).to_be_visible()
    expect(heron.get_by_text("Content note: suicide")).to_be_visible()
    expect(heron.locator("[data-note-gap]")).to_have_count(0)
    axe(robin)
    robin.reload()
    expect(live(robin).locator("[data-note-gap]")).to_have_count(1)
    expect(robin.locator(".post-body", has_text="Second words.")).to_be_visible()


def test_a_note_that_is_added_or_changed_later_counts(room: BrowserWorld) -> None:
    thread_id = room.thread()
    content_note_preferences.save(room.viewers["robin"], {"suicide": "hidden", "loss": "open"})
    db.release_session()
    robin = live(room.open("robin", f"/threads/{thread_id}"))
    wren = live(room.open("wren", f"/threads/{thread_id}"))
    send(wren, "Some words.")
    mine = robin.locator(".post-body", has_text="Some words.")
    expect(mine).to_be_visible()
    edit = wren.locator(".post", has_text="Some words.").locator("a", has_text="Edit")
    address = edit.get_attribute("href") or ""
    editor = room.open("wren", address)
    for note, visible in (("suicide", False), ("loss", True)):
        editor.goto(room.server.url + address)
        if not editor.locator("[name=content_note]").is_visible():
            editor.get_by_role("button", name="Content note").click()
        editor.fill("[name=content_note]", note)
        editor.get_by_role("button", name="Save changes").click()
        editor.wait_for_url("**/threads/**")
        expect(mine).to_be_visible(visible=visible)
    expect(robin.locator("[data-note-gap]")).to_have_count(0)


def test_script_and_server_follow_the_same_rule(room: BrowserWorld) -> None:
    wren = room.open("wren", f"/threads/{room.thread()}")
    script = wren.locator("script[src$='js/threads/thread.js']").get_attribute("src") or ""
    address = room.server.url + script.replace("thread.js", "reader/content_note_preferences.js")
    lines = ["\n".join(f"{wish}:{theme}" for theme, wish in one.items()) for _, one, _ in CASES]
    spelled = [
        [line.split(":", 1) for line in content_note_preferences.expand_words(one).split("\n")]
        for one in lines
    ]
    cases = [
        [note, [[word, wish] for wish, word in pairs]]
        for (note, _, _), pairs in zip(CASES, spelled, strict=True)
    ]
    wren.route(
        "**/rule.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body=f"import {{ choiceFor }} from {json.dumps(address)};\n"
            f"const cases = {json.dumps(cases)};\n"
            "const found = cases.map(([note, all]) => choiceFor(note, new Map(all)));\n"
            "document.body.dataset.found = JSON.stringify(found);",
        ),
    )
    wren.evaluate(
        """() => { const tag = document.createElement("script"); tag.type = "module";
        tag.nonce = document.querySelector("script[nonce]").nonce; tag.src = "/rule.js";
        document.head.append(tag); }"""
    )
    found = wren.locator("body[data-found]")
    expect(found).to_have_count(1)
    answers = json.loads(found.get_attribute("data-found") or "null")
    assert answers == [wanted for _, _, wanted in CASES]


@pytest.mark.parametrize("who", ["heron", "ash", None])
def test_axe_finds_nothing_on_any_page_of_safety(room: BrowserWorld, who: str | None) -> None:
    thread_id = room.thread()
    post_id = room.reply("ash", thread_id, DANGER)
    ash = room.viewers["ash"].id or 0
    note = care.send_care_message(
        room.viewers["heron"], SLUG, ash, body="How are you?", post_id=post_id
    )
    care.answer_care_message(room.viewers["ash"], note, "A little better.")
    care.send_care_message(room.viewers["heron"], SLUG, ash, body="And this morning?")
    groups.join(room.viewers["ash"], room.group_id)
    assert threads.post_reply(room.viewers["wren"], thread_id, body="I am here.")
    content_note_preferences.save(room.viewers["ash"], {"hospital": "open", "suicide": "hidden"})
    db.release_session()
    pages = {
        "heron": [
            "/safety/crisis",
            f"/safety/crisis?post={post_id}",
            "/safety/detectors",
            f"/groups/{SLUG}/care/{named(ash)}?post={post_id}",
            f"/safety/notes/{private_ids.of(note)}",
        ],
        "ash": [
            "/safety/notes",
            f"/safety/notes/{private_ids.of(note + 1)}",
            "/account/content-notes",
            "/notifications",
            "/account/profile",
        ],
        None: [
            "/help-now",
            "/help-now?country=elsewhere",
            "/guidelines",
            "/complaints",
            "/register",
        ],
    }
    page = room.open(who, "/guidelines")
    for path in pages[who]:
        answer = page.goto(room.server.url + path)
        assert answer
        assert answer.ok, path
        check_page(page, f"safety {path.partition('?')[0]}")
