"""The queue in real browsers: live between two moderators, by keyboard, and seen by axe."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import func, select

from forum.accounts.identity import public_ids
from forum.core import clock, db
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.moderation.on_call import rota
from forum.moderation.queue import queries as queue_queries
from forum.moderation.queue import triggers as queue_triggers
from forum.moderation.reports import service as reports
from forum.moderation.watched_words import service as watched_words
from forum.threads.approval import pre_moderation
from forum.threads.models import Post
from tests.support.browsers.chromium import check_page, screenshot
from tests.support.browsers.moderation_browsers import look_at
from tests.support.browsers.thread_browsers import SLUG, BrowserWorld, open_menu, room  # noqa: F401 - a fixture

ROW = ".queue-row"
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def queue_room(room: BrowserWorld) -> BrowserWorld:  # noqa: F811
    """Return the forum with a queue of several kinds; heron and ash moderate the group."""
    groups.set_role(None, room.group_id, room.viewers["ash"].id or 0, "moderator")
    thread = room.thread()
    for body in ("Get a free voucher here", "I cannot go on like this", "Plain unkind words"):
        room.reply("robin", thread, body)
    watched_words.set_words(room.viewers["heron"], room.group_id, "voucher")
    queue_triggers.sweep()
    last = newest_post()
    reports.report(room.viewers["wren"], "post", last - 1, reason="harm_self", words="I worry.")
    reports.report(room.viewers["wren"], "post", last, reason="unkind")
    db.release_session()
    return room


def newest_post() -> int:
    """Return the id of the last reply in the room."""
    newest = db.current_session().execute(select(func.max(Post.id))).scalar_one()
    db.release_session()
    return int(newest)


def joined(page: Page) -> Page:
    """Wait until the queue's page has heard that it is up to date."""
    expect(page.locator("[data-queue][data-joined]")).to_have_count(1)
    return page


def test_a_claim_is_seen_by_the_other_at_once_and_cannot_be_made_twice(
    queue_room: BrowserWorld,
) -> None:
    heron = joined(queue_room.open("heron", "/moderation"))
    ash = joined(queue_room.open("ash", "/moderation"))
    first = heron.locator(ROW).first
    expect(first).to_contain_text("Crisis")
    ash.locator(ROW).first.get_by_role("button", name="Claim").click()
    ash.wait_for_url("**/moderation/queue/*")
    expect(heron.locator(ROW).first).to_contain_text("ash has this")
    expect(heron.locator(ROW).first.get_by_role("button", name="Claim")).to_have_count(0)
    ash.get_by_label("A moderator spoke with the person").check()
    ash.get_by_role("button", name="Resolve").click()
    expect(heron.locator(ROW)).to_have_count(2)


@pytest.mark.parametrize("script", [True, False])
def test_a_report_is_resolved_from_the_list_and_a_crisis_is_not(
    queue_room: BrowserWorld, script: bool
) -> None:
    heron = queue_room.open("heron", "/moderation", java_script_enabled=script)
    if script:
        joined(heron)
    expect(heron.locator(f"{ROW}[data-urgency='0'] .queue-resolve")).to_have_count(0)
    report = heron.locator(ROW, has=heron.locator(".queue-resolve"), has_text="Reported post")
    report.locator(".queue-resolve summary").click()
    report.get_by_role("button", name="No action needed").click()
    expect(report).to_have_count(0)
    expect(heron.locator("[data-confirmation]")).to_contain_text("Resolved")
    heron.get_by_role("button", name="Undo").click()
    expect(report).to_contain_text("You have this")
    expect(heron).to_have_url(queue_room.server.url + "/moderation")


def test_on_a_phone_the_first_item_is_in_view_and_settled_without_scrolling(
    queue_room: BrowserWorld,
) -> None:
    heron = joined(queue_room.open("heron", "/moderation", viewport=PHONE))
    expect(heron.locator(ROW).first).to_be_in_viewport(ratio=1)
    screenshot(heron, "queue on a phone")
    heron.get_by_role("link", name="Reported post").last.click()
    bar = heron.get_by_role("navigation", name="This item")
    expect(bar).to_be_in_viewport(ratio=1)
    check_page(heron, "queue item on a phone")
    heron.set_viewport_size(PHONE)
    bar.get_by_text("Resolve", exact=True).click()
    button = bar.get_by_role("button", name="No action needed")
    expect(button).to_be_in_viewport(ratio=1)
    screenshot(heron, "queue item resolved in its bar")
    button.click()
    expect(heron.locator("[data-confirmation]")).to_contain_text("Resolved")


@pytest.mark.parametrize("script", [True, False])
def test_the_second_to_claim_learns_who_was_first(queue_room: BrowserWorld, script: bool) -> None:
    heron = queue_room.open("heron", "/help-now", java_script_enabled=script)
    heron.route("**/socket.io/**", lambda route: route.abort())  # so the page does not know
    heron.goto(queue_room.server.url + "/moderation")
    ash = joined(queue_room.open("ash", "/moderation"))
    ash.locator(ROW).first.get_by_role("button", name="Claim").click()
    ash.wait_for_url("**/moderation/queue/*")
    heron.locator(ROW).first.get_by_role("button", name="Claim").click()
    told = heron.get_by_text("ash has claimed this in the meantime.")
    expect(told).to_be_visible()


def test_what_comes_is_put_in_its_place(queue_room: BrowserWorld) -> None:
    page = joined(queue_room.open("heron", "/moderation"))
    expect(page.locator(ROW)).to_have_count(3)
    first = newest_post() - 2
    wren = queue_room.open("wren", f"/posts/{first}")
    open_menu(wren.locator(f"#post-{first}"))
    wren.locator(f"#post-{first}").get_by_role("link", name="Report").click()
    wren.get_by_label("Someone may harm others").check()
    wren.get_by_role("button", name="Send report").click()
    expect(wren.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(page.locator(ROW)).to_have_count(4)
    urgencies = page.locator(ROW).evaluate_all("all => all.map(row => Number(row.dataset.urgency))")
    assert urgencies == sorted(urgencies)
    assert "wren" not in page.locator("main").inner_text()


def test_the_keys_work_in_the_list_and_nowhere_else(queue_room: BrowserWorld) -> None:
    page = joined(queue_room.open("heron", "/moderation"))
    links = page.locator(f"{ROW} a")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_count(0)
    links.first.focus()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.first).to_be_focused()
    page.keyboard.press("c")
    page.wait_for_url("**/moderation/queue/*")
    expect(page.locator("main")).to_contain_text("You have this")
    page.goto(queue_room.server.url + "/moderation")
    page.get_by_label("Use these shortcuts in this browser").uncheck()
    links.first.focus()
    page.keyboard.press("j")
    expect(links.first).to_be_focused()
    page.reload()
    expect(page.get_by_label("Use these shortcuts in this browser")).not_to_be_checked()


def test_without_javascript_by_keyboard_alone(queue_room: BrowserWorld) -> None:
    page = queue_room.open("heron", "/moderation", java_script_enabled=False)
    page.locator(f"{ROW} button", has_text="Claim").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have this", exact=True)).to_be_visible()
    page.locator("input[name=outcome]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Not resolved after all?")).to_be_visible()
    page.get_by_role("button", name="Reopen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have this", exact=True)).to_be_visible()


def test_axe_finds_nothing_and_nothing_is_cut_off(queue_room: BrowserWorld) -> None:
    rota.take_shift(queue_room.viewers["heron"], queue_room.group_id, clock.now(), 2, "All calm")
    entry = queue_queries.open_items(queue_room.viewers["heron"])[0].id
    db.release_session()
    pages = {
        "heron": (
            "/moderation",
            "/moderation?resolved",
            f"/moderation/queue/{entry}",
            "/moderation/rota",
            "/moderation/break",
            f"/groups/{SLUG}/watched-words",
            "/transparency",
        ),
        "wren": (f"/posts/{newest_post() - 2}/report", "/moderation/reports/mine"),
    }
    look_at(queue_room, pages)


def test_axe_finds_nothing_on_the_pages_of_actions(queue_room: BrowserWorld) -> None:
    heron, robin = queue_room.viewers["heron"], queue_room.viewers["robin"].id or 0
    last = newest_post()
    moderation.take_action(heron, "hide", last, reason="Unkind", message="We are sorry.")
    moderation.take_action(heron, "delete", last - 1, reason="A secret")
    db.release_session()
    pages = {
        "heron": (
            "/moderation/log",
            f"/moderation/actions/new?target_kind=post&id={last - 2}",
            f"/moderation/actions/new?target_kind=person&id={public_ids.of(robin)}&group={SLUG}",
        ),
        "robin": ("/moderation/mine",),
    }
    look_at(queue_room, pages)


def test_axe_finds_nothing_where_posts_wait_for_approval(queue_room: BrowserWorld) -> None:
    thread, heron = queue_room.thread(), queue_room.viewers["heron"]
    moderation.take_action(heron, "review", thread)
    for body in ("This one waits", "This one is not shown"):
        queue_room.reply("robin", thread, body)
    last = newest_post()
    entry = next(one.id for one in queue_queries.open_items(heron) if one.target_id == last - 1)
    pre_moderation.decline(heron, last, "Please leave the street out.")
    db.release_session()
    pages = {
        "heron": (
            f"/threads/{thread}",
            f"/moderation/queue/{entry}",
            f"/posts/{last - 1}/decline",
            f"/groups/{SLUG}/settings",
        ),
        "robin": (f"/threads/{thread}", "/notifications"),
    }
    look_at(queue_room, pages)
