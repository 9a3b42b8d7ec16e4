"""Moving and splitting with the mouse, in the sight of others; and what axe says of the pages."""

import pytest
from playwright.sync_api import expect

from forum.core import db
from forum.groups import service as groups
from forum.moderation.actions import service as moderation
from forum.moderation.actions.threads import split
from forum.threads import queries
from tests.support.browsers.chromium import screenshot
from tests.support.browsers.moderation_browsers import look_at
from tests.support.browsers.thread_browsers import BrowserWorld, live, room  # noqa: F401 - a fixture

PLAIN = "early-birds"


@pytest.fixture
def two_groups(room: BrowserWorld) -> BrowserWorld:  # noqa: F811
    """Return the forum with a second group, which heron moderates and ash is in."""
    other = groups.create_group(None, slug=PLAIN, name="Early birds")
    groups.set_role(None, other, room.viewers["heron"].id or 0, "moderator")
    groups.join(room.viewers["ash"], other)
    return room


def test_posts_are_split_off_without_script_while_others_look_on(two_groups: BrowserWorld) -> None:
    thread = two_groups.thread(replies=2)
    last = two_groups.reply("robin", thread, "About the dog instead: he barks at three.")
    db.release_session()
    reader = live(two_groups.open("wren", f"/threads/{thread}"))
    heron = two_groups.open("heron", f"/threads/{thread}", java_script_enabled=False)
    heron.get_by_role("link", name="Moderate this thread").click()
    screenshot(heron, "moving choose")
    heron.get_by_role("link", name="Split off posts").click()
    heron.get_by_label("Title of the new thread").fill("The dog at three")
    heron.get_by_label("About the dog instead").check()
    heron.get_by_label("Why", exact=True).select_option("It belongs somewhere else")
    screenshot(heron, "moving split form")
    heron.get_by_role("button", name="Split off posts").click()
    expect(heron.get_by_role("link", name="The dog at three")).to_be_visible()
    expect(reader.get_by_text("Some posts here have moved to a new thread")).to_be_visible()
    reader.get_by_role("button", name="Load it as it is now").click()
    expect(reader.get_by_role("link", name="The dog at three")).to_be_visible()
    expect(reader.locator(f"#post-{last}")).to_have_count(0)
    screenshot(reader, "moving line")
    reader.get_by_role("link", name="The dog at three").click()
    expect(reader.get_by_text("These posts used to be part of")).to_be_visible()
    expect(reader.locator(f"#post-{last}")).to_be_visible()


def test_a_moved_thread_leaves_pages_of_people_who_may_not_read_it(
    two_groups: BrowserWorld,
) -> None:
    thread = two_groups.thread(replies=1)
    wren = live(two_groups.open("wren", f"/threads/{thread}"))
    ash = live(two_groups.open("ash", f"/threads/{thread}"))
    wren.locator("textarea[name=body]").fill("I was just going to say")
    heron = two_groups.open(
        "heron", f"/moderation/actions/new?target_kind=thread&id={thread}&action=move"
    )
    heron.get_by_label("Early birds").check()
    screenshot(heron, "moving move form")
    heron.get_by_role("button", name="Move to another group").click()
    expect(wren.get_by_text("a group you can't read")).to_be_visible()
    expect(wren.locator(".post")).to_have_count(0)
    expect(wren.locator("textarea[name=body]")).to_have_value("I was just going to say")
    screenshot(wren, "moving away")
    ash.get_by_role("button", name="Load it as it is now").click()
    expect(ash.get_by_role("main").get_by_role("link", name="Early birds")).to_be_visible()
    expect(ash.locator(".post")).to_have_count(2)


def test_axe_finds_nothing_on_the_pages_of_moving(two_groups: BrowserWorld) -> None:
    heron, thread = two_groups.viewers["heron"], two_groups.thread(replies=3)
    other = two_groups.thread()
    last = two_groups.reply("robin", thread, "Something else")
    moderation.take_action(
        heron, "split", thread, value=split.as_value("Something else", [str(last)])
    )
    new = queries.post_for(heron, last).thread_id
    db.release_session()
    here = f"/moderation/actions/new?target_kind=thread&id={thread}"
    pages = {
        "heron": (
            here,
            *(f"{here}&action={name}" for name in ("split", "merge", "move", "slow")),
            f"/moderation/actions/new?target_kind=post&id={last}&action=edit",
            "/moderation/log",
        ),
        "robin": (f"/threads/{thread}", f"/threads/{new}", "/moderation/mine", f"/threads/{other}"),
    }
    look_at(two_groups, pages)
