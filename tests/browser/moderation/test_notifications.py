"""A pending action and an appeal reach moderators while they look at something else."""

from playwright.sync_api import Locator, Page, expect

from forum.core import db
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.notifications import service as notified
from tests.support.browsers.chromium import check_page
from tests.support.browsers.thread_browsers import BrowserWorld, room  # noqa: F401 - a fixture


def badge(page: Page) -> Locator:
    """Return the number of what is unread, in the header."""
    return page.locator("[data-notification-badge]").first


def follow(page: Page, words: str) -> None:
    """Go to what a notification is about."""
    page.evaluate("location.assign('/notifications')")
    with page.expect_navigation():
        page.get_by_role("link", name=words).click()


def test_a_pending_action_comes_to_the_second_person_and_its_outcome_to_the_first(
    room: BrowserWorld,  # noqa: F811
) -> None:
    groups.set_role(None, room.group_id, room.viewers["ash"].id or 0, "moderator")
    post = room.reply("robin", room.thread(), "Our street has one house with a red door")
    notified.read(room.viewers["ash"])  # the thread is new to whoever moderates its group
    db.release_session()
    ash = room.open("ash", "/help-now")
    expect(badge(ash)).to_be_hidden()
    heron = room.open("heron", f"/moderation/actions/new?target_kind=post&id={post}&action=delete")
    check_page(heron)
    heron.get_by_label("In your own words").fill("It says where they live")
    heron.get_by_role("button", name="Propose it").click()
    expect(heron.get_by_text("Nothing happens until someone else approves it")).to_be_visible()
    expect(badge(ash)).to_have_text("1")
    follow(ash, "needs a second moderator")
    check_page(ash)
    ash.get_by_role("button", name="Decline").click()
    expect(ash.get_by_text("Proposed by heron, declined by ash")).to_be_visible()
    expect(badge(heron)).to_have_text("1")
    follow(heron, "was declined and is not done")
    expect(heron.locator("strong", has_text="A proposed action was declined")).to_be_visible()


def test_an_appeal_comes_to_who_did_not_take_the_action(room: BrowserWorld) -> None:  # noqa: F811
    groups.set_role(None, room.group_id, room.viewers["ash"].id or 0, "facilitator")
    post = room.reply("robin", room.thread(), "A house with a red door")
    moderation.take_action(room.viewers["heron"], "hide", post, reason="It says where you live")
    notified.read(room.viewers["ash"])
    db.release_session()
    ash = room.open("ash", "/help-now")
    expect(badge(ash)).to_be_hidden()
    robin = room.open("robin", "/moderation/mine")
    robin.get_by_label("I disagree with this decision").fill("Many houses have one")
    robin.get_by_role("button", name="Send appeal").click()
    expect(badge(ash)).to_have_text("1")
    follow(ash, "has appealed against a moderation action")
    check_page(ash)
    ash.get_by_role("button", name="Undo it").click()
    expect(ash.get_by_text("After an appeal")).to_be_visible()
    robin.reload()
    expect(robin.get_by_text("Your appeal was upheld, and the action was undone.")).to_be_visible()
